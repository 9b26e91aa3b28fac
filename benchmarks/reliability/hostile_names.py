"""Labels and names as nobody types them: in pictures, pages, pickles, files and commands."""

from __future__ import annotations

import json
import pickle
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from random import Random

import microbp
from microbp import Value, draw, explore, record

WHAT = "a hostile label or name in a picture, a page, an error, a file or a pickle"
TIMES = 100_000
PIECES = [
    *("</script><script>hit=1</script>", "<img src=x onerror='hit=1'>", "-->", "<!--", "]]>", "]"),
    *('"', "'", "\\", "\\N", "\\", "{a|b}", "<TABLE>", "&lt;", "&#60;", "&", "<", ">", "${x}"),
    *("$title", "`id`", "$(id)", "; rm x", "| x", "../", "/", "%s", "{}", "{0}", "\n", "\r", "\t"),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\ufeff"),
    *(
        "\ud800",
        "\udfff",
        "\ufffe",
        "\uffff",
        "é",
        "e\u0301",
        "ﬁ",
        "𝑥",
        "👩‍👩‍👧",
        "א",
        " ",
        "",
        "x",
        "w12",
    ),
    *("__proto__", "constructor", "NaN", "null", "graph", "node", "n0", "x" * 2_000),
]
FORBIDDEN = ("<script>hit", "<img src=x", "\x00")


def label(rng: Random) -> str:
    pieces = rng.choices(PIECES, k=rng.randrange(1, 6))
    return "".join([*pieces, chr(rng.randrange(0x110000))])


def attempt(rng: Random) -> str:
    name = label(rng)
    x, w = Value(0.5, name), Value(2.0, label(rng))
    y = (x * w).sigmoid()
    y.label = label(rng)
    where = rng.choices([*PLACES], weights=[weight for weight, _ in PLACES.values()])[0]
    PLACES[where][1](x, w, y, rng)
    return where


def in_dot(x: Value, w: Value, y: Value, rng: Random) -> None:
    draw(y).source.encode()


def in_svg(x: Value, w: Value, y: Value, rng: Random) -> None:
    tree = ET.fromstring(draw(y).svg())
    assert not [e for e in tree.iter() if e.tag.endswith("script")]
    assert len([e for e in tree.iter() if e.get("class") == "node"]) == 4, "another graph"


def in_page(x: Value, w: Value, y: Value, rng: Random) -> None:
    page = explore(y).html
    page.encode()
    assert not [text for text in FORBIDDEN if text in page]
    assert page.count("</script>") == page.count("<script")


def in_errors(x: Value, w: Value, y: Value, rng: Random) -> None:
    text = ""
    try:
        microbp.log(Value(-1.0, x.label))
    except microbp.DomainError as error:
        text = str(error)
    assert 0 < len(text) < 3_000
    assert repr(x)


def in_pickle(x: Value, w: Value, y: Value, rng: Random) -> None:
    assert pickle.loads(pickle.dumps(y)).label == y.label


def in_file(x: Value, w: Value, y: Value, rng: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.json"
        program = record(y, [x])
        program.save(path)
        json.loads(path.read_text(encoding="utf-8"))
        again = microbp.Program.load(path)
        assert again.forward([[0.5]]).tolist() == program.forward([[0.5]]).tolist()


def in_source(x: Value, w: Value, y: Value, rng: Random) -> None:
    compile(record(y, [x]).source(), "<source>", "exec")


PLACES = {
    "in DOT": (50, in_dot),
    "in SVG": (1, in_svg),
    "in a page": (1, in_page),
    "in an error": (50, in_errors),
    "in a pickle": (50, in_pickle),
    "in a file": (10, in_file),
    "in source": (10, in_source),
}
