"""The strategies `values`, of leaves, and `networks`, of nets."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import currently_in_test_context, note
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from microbp._support.arguments import flag, one_of, texts
from microbp._support.coerce import number, whole_number
from microbp.core.engine import Value
from microbp.nn import ACTIVATIONS, Net

MOST = 10_000
"""More inputs, units or layers than that would take minutes to draw."""


def values(
    min_value: float | None = None,
    max_value: float | None = None,
    *,
    allow_nan: bool | None = None,
    allow_infinity: bool | None = None,
    exclude_min: bool = False,
    exclude_max: bool = False,
) -> st.SearchStrategy[Value]:
    """Leaves with any float as data, and the options of `hypothesis.strategies.floats`.

    Without bounds, NaN and the infinities are drawn too, unless you exclude them. Raises
    TypeError or ValueError for options of other kinds, or such as leave no number.
    """
    numbers = st.floats(
        _bound(min_value, "min_value"),
        _bound(max_value, "max_value"),
        allow_nan=None if allow_nan is None else flag(allow_nan, "values: allow_nan"),
        allow_infinity=(
            None if allow_infinity is None else flag(allow_infinity, "values: allow_infinity")
        ),
        exclude_min=flag(exclude_min, "values: exclude_min"),
        exclude_max=flag(exclude_max, "values: exclude_max"),
    )
    try:
        numbers.validate()
    except InvalidArgument as error:
        raise ValueError(f"values: expected options of floats, got: {error}") from None
    return st.builds(Value, numbers)


def _bound(given: float | None, name: str) -> float | None:
    return None if given is None else number(given, f"values: {name}")


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    inputs: int | None = None,
    outputs: int | None = None,
    max_layers: int = 3,
    max_units: int = 4,
    activations: Sequence[str] = tuple(ACTIVATIONS),
    skips: bool = True,
) -> Net:
    """Nets of random shape and weights, with one group of inputs, called x.

    inputs, outputs: how many; by default up to `max_units`. max_layers: the most layers, the
    output layer included. activations: those to draw from. skips: whether a layer may also be
    fed by earlier layers than the one before it.

    Hypothesis's report has the code that makes the net. An example raises TypeError or ValueError
    for arguments of other kinds.
    """
    inputs, outputs = (
        None if given is None else whole_number(given, f"networks: {name}", 1, MOST)
        for name, given in (("inputs", inputs), ("outputs", outputs))
    )
    max_layers = whole_number(max_layers, "networks: max_layers", 1, MOST)
    max_units = whole_number(max_units, "networks: max_units", 1, MOST)
    activations = texts(activations, "networks: activations")
    if not activations:
        raise ValueError("networks: activations: expected at least one, got none")
    for activation in activations:
        one_of(activation, ACTIVATIONS, "networks: activations")
    skips = flag(skips, "networks: skips")
    size = st.integers(1, max_units)
    count, seed = inputs or draw(size), draw(st.integers(0, 2**32 - 1))
    net = Net(count, rng=random.Random(seed), init=1.0)
    code = f"Net({count}, rng=random.Random({seed}), init=1.0)"
    layers = draw(st.integers(1, max_layers))
    before = ["x"]
    for i in range(1, layers + 1):
        last = i == layers
        name = "output" if last else f"hidden{i}"
        units = outputs if last and outputs else draw(size)
        activation = draw(st.sampled_from(activations))
        earlier = before[:-1] if skips else []
        others = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        of = [*sorted(others, key=before.index), before[-1]]
        net.add(name, units, of=of, activation=activation)
        code += f".add({name!r}, {units}, of={of}, activation={activation!r})"
        before.append(name)
    if currently_in_test_context():
        note(f"net = {code}")
    return net
