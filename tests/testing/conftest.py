"""Custom operations for one test."""

import pytest

from microbp.core.custom_op import operation
from microbp.core.ops import table


@pytest.fixture
def own(monkeypatch):
    """Make an operation that is gone after the test."""
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    before = dict(table)
    for op in before.values():
        if not op.builtin:  # made by another test, or an example of the manual
            del table[op.name]
    yield operation
    table.clear()
    table.update(before)
