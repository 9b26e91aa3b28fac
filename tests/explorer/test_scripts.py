"""The page's scripts: each says what it takes from the others, and what they may take from it.

ESLint holds every file to its own words; that they fit together is tested here.
"""

import re
from collections import Counter
from pathlib import Path

from microbp import Value
from microbp.explorer import assemble
from microbp.explorer.explorer import explore

FOLDER = Path(assemble.__file__).parent / "page"
TEXTS = {name: (FOLDER / f"{name}.js").read_text("utf-8") for name in assemble.SCRIPTS}


def names(kind):
    """The names that each script has in its comments of this kind."""
    comment = re.compile(rf"^/\* {kind} (.*) \*/$", re.MULTILINE)
    return {name: ", ".join(comment.findall(text)).split(", ") for name, text in TEXTS.items()}


def test_every_name_that_a_script_takes_is_given_by_another_and_every_given_one_is_taken():
    taken = {(name, taken) for name, all_ in names("global").items() for taken in all_ if taken}
    given = {(name, given) for name, all_ in names("exported").items() for given in all_ if given}
    givers = Counter(name for _, name in given)
    assert max(givers.values()) == 1
    assert {name for _, name in taken} == givers.keys()
    assert not taken & given


def without_block_comments(text):
    kept, inside = [], False
    for line in text.split("\n"):
        inside = inside or line.lstrip().startswith("/*")
        if not inside:
            kept.append(line)
        inside = inside and not line.endswith("*/")
    return "\n".join(kept)


def test_scripts_in_the_page_are_those_files_without_their_block_comments():
    page = explore(Value(1.0)).html
    assert {path.stem for path in FOLDER.glob("*.js")} == set(assemble.SCRIPTS)
    for text in TEXTS.values():
        assert without_block_comments(text) in page
