"""The patterns: what wrong entries of one array may have in common. Each is a function of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from microbp.checking.black_box.inputs import Group

ALIKE = 1e-5
"""A pattern holds where numbers are equal to within this part, or their bounds."""
LARGEST_COUNT = 100_000
"""Above this, a factor is no number of cases."""


@dataclass
class Part:
    """One array of the gradient: what was given and what it should be, at these places."""

    group: Group
    places: list[int] = field(default_factory=list)
    given: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every entry was looked at."""
        return len(self.places) == self.group.stop - self.group.start

    def like(self, expected: Iterable[float]) -> bool:
        """Whether the given numbers are these."""
        pairs = zip(self.given, expected, self.bounds, strict=True)
        return all(abs(g - e) <= 2.0 * bound + ALIKE * max(abs(g), abs(e)) for g, e, bound in pairs)


def _zeros(part: Part) -> str:
    if any(part.given):
        return ""
    return "all 0: is it forgotten, or cut off?"


def factor(part: Part) -> str:
    """Every entry is the same multiple of what it should be."""
    i = max(range(len(part.right)), key=lambda i: abs(part.right[i]))
    if not part.right[i] or not part.given[i]:
        return ""
    ratio = part.given[i] / part.right[i]
    simple = [float(round(ratio)), 1.0 / (round(1.0 / ratio) or 1)]
    nearest = min(simple, key=lambda each: abs(each - ratio))
    close = abs(ratio - nearest) <= abs(ratio) * (ALIKE + part.bounds[i] / abs(part.right[i]))
    ratio = nearest if close else ratio
    if abs(ratio - 1.0) < ALIKE:
        return ""
    if not part.like(ratio * r for r in part.right) or (not close and len(part.right) < 3):
        return ""
    return _factor_in_words(ratio, alone=len(part.given) == 1)


def _factor_in_words(factor: float, alone: bool) -> str:
    each = "it is" if alone else "each entry is"
    if factor == -1.0:
        return f"{each} minus what it should be: a sign is wrong"
    if factor == 2.0:
        return f"{each} 2 times what it should be: doubled"
    if factor == 0.5:
        return f"{each} 1/2 of what it should be: is the factor 2 of a square missing?"
    count = round(max(factor, 1.0 / factor))
    if 2 < count <= LARGEST_COUNT and factor == count:
        return f"{each} {count} times what it should be: summed over {count}, not averaged?"
    if 2 < count <= LARGEST_COUNT and factor == 1.0 / count:
        return f"{each} 1/{count} of what it should be: averaged over {count}, not summed?"
    if alone:
        return ""
    return f"{each} {factor:.4g} times what it should be"


def _signs(part: Part) -> str:
    if not part.whole or len(part.given) < 2:
        return ""
    alike = part.like(r if g * r > 0.0 else -r for g, r in zip(part.given, part.right, strict=True))
    return "right but for the sign of some entries" if alike else ""


def _transposed(part: Part) -> str:
    shape = part.group.shape
    if not part.whole or len(shape) != 2 or shape[0] != shape[1]:
        return ""
    n = shape[0]
    turned = part.like(part.right[j * n + i] for i in range(n) for j in range(n))
    return "transposed" if turned else ""


def _shifted(part: Part) -> str:
    """The entries of the neighbors, along any axis."""
    shape, size = part.group.shape, len(part.right)
    if not part.whole:
        return ""
    for axis, length in enumerate(shape):
        stride = 1
        for more in shape[axis + 1 :]:
            stride *= more
        if length < 3:
            continue
        for way in (1, -1):
            inner = [i for i in range(size) if 0 <= i // stride % length + way < length]
            pairs = [(part.given[i], part.right[i + way * stride], part.bounds[i]) for i in inner]
            if all(abs(g - r) <= 2.0 * b + ALIKE * max(abs(g), abs(r)) for g, r, b in pairs):
                along = f" along axis {axis}" if len(shape) > 1 else ""
                return f"shifted by one{along}: each entry is that of its neighbor"
    return ""


def _reordered(part: Part) -> str:
    if not part.whole or len(part.given) < 2:
        return ""
    if part.like(reversed(part.right)):
        return "in reverse order"
    order = sorted(range(len(part.given)), key=part.given.__getitem__)
    right = sorted(part.right)
    expected = [0.0] * len(order)
    for place, r in zip(order, right, strict=True):
        expected[place] = r
    return "the right numbers in another order" if part.like(expected) else ""


def _by_unit(part: Part) -> str:
    """A factor for each column, or each row, of a matrix."""
    shape = part.group.shape
    if not part.whole or len(shape) != 2 or min(shape) < 2:
        return ""
    for axis, what in ((1, "column"), (0, "row")):
        lines = [
            [i for i in range(len(part.given)) if (i % shape[1] if axis else i // shape[1]) == j]
            for j in range(shape[axis])
        ]
        factors = [_common_factor(part, line) for line in lines]
        if any(factor is None for factor in factors):
            continue
        sizes = [factor for factor in factors if factor]
        if not sizes:
            continue
        guess = "is a factor of each unit missing, or another's"
        if min(sizes) >= 4.0:
            guess = "is y (1 - y) of each unit missing"
        elif min(sizes) >= 1.0:
            guess = "is 1 - y² of each unit missing"
        return (
            f"each {what} is a multiple of what it should be, by {min(sizes):.3g} to "
            f"{max(sizes):.3g}: {guess}?"
        )
    return ""


def _common_factor(part: Part, line: Sequence[int]) -> float | None:
    """The factor that these entries share; 0 for a line of zeros, None for none."""
    i = max(line, key=lambda i: abs(part.right[i]))
    if not part.right[i]:
        return 0.0 if not any(part.given[j] for j in line) else None
    factor = part.given[i] / part.right[i]
    for j in line:
        expected = factor * part.right[j]
        allowed = 2.0 * part.bounds[j] * max(1.0, abs(factor)) + ALIKE * abs(expected)
        if abs(part.given[j] - expected) > allowed:
            return None
    return factor


def _penalty(part: Part) -> str:
    """The difference is a multiple of the parameter."""
    i = max(range(len(part.values)), key=lambda i: abs(part.values[i]))
    if len(part.given) < 2 or not part.values[i]:
        return ""
    rate = (part.given[i] - part.right[i]) / part.values[i]
    expected = [r + rate * x for r, x in zip(part.right, part.values, strict=True)]
    if len({*part.values}) < 2 or not part.like(expected) or part.like(part.right):
        return ""
    missing = "missing" if rate < 0.0 else "there twice, or not in f"
    return (
        f"off by {rate:.4g} times the parameter itself: is the gradient of a penalty (weight "
        f"decay, λ = {abs(rate):.4g}) {missing}?"
    )


def _offset(part: Part) -> str:
    if len(part.given) < 3:
        return ""
    offset = part.given[0] - part.right[0]
    alike = part.like(r + offset for r in part.right)
    return f"each entry is off by the same amount, {offset:.4g}" if alike else ""


def _mask(part: Part) -> str:
    """Right but where one of both is 0."""
    if len(part.given) < 3 or len(part.wrong) == len(part.given):
        return ""
    if all(abs(part.right[i]) <= part.bounds[i] for i in part.wrong):
        return "right, but not 0 where it should be: is a mask missing, as of relu or dropout?"
    if all(part.given[i] == 0.0 for i in part.wrong):
        return "right, but 0 in places where it should not be"
    return ""


def _lines(part: Part) -> str:
    """A single row or column is wrong."""
    shape = part.group.shape
    if not part.whole or len(shape) != 2 or min(shape) < 2 or len(part.wrong) < 2:
        return ""
    rows, columns = {i // shape[1] for i in part.wrong}, {i % shape[1] for i in part.wrong}
    for lines, what in ((rows, "row"), (columns, "column")):
        if len(lines) == 1:
            return f"wrong in {what} {lines.pop()} alone"
    return ""


PATTERNS: tuple[Callable[[Part], str], ...] = (
    _zeros,
    factor,
    _penalty,
    _offset,
    _mask,
    _signs,
    _transposed,
    _shifted,
    _reordered,
    _lines,
    _by_unit,
)


def swapped(part: Part, others: Sequence[Part]) -> str:
    """The gradient of another array of this shape."""
    for other in others:
        if other is part or other.group.shape != part.group.shape:
            continue
        if part.whole and other.whole and part.like(other.right):
            return f"it is what {other.group.name} should be"
    return ""
