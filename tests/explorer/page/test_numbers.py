"""A page's numbers: the engine's own, and those after a leaf was changed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import DomainError, Value, relu, sqrt
from microbp.core import floats
from microbp.core.toposort import operands_first
from microbp.testing import expressions
from microbp.testing.strategies import FAR_ENDS, moderate
from tests.helpers.explorer_page import (
    DESKTOP,
    LAST,
    OURS,
    PHONE,
    WITH_PAGE,
    after_backward,
    bits,
    drawn,
    line,
    numbers,
    open_again,
    type_leaf,
    unit,
)


def words(page, place="main"):
    """The text there, whatever lines it is broken into."""
    return " ".join(page.inner_text(place).split())


@WITH_PAGE
@given(st.data())
def test_final_gradients_are_the_engines(open_page, tmp_path_factory, data):
    expression = data.draw(expressions(ops=OURS, max_nodes=10))
    value = expression(*map(Value, expression.leaves))
    page = open_again(open_page, tmp_path_factory, value)
    page.keyboard.press("End")
    assert bits(numbers(page)) == bits(after_backward(value))


EXACT = [
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "abs",
    "sqrt",
    "relu",
    "maximum",
    "minimum",
    "where_positive",
]


@WITH_PAGE
@given(st.data())
def test_other_numbers_for_the_leaves_to_the_last_bit(open_page, tmp_path_factory, data):
    expression = data.draw(expressions(ops=[*EXACT, "dot", "total"], max_nodes=10))
    page, others = with_other_leaves(open_page, tmp_path_factory, expression, data)
    value = the_engines(expression, others, page)
    if value is None:
        return
    assert bits(numbers(page)) == bits(after_backward(value))


# Near their zeros an ulp of what they are made of is many of theirs: test_arithmetic judges them.
NEAR_ZEROS = {"gelu", "silu", "lgamma", "digamma"}


@WITH_PAGE
@given(st.data())
def test_other_numbers_for_the_leaves_of_any_graph(open_page, tmp_path_factory, data):
    expression = data.draw(expressions(ops=OURS, max_nodes=10))
    page, others = with_other_leaves(open_page, tmp_path_factory, expression, data)
    value = the_engines(expression, others, page)
    if value is None:
        return
    # Two ulps of one operation may be any number of the next one's: each is judged by itself.
    nodes = operands_first(value)
    number = {node: i for i, node in enumerate(nodes)}
    shown, partials = numbers(page), page.evaluate("now.partials.map((some) => some.map(String))")
    for node, (data, _), slopes in zip(nodes, shown, partials, strict=True):
        if node.op is None:
            continue
        if node.op.name in NEAR_ZEROS:
            continue
        xs = [shown[number[operand]][0] for operand in node.operands]
        within_ulps(data, node.op.value(floats, *xs), 2)
        for slope, wanted in zip(slopes, node.op.partials(floats, data, *xs), strict=True):
            within_ulps(float(slope), wanted, 4)
    sums = [0.0] * len(nodes)
    sums[-1] = 1.0
    for i in page.evaluate("BACKWARD_ORDER"):
        for operand, slope in zip(nodes[i].operands, partials[i], strict=True):
            if sums[i] != 0.0 and float(slope) != 0.0:
                sums[number[operand]] += sums[i] * float(slope)
    assert bits([sums]) == bits([[grad for _, grad in shown]])


def with_other_leaves(open_page, tmp_path_factory, expression, data):
    leaves = [Value(x, name) for x, name in zip(expression.leaves, expression.names, strict=True)]
    value = expression(*leaves)
    page = open_again(open_page, tmp_path_factory, value)
    page.keyboard.press("End")
    others = list(expression.leaves)
    nodes = operands_first(value)
    ends = st.sampled_from([*FAR_ENDS, -0.0, math.inf, math.nan])
    for i, leaf in enumerate(leaves):
        if leaf in nodes:
            others[i] = data.draw(st.one_of(moderate(), ends), label=expression.names[i])
            type_leaf(page, nodes.index(leaf), repr(others[i]))
    return page, others


def the_engines(expression, others, page):
    """The graph at these leaves. None where it has no value, which the page then says."""
    try:
        return expression(*map(Value, others))
    except DomainError as error:
        why = str(error).split(": ", 1)[1]
    assert why in words(page)
    return None


def within_ulps(got, wanted, most):
    if got == wanted or (math.isnan(got) and math.isnan(wanted)):
        return
    assert abs(got - wanted) <= most * np.spacing(abs(wanted)), (got, wanted)


def test_a_zero_gradient_passes_on_zero_even_to_a_vertical_tangent(open_graph):
    def root(x):
        return sqrt(Value(x, "x")) * 0.0

    page = open_graph(root(0.0), step=6)
    assert bits(numbers(page)) == bits(after_backward(root(0.0)))
    type_leaf(page, 0, "4")
    type_leaf(page, 0, "0")
    assert bits(numbers(page)) == bits(after_backward(root(0.0)))
    assert numbers(page)[0][1] == 0.0
    assert line(page) == "x.grad += 0 * inf = 0"


def test_what_relu_cuts_off_gets_nothing_from_a_vertical_tangent(open_graph):
    root = sqrt(relu(Value(4.0, "x")))
    page = open_graph(root, step=LAST)
    type_leaf(page, 0, "-1")
    assert [grad for _, grad in numbers(page)] == [0.0, math.inf, 1.0]


def test_a_typed_number_goes_through_the_graph(open_graph):
    page = open_graph(unit(), step=LAST)
    type_leaf(page, 0, "1.25")
    assert bits(numbers(page)) == bits(after_backward(unit(w=1.25)))
    assert line(page) == "x.grad += 0.2461 * 1.25 = 0.3077"
    type_leaf(page, 0, "-1,5")  # as many people write it
    assert bits(numbers(page)) == bits(after_backward(unit(w=-1.5)))
    for text in ("one", "toString"):  # which every object of JavaScript has
        type_leaf(page, 0, text)
        assert bits(numbers(page)) == bits(after_backward(unit(w=-1.5)))
        assert page.get_attribute("#leaves input[data-node='0']", "aria-invalid") == "true"
    page.click("#reset")
    assert bits(numbers(page)) == bits(after_backward(unit()))
    assert page.is_disabled("#reset")


def test_a_number_is_typed_by_keyboard_alone(open_graph):
    page = open_graph(unit(w=0.123456789), step=LAST)
    while page.evaluate("document.activeElement.dataset.node") != "0":
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "text":
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "0.123456789"  # every digit
    page.keyboard.type("2")  # in place of them, as in any form
    page.keyboard.press("Tab")
    drawn(page)
    assert bits(numbers(page)) == bits(after_backward(unit(w=2.0)))


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["mouse", "touch"])
def test_a_leafs_slider_goes_through_the_graph(open_graph, device):
    page = open_graph(unit(), step=LAST, **device)
    slider = page.locator("#leaves input[type=range][data-node='1']")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    place = box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2
    (page.touchscreen.tap if device is PHONE else page.mouse.click)(*place)
    drawn(page)
    x = numbers(page)[1][0]
    assert 2.0 < x < 2.5
    assert bits(numbers(page)) == bits(after_backward(unit(x=x)))
    slider.press("ArrowRight")
    drawn(page)
    further = numbers(page)[1][0]
    assert further > x
    assert bits(numbers(page)) == bits(after_backward(unit(x=further)))


def test_no_value_is_said_in_words(open_graph):
    x = Value(2.0, "x")
    page = open_graph(1.0 / (x - 1.0), step=3)
    type_leaf(page, 1, "1")
    assert "the quotient is defined for a divisor other than 0" in words(page)
    page.click("#last")
    assert "nan" not in words(page, "#picture").lower()
    page.click("#check")
    assert "nothing to check" in page.inner_text("#checked")
    type_leaf(page, 1, "3")
    assert "divisor" not in words(page)
