"""Graphs for the tests of the explorer's page, and what to read in it."""

import random

from hypothesis import HealthCheck, settings

from microbp import Value, explore, sigmoid
from microbp.core import ops
from microbp.core.toposort import operands_first
from microbp.explorer.pictures import net_order
from microbp.losses import squared_error
from microbp.nn import Net

OURS = ops.BUILTINS
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WITH_PAGE = settings(  # which is the same for all examples, as opening one takes a while
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12
)


def unit(w=0.5, x=1.0, b=-1.0):
    w, x, b = Value(w, "w"), Value(x, "x"), Value(b, "b")
    y = sigmoid(w * x + b)
    y.label = "y"
    return y


LINES = [  # of `unit`, step by step
    "y = 0.3775",
    "v1 = w * x = 0.5 * 1 = 0.5",
    "v2 = v1 + b = 0.5 + (-1) = -0.5",
    "y = sigmoid(v2) = sigmoid(-0.5) = 0.3775",
    "y.grad = 1",
    "v2.grad += 1 * 0.235 = 0.235",
    "v1.grad += 0.235 * 1 = 0.235",
    "b.grad += 0.235 * 1 = 0.235",
    "w.grad += 0.235 * 1 = 0.235",
    "x.grad += 0.235 * 0.5 = 0.1175",
]
LAST = len(LINES) - 1


def net_error():
    net = Net(2, rng=random.Random(3), init=1.0).add("hidden", 2).add("output", 1)
    return squared_error(net([1.0, 0.0]), [1.0])


def line(page):
    return page.inner_text("#line")


NUMBERS = """
() => [...document.querySelectorAll("#picture > svg:first-of-type [data-node]")].map(
  ({ dataset: { node, value, grad } }) => [Number(node), value, grad])
"""


def numbers(page):
    """The value and the gradient of each node, as the page has them; None for what is not there."""
    read = sorted(page.evaluate(NUMBERS))
    return [[None if text is None else float(text) for text in found] for _, *found in read]


def after_backward(value):
    """The same, from the engine, in the order of the page: of a net, the leaves first."""
    nodes = net_order(operands_first(value))
    for node in nodes:
        node.grad = 0.0
    value.backward()
    return [[node.data, node.grad] for node in nodes]


def bits(rows):
    return [["nan" if x != x else x.hex() for x in row] for row in rows]


def type_leaf(page, node, text):
    field = page.locator(f"#leaves input[type=text][data-node='{node}']")
    field.fill(text)
    field.press("Enter")
    drawn(page)


def until(page, condition):
    """Wait for something; `page.wait_for_function` would need what the page's policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"{condition}: not within two seconds")


def drawn(page):
    """Wait for the next picture, which a changed number waits for as well."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def by_mouse(page, control):
    page.click(f"#{control}")


def by_keyboard(page, control):
    page.focus(f"#{control}")
    page.keyboard.press("Enter")


def by_touch(page, control):
    page.tap(f"#{control}")


pages = {}


def open_again(open_page, tmp_path_factory, value, **options):
    """As `open_graph`, in the one page of this test."""
    if open_page not in pages:
        pages.clear()
        pages[open_page] = open_page(**DESKTOP | options), tmp_path_factory.mktemp("pages")
    page, folder = pages[open_page]
    explore(value, folder / "page.html")
    page.goto((folder / "page.html").as_uri())
    return page
