"""Whole graphs with shared nodes: one backward pass, and every leaf has its gradient."""

from hypothesis import assume, example, given, settings

from microbp.core import floats
from microbp.core.engine import Value
from microbp.core.ops import table
from microbp.testing import expressions
from microbp.testing.expression import Expression
from tests.helpers.oracles import dual_partials, duals, mp, mp_partial, slope
from tests.helpers.profiles import examples
from tests.helpers.strategies import OPS


def after_backward(expression):
    """All nodes of the graph, the leaves first, after a backward pass from the last."""
    nodes = expression.nodes(map(Value, expression.leaves))
    nodes[-1].backward()
    return nodes


def reaches(nodes):
    """How far the root moves at most for a small move of each node.

    The sum, over all paths to the root, of the product of the sizes of the partials, with 1 more
    for what a partial is nearby. Errors of rounding grow by as much on their way to the root.
    """
    reach = dict.fromkeys(nodes, 0.0)
    reach[nodes[-1]] = 1.0
    for node in reversed(nodes):
        for operand, partial in zip(node.operands, node.partials, strict=True):
            reach[operand] += reach[node] * (abs(partial) + 1.0)
    return reach


# f(x) = (x + x) * (x + x), and a graph in which each node is used twice or more.
square = Expression((3.0,), ((table["add"], (1, 1)), (table["mul"], (1, 1))))
braid = Expression(
    (0.5, 0.75),
    (
        (table["mul"], (1, 2)),
        (table["sub"], (2, 1)),
        (table["tanh"], (1,)),
        (table["div"], (1, 3)),
        (table["logsumexp"], (1, 3, 4, 2)),
        (table["dot"], (1, 2, 5, 1, 3)),
    ),
)
each_expression = given(expression=expressions(ops=OPS, smooth=True))


@examples(300)
@example(expression=square)
@example(expression=braid)
@each_expression
def test_gradients_are_those_of_dual_numbers(expression):
    nodes = after_backward(expression)
    reach = reaches(nodes)
    expected = dual_partials(lambda *xs: expression.over(duals, xs), expression.leaves)
    for leaf, gradient in zip(nodes, expected, strict=False):
        assert abs(leaf.grad - gradient) <= 1e-12 * reach[leaf]


@example(expression=square)
@example(expression=braid)
@each_expression
def test_gradients_are_those_of_high_precision(expression):
    nodes = after_backward(expression)
    reach = reaches(nodes)
    for i, leaf in enumerate(nodes[: len(expression.leaves)]):
        gradient = mp_partial(lambda *xs: expression.over(mp, xs), expression.leaves, i)
        assert abs(leaf.grad - gradient) <= 1e-12 * reach[leaf]


@example(expression=square)
@example(expression=braid)
@each_expression
def test_gradients_are_slopes(expression):
    nodes = after_backward(expression)
    reach = reaches(nodes)
    size = sum(reach[node] * abs(node.data) for node in nodes)  # what rounding takes its eps of
    for i, leaf in enumerate(nodes[: len(expression.leaves)]):
        expected, error = slope(lambda *xs: expression.over(floats, xs), expression.leaves, i, size)
        assume(error < 0.01)  # steep or strongly curved: no difference of floats can judge it
        assert abs(leaf.grad - expected) <= error


@each_expression
def test_a_graph_computes_what_its_formulas_do(expression):
    root = after_backward(expression)[-1]
    assert repr(root.data) == repr(expression.over(floats, expression.leaves))


# --- The strategy itself


@example(expression=braid)
@each_expression
def test_an_expression_prints_as_the_program_that_computes_it(expression):
    scope = {}
    exec(repr(expression), scope)
    nodes = after_backward(expression)
    for i, leaf in enumerate(nodes[: len(expression.leaves)]):
        assert (scope[f"x{i}"].data, scope[f"x{i}"].grad) == (leaf.data, leaf.grad)


def test_an_expression_reads_like_a_program():
    assert repr(braid).split("\n") == [
        "",
        "from microbp import Value, dot, logsumexp, tanh",
        "",
        "x0 = Value(0.5)",
        "x1 = Value(0.75)",
        "y0 = x1 * x0",
        "y1 = x1 - y0",
        "y2 = tanh(y1)",
        "y3 = y2 / y0",
        "y4 = logsumexp([y3, y1, y0, y2])",
        "y5 = dot([y4, y3], [y0, y4], y2)",
        "y5.backward()",
    ]


def test_expressions_come_with_every_operation_and_with_nodes_used_again():
    operations, sharing = set(), 0

    @settings(max_examples=1000, derandomize=True)
    @each_expression
    def count(expression):
        nonlocal sharing
        operations.update(op for op, _ in expression.steps)
        uses = [operand for node in after_backward(expression) for operand in node.operands]
        sharing += len(uses) > len(set(uses)) + 2

    count()
    assert operations == set(OPS)
    assert sharing > 100
