"""The page's gradient check by central differences."""

import pytest
from hypothesis import given

from microbp import Value, relu
from microbp.testing import expressions
from tests.helpers.explorer_page import (
    DESKTOP,
    OURS,
    PHONE,
    WITH_PAGE,
    by_keyboard,
    by_mouse,
    by_touch,
    open_again,
    unit,
)


@pytest.mark.parametrize("press", [by_mouse, by_keyboard, by_touch])
def test_a_gradient_check(open_graph, press):
    page = open_graph(unit(), **(PHONE if press is by_touch else DESKTOP))
    press(page, "check")
    assert "All 3 agree" in page.inner_text("#checked .verdict")
    rows = page.locator("#checked tbody tr").all_inner_texts()
    found = [row.split("\t") for row in rows]
    assert [row[0] for row in found] == ["w", "x", "b"]
    for _, backward, difference, apart, explained, verdict in found:
        assert float(backward) == pytest.approx(float(difference), rel=1e-3)
        assert float(apart) <= float(explained) < 1e-7
        assert verdict == "agrees"


def test_a_gradient_check_at_a_kink(open_graph):
    page = open_graph(relu(Value(0.0, "x")) + 0.0)
    page.click("#check")
    assert "kink" in page.inner_text("#checked tbody")


@WITH_PAGE
@given(expressions(ops=OURS, smooth=True, max_nodes=8))
def test_gradient_checks_agree(open_page, tmp_path_factory, expression):
    leaves = [Value(x, name) for x, name in zip(expression.leaves, expression.names, strict=True)]
    page = open_again(open_page, tmp_path_factory, expression(*leaves))
    page.click("#check")
    assert page.get_attribute("#checked", "data-verdict") == "agrees"


def test_a_wrong_partial_does_not_pass_the_check(open_graph):
    page = open_graph(unit())
    page.evaluate("() => { now.partials[2][0] *= 1.001; backwardPass(); }")
    page.click("#check")
    assert page.get_attribute("#checked", "data-verdict") == "differs"
    assert "differs" in page.inner_text("#checked tr[data-node='0']")
    assert "agrees" in page.inner_text("#checked tr[data-node='1']")
