"""The arithmetic of the explorer's page, in a browser, beside the engine's and mpmath's."""

import base64
import math
import random
import struct
from itertools import product
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest

import microbp
from microbp.core import floats, ops
from microbp.testing.strategies import FAR_ENDS, counts
from tests.helpers.oracles import cancellation, mp, mp_partial, mp_value, ulps_allowed, ulps_off
from tests.helpers.strategies import in_domain

SCRIPTS = [
    Path(microbp.__file__).parent / "explorer" / "page" / name
    for name in ("floats.js", "gamma.js", "lanes.js", "operations.js")
]
TABLE = ops.BUILTINS
EXACT = {
    "add", "sub", "mul", "div", "neg", "abs", "sqrt", "relu", "maximum", "minimum",
    "where_positive", "dot", "total",
}  # fmt: skip
POINTS = 10_000
ULPS = 2
ACCURATE = 4  # what tests/test_ops.py asks of the engine
ENDS = [x for end in [*FAR_ENDS, math.inf, math.nan] for x in (end, -end)]

RESULTS = """
([name, bytes, counts]) => {
  const { value, partials, domain = () => "" } = OPERATIONS[name];
  const numbers = new Float64Array(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer);
  const [results, words] = [[], []];
  let at = 0;
  for (const count of counts) {
    const xs = Array.from(numbers.subarray(at, (at += count)));
    const y = value(...xs);
    results.push(y, ...partials(y, ...xs));
    words.push(domain(...xs));
  }
  const all = new Uint8Array(new Float64Array(results).buffer);
  let text = "";
  for (let i = 0; i < all.length; i += 8192) text += String.fromCharCode(...all.slice(i, i + 8192));
  return [btoa(text), words];
}
"""


OVER_CASES = """
([name, operands, count, bytes]) => {
  const { value, partials, over, back } = OPERATIONS[name];
  if (!over) return null;
  const given = new Float64Array(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)).buffer);
  const step = Int32Array.from({ length: operands }, (_, i) => i % 2);
  const at = step.map((_, i) => i * count);
  const places = { at, step, to: operands * count, wanted: [...at].map((_, i) => i !== 2) };
  const numbers = Float64Array.from({ length: (operands + 1) * count }, (_, i) => given[i]);
  const grads = numbers.map((x, i) => (i < places.to ? 0 : given[i]));
  over(numbers, places, count);
  back(numbers, grads, places, count);
  const wanted = new Float64Array(grads.length);
  const results = [];
  for (let c = 0; c < count; c++) {
    const xs = [...at].map((x, i) => numbers[x + c * step[i]]);
    results.push(value(...xs));
    const adjoint = given[places.to + c];
    wanted[places.to + c] = adjoint;
    partials(results[c], ...xs).forEach((partial, i) => {
      const share = adjoint === 0 || partial === 0 ? 0 : adjoint * partial;
      if (i !== 2) wanted[at[i] + c * step[i]] += share;
    });
  }
  const words = (xs) => [...xs].map(String);
  return [words(numbers.slice(places.to)), words(results), words(grads), words(wanted)];
}
"""


@pytest.mark.parametrize("ends", [[], [0.0, math.inf, 1e300, -3.0]], ids=["usual", "far"])
@pytest.mark.parametrize(("name", "operands"), [("mul", 2), ("total", 5), ("dot", 7), ("dot", 1)])
def test_many_cases_at_once_are_as_each_of_them(name, operands, ends, chromium):
    page = chromium.new_page(offline=True)
    for script in SCRIPTS:
        page.add_script_tag(path=script)
    rng = random.Random(operands)
    numbers = [rng.choice([0.0, rng.gauss(0.0, 1.0), *ends]) for _ in range(8 * 10)]
    bytes_ = base64.b64encode(struct.pack(f"{len(numbers)}d", *numbers)).decode()
    results, expected, grads, wanted = page.evaluate(OVER_CASES, [name, operands, 8, bytes_])
    assert results == expected
    assert grads == wanted
    page.close()


@pytest.fixture(scope="module")
def in_the_page(chromium):
    """An operation's value and partials at many points, one after another, and its domain's words.

    The numbers go there and back as bytes, so that no bit of them is lost.
    """
    page = chromium.new_page(offline=True)
    page.add_script_tag(content="\n".join(path.read_text("utf-8") for path in SCRIPTS))

    def results(op, points):
        numbers = np.array([x for xs in points for x in xs], "<f8").tobytes()
        sizes = [len(xs) for xs in points]
        text, words = page.evaluate(RESULTS, [op.name, base64.b64encode(numbers).decode(), sizes])
        return np.frombuffer(base64.b64decode(text), "<f8"), words

    yield results
    page.close()


def anywhere(rng):
    """A float: from the far ends, of any bits at all, or of some everyday size."""
    kind = rng.randrange(8)
    if kind == 0:
        return rng.choice(ENDS)
    if kind == 1:
        return struct.unpack("d", rng.randbytes(8))[0]
    if kind == 2:
        return float(rng.randint(-5, 5))
    if kind == 3:
        return rng.choice([-1.0, 1.0]) * math.exp(rng.uniform(-60.0, 60.0))
    reach = rng.choice([1.0, 5.0, 40.0, 800.0])
    return rng.uniform(-reach, reach)


def points_of(op, fit, count=POINTS):
    """Operands that are `fit`: the far ends, and others at random, the same ones in every run."""
    rng = random.Random(op.name)
    ends = product(ENDS, repeat=op.arity) if op.arity in (1, 2) else ()
    points = [xs for xs in ends if fit(xs)]
    while len(points) < count:
        xs = [anywhere(rng) for _ in range(rng.choice(counts(op)))]
        if len(xs) > 1 and rng.random() < 0.2:
            xs[-1] = xs[0] * rng.choice([1.0, -1.0, 1.0 + 1e-15, 1.5])
        if fit(xs):
            points.append(xs)
    return points


def ordered(numbers):
    """Whole numbers in the order of these floats; neighboring floats have neighboring ones."""
    bits = numbers.view(np.int64)
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def apart(one, other):
    """How many floats lie between, for each pair; infinitely many if just one of them is NaN."""
    nan = np.isnan(one).astype(int) + np.isnan(other)
    distance = np.abs(ordered(one) - ordered(other)).astype(float)
    return np.where(nan == 0, distance, np.where(nan == 1, np.inf, 0.0))


def test_the_page_has_the_whole_table(open_page):
    page = open_page("")
    page.add_script_tag(content="\n".join(path.read_text("utf-8") for path in SCRIPTS))
    assert page.evaluate("Object.keys(OPERATIONS)") == [op.name for op in TABLE]


@pytest.mark.parametrize("op", TABLE, ids=attrgetter("name"))
def test_an_operation_agrees_with_the_engine(op, in_the_page):
    points = points_of(op, lambda xs: in_domain(op, xs))
    got, words = in_the_page(op, points)
    assert set(words) == {""}
    wanted, places = [], []
    for xs in points:
        y = op.value(floats, *xs)
        wanted += [y, *op.partials(floats, y, *xs)]
        places += [(xs, i - 1) for i in range(len(xs) + 1)]
    wanted = np.array(wanted, float)
    off = apart(got, wanted)
    zeros = (got == 0) & (wanted == 0)
    assert (np.signbit(got) == np.signbit(wanted))[zeros].all()
    if op.name in EXACT:
        assert off.max() == 0
        return
    for at in np.flatnonzero(off > ULPS):
        # Where both are off, and to different sides, they may be further apart.
        assert as_good_as_the_engine(op, *places[at], got[at]), places[at]


def as_good_as_the_engine(op, xs, i, got):
    """Whether a result is as near the truth as is asked of the engine; i is -1 for the value."""

    def exact(*xs):
        return mp_value(lambda *xs: op.value(mp, *xs), xs) if i < 0 else partial(*xs)

    def partial(*xs):
        return mp_partial(lambda *xs: op.value(mp, *xs), xs, i)

    if not all(map(math.isfinite, [*xs, got])) or exact(*xs) is None:
        return False
    if i >= 0 and abs(got - exact(*xs)) <= cancellation(op, xs):
        return True
    return ulps_off(float(got), exact(*xs)) <= ACCURATE + ulps_allowed(exact, xs)


def test_a_sum_is_rounded_once(open_page):
    rng = random.Random(0)
    sums = [
        [rng.randint(1, 9) * 2.0 ** rng.choice([0, -52, -53, -54, -200]) for _ in range(5)]
        for _ in range(2_000)
    ]
    page = open_page("")
    page.add_script_tag(content="\n".join(path.read_text("utf-8") for path in SCRIPTS))
    assert page.evaluate("sums => sums.map(exactSum)", sums) == [math.fsum(xs) for xs in sums]


@pytest.mark.parametrize(
    "op", [op for op in TABLE if op.domain is not None], ids=attrgetter("name")
)
def test_a_domain_is_said_in_the_words_of_the_table(op, in_the_page):
    points = points_of(op, lambda xs: not in_domain(op, xs), count=200)
    _, words = in_the_page(op, points)
    assert set(words) == {op.domain.sentence}
