"""Where the edges of a rendered picture are, and the texts beside them."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

from tests.helpers.pictures import SVG

DIGIT = 0.556  # of the size of the type: how wide Helvetica's digits are


def curves(picture):
    """Each edge's points along its path, every few points, with its ends, such as n0->n1."""
    found = []
    for group in ET.fromstring(picture.svg()).iter(SVG + "g"):
        if group.get("class") == "edge":
            (path,) = group.iter(SVG + "path")
            ends = re.sub(":[a-z]+", "", group.findtext(SVG + "title"))  # without sides and corners
            found.append((ends, _points(path.get("d"))))
    return found


def labels(picture):
    """Each edge's text: its edge's place in `curves`, and its own: left, top, right, bottom."""
    edges = [
        group for group in ET.fromstring(picture.svg()).iter(SVG + "g")
        if group.get("class") == "edge"
    ]  # fmt: skip
    found = []
    for i, group in enumerate(edges):
        for text in group.iter(SVG + "text"):
            x, y, size = (float(text.get(key)) for key in ("x", "y", "font-size"))
            half = DIGIT * size * len(text.text.strip()) / 2
            found.append((i, (x - half, y - 0.7 * size, x + half, y)))
    return found


def crossed(picture):
    """The texts that another edge than their own runs through, and the edge."""
    edges = curves(picture)
    return [
        (edges[i][0], edges[j][0])
        for i, (left, top, right, bottom) in labels(picture)
        for j, (_, points) in enumerate(edges)
        if j != i and any(left < x < right and top < y < bottom for x, y in points)
    ]


def between_parallels(picture):
    """How far apart any two edges between the same two boxes are, where they are furthest apart."""
    return [
        max(min(abs(x - a) + abs(y - b) for a, b in other) for x, y in one)
        for (ends, one), (its, other) in combinations(curves(picture), 2)
        if ends == its
    ]


def _points(d):
    """A path of cubic curves as points, some 20 for each curve or one for each 3 of a line."""
    start, *rest = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", d)]
    ends = [start, *rest[2::3]]
    curves = [(end, *rest[3 * k : 3 * k + 3]) for k, end in enumerate(ends[:-1])]
    found = []
    for a, b, c, e in curves:
        length = sum(abs(p[0] - q[0]) + abs(p[1] - q[1]) for p, q in pairwise((a, b, c, e)))
        steps = max(20, int(length / 2))
        for k in range(steps + 1):
            t = k / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            found.append(
                tuple(
                    sum(w * p[axis] for w, p in zip(weights, (a, b, c, e), strict=True))
                    for axis in (0, 1)
                )
            )
    return found
