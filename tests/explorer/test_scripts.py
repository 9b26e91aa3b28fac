"""The page's scripts: each says what it takes from the others, and what they may take from it.

ESLint holds every file to its own words; that they fit together is tested here.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from microbp import Value
from microbp.explorer import assemble, training_page
from microbp.explorer.explorer import explore

FOLDER = Path(assemble.__file__).parent / "page"
TRAINING = (*training_page.SCRIPTS, *training_page.TRAINING_VIEWS)
LAYERS = ("layers/layers",)
PAGES = {
    "explorer": assemble.SCRIPTS,
    "explorer in another page": assemble.EMBEDDED,
    "training": TRAINING,
}
ALL = dict.fromkeys([*assemble.EMBEDDED, *TRAINING, *LAYERS])
TEXTS = {name: (FOLDER / f"{name}.js").read_text("utf-8") for name in ALL}


def names(kind, scripts=ALL):
    """The names that these scripts have in their comments of this kind, each with its script."""
    comment = re.compile(rf"^/\* {kind} (.*) \*/$", re.MULTILINE)
    return {
        (script, name)
        for script in scripts
        for name in ", ".join(comment.findall(TEXTS[script])).split(", ")
        if name
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_name_that_a_script_takes_is_given_by_another_of_its_page(page):
    taken, given = names("global", PAGES[page]), names("exported", PAGES[page])
    givers = Counter(name for _, name in given)
    assert max(givers.values()) == 1
    assert {name for _, name in taken} <= givers.keys()
    assert not taken & given


def test_every_name_that_is_given_is_taken():
    assert {name for _, name in names("exported")} <= {name for _, name in names("global")}


def shortened(text):
    kept, inside = [], False
    for line in map(str.lstrip, text.split("\n")):
        inside = inside or line.startswith("/*")
        if line and not inside and not line.startswith("//"):
            kept.append(line)
        inside = inside and not line.endswith("*/")
    return "\n".join(kept)


def test_scripts_in_the_page_are_those_files_without_comments_and_indentation():
    page = explore(Value(1.0)).html
    for name in assemble.SCRIPTS:
        assert shortened(TEXTS[name]) in page


@pytest.mark.parametrize("name", ALL)
def test_no_string_goes_on_in_the_next_line(name):  # it would lose its indentation
    lines = [line for line in TEXTS[name].split("\n") if '"`"' not in line and "!#" not in line]
    assert [line for line in lines if line.count("`") % 2] == []


def test_every_script_is_in_a_page():
    files = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.js")}
    assert files == set(ALL)
