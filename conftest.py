"""Marks what tests cost where that can be seen from the test: tests/README.md says more."""


def pytest_itemcollected(item):
    if "chromium" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")
    doctest = getattr(item, "dtest", None)
    if doctest and any("import jax" in example.source for example in doctest.examples):
        item.add_marker("jax")
