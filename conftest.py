"""Marks what tests cost where that can be seen from the test: tests/README.md says more."""

PEERS = ("sympy", "networkx", "sklearn", "digits()")


def pytest_itemcollected(item):
    if "chromium" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")
    doctest = getattr(item, "dtest", None)
    code = "".join(example.source for example in doctest.examples) if doctest else ""
    if "import jax" in code:
        item.add_marker("jax")
    if any(peer in code for peer in PEERS):
        item.add_marker("interop")
