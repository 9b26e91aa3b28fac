"""What is in a picture, and a machine with no Graphviz."""

import base64
import random
import re
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

from microbp.nn import Net

MISSING = (
    "a picture needs Graphviz: install it from your system's package manager "
    "(for example: apt install graphviz), or run: pip install 'microbp[dot]'"
)
SVG = "{http://www.w3.org/2000/svg}"


def edges(picture):
    found = re.findall(
        r'^\t(n\d+) -> (n\d+) \[label="?(.*?)"? id=e\d+_\d+\]$', picture.source, re.M
    )
    assert len(found) == picture.source.count(" -> ")
    return found


def boxes(picture):
    """The lines of text in each node of the rendered picture, by the node's name."""
    groups = ET.fromstring(picture.svg()).iter(SVG + "g")
    return {
        group.findtext(SVG + "title"): texts(group)
        for group in groups
        if group.get("class") == "node"
    }


def texts(group):
    # Graphviz writes the second of two spaces as one that does not break, and no empty line.
    shown = ["".join(text.itertext()) for text in group.iter(SVG + "text")]
    return [text.replace("\xa0", " ") for text in shown if text]


def program(folder, name, body):
    """An executable in Python, alone on a PATH of its own."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\n{body}")
    file.chmod(0o755)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def attributes(picture):
    """What each box of the source looks like, by its name."""
    found = re.findall(r"^\t([nu]\d+) \[label=<.*>> (.*)\]$", picture.source, re.M)
    return {name: dict(re.findall(r'(\w+)="?([^" ]*)"?', look)) for name, look in found}


def small_net(name="hidden"):
    net = Net(2, rng=random.Random(8), init=0.5).add(name, 2).add("output", 1)
    (y,) = net([0.0, 1.0])
    y.backward()
    return y


def image(picture):
    """The picture's HTML, taken apart: it is one image, whose data and whose caption are right."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.handle_data = lambda data: found.append(("data", data))
    bundle = picture._repr_mimebundle_()
    parser.feed(bundle["text/html"])
    parser.close()
    (frame, _), (tag, attributes) = found
    assert (frame, tag) == ("div", "img")
    assert attributes.keys() == {"alt", "src", "style", "width"}
    head, _, data = attributes["src"].partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == picture.svg()
    assert f"<Picture of {attributes['alt'].removeprefix('Graph of ')}>" == bundle["text/plain"]
    bundle["text/plain"].encode()  # a notebook's file is in UTF-8
    return attributes["alt"]
