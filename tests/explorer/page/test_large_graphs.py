"""A page of a large graph changes only what a step changes."""

import pytest

from microbp import Value, explore, tanh
from microbp.core.toposort import operands_first
from tests.helpers.explorer_page import DESKTOP, after_backward, bits, drawn


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A graph of 1,999 nodes: as many as there may be, but for one."""
    value = Value(0.25, "h0")
    for i in range(666):
        value = tanh(Value(0.9 + i / 7_000, f"w{i}") * value)
    assert len(operands_first(value)) == 1_999
    path = tmp_path_factory.mktemp("large") / "page.html"
    explore(value, path)
    return value, path


IN_SIGHT = """
() => {
  const frame = document.getElementById("picture").getBoundingClientRect();
  return [...document.querySelectorAll("#picture .node.lit")].some((node) => {
    const box = node.getBoundingClientRect();
    return box.left >= frame.left && box.right <= frame.right
      && box.top >= frame.top && box.bottom <= frame.bottom;
  });
}
"""


def test_a_step_of_a_large_graph_changes_little(open_page, large):
    value, path = large
    page = open_page(path, **DESKTOP)
    page.evaluate("""
    () => {
      window.changes = 0;
      new MutationObserver((all) => (window.changes += all.length)).observe(
        document, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    """)
    for key in ["ArrowRight"] * 5 + ["ArrowLeft"] * 3:
        page.evaluate("() => { window.changes = 0; }")
        page.keyboard.press(key)
        drawn(page)
        assert 0 < page.evaluate("window.changes") < 80
        assert page.locator("#picture .node.lit").count() > 0
        assert page.evaluate(IN_SIGHT)
    page.keyboard.press("End")
    grads = page.evaluate("now.grads.map(String)")  # the picture has those in view only
    assert bits([map(float, grads)]) == bits([[grad for _, grad in after_backward(value)]])
