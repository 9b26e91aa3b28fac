"""Recorded graphs for tests: drawn by Hypothesis, with inputs, parameters, constants and labels."""

import warnings

import numpy as np
from hypothesis import strategies as st

from microbp import Value
from microbp.core.ops import DomainError
from microbp.replay.program import record
from microbp.testing import expressions

LABELS = st.one_of(
    st.just(""),
    st.sampled_from(
        ["x", "w", "h1", "d_x", "p_x", "exp", "class", "w[hidden1,x1]", "forward", "λ"]
    ),
    st.text(max_size=8),
)


@st.composite
def programs(draw, labels=LABELS, **options):
    """A program, and a table of cases: the leaves' own numbers among others."""
    expression = draw(expressions(**options))
    leaves = [Value(x, draw(labels)) for x in expression.leaves]
    nodes = expression.nodes(leaves)
    for node in nodes[len(leaves) :]:
        node.label = draw(labels)
    kinds = draw(st.lists(st.sampled_from("ipc"), min_size=len(leaves), max_size=len(leaves)))
    of_kind = {kind: [x for x, k in zip(leaves, kinds, strict=True) if k == kind] for kind in "ipc"}
    others = draw(st.none() | st.lists(st.sampled_from(nodes), max_size=2))
    parameters = of_kind["p"] if "c" in kinds or draw(st.booleans()) else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of inputs that the outputs don't depend on
        program = record(
            nodes[-1] if others is None else [nodes[-1], *others],
            inputs=of_kind["i"],
            parameters=parameters,
        )
    own = [x.data for x in of_kind["i"]]
    row = st.tuples(*(st.just(x) | st.floats(-4.0, 4.0) for x in own))
    cases = np.array([own, *draw(st.lists(row, max_size=2))], dtype=float)
    return program, cases.reshape(len(cases), len(own))


def replayed(program, cases):
    """All that a program finds at these cases, bit by bit, or the text of its error."""
    for p in program.parameters:
        p.grad = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is not finite is told in a warning
        try:
            found = [
                program.forward(cases),
                program.input_gradient(cases),
                [program.backward(cases)],
            ]
        except DomainError as error:
            return str(error)
    numbers = [*np.concatenate([np.ravel(x) for x in found]), *(p.grad for p in program.parameters)]
    return [float(x).hex() for x in numbers]
