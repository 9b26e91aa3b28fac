"""PyTorch's checker beside ours; not collected without PyTorch."""

import pytest
import torch  # noqa: F401 : else the cases would be skipped in silence

from benchmarks.checkers.results import RIGHT, WRONG, Results
from tests.benchmarks.test_checkers import BY_TITLE, SMOOTH

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("title", ["PyTorch gradcheck", "PyTorch gradcheck, fast"])
def test_torch_is_asked_rightly(title):
    results = Results()
    results.ask([BY_TITLE[title]], [SMOOTH])
    assert results.answers[title] == {("a product", RIGHT): True, ("a product", WRONG): False}
