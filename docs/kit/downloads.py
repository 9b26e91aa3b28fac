"""The kit on the site: all of it is made, and each page about it lists what there is."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path

from kit import PARTS, make

_TITLE = re.compile("<title>(.*?)</title>")
_LIST = """

## Download

```{{raw}} html
<ul>
{items}
</ul>
```
"""


def write(kit: Path, pages: Path) -> None:
    """Make the kit in one folder, and end the pages in the other with links to it."""
    shutil.rmtree(kit, ignore_errors=True)
    for part in PARTS:
        made = sorted(make(part, kit / part))
        if part == "nbgrader":
            archive = shutil.make_archive(str(kit / "nbgrader"), "zip", kit, "nbgrader")
            shutil.rmtree(kit / part)
            made = [Path(archive)]
        items = "\n".join(map(item, [path.relative_to(kit) for path in made], made))
        with (pages / f"{part}.md").open("a", encoding="utf-8") as page:
            page.write(_LIST.format(items=items))


def item(name: Path, path: Path) -> str:
    """A link to a file of the kit, as it stands in a page of docs/teach."""
    if path.suffix == ".html":
        found = _TITLE.search(path.read_text("utf-8"))
        title = found[1] if found else escape(path.name)
        return f'<li><a href="../../kit/{name}">{title}</a></li>'
    return f'<li><a href="../../kit/{name}" download>{path.name}</a></li>'
