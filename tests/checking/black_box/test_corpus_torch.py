"""The corpus's functions of PyTorch: right where they are right, and wrong where it says."""

import pytest
import torch  # noqa: F401  # collected only where it is installed

from tests.checking.black_box import test_corpus, test_others_gradients
from tests.checking.black_box.corpus.loading import programs
from tests.checking.black_box.corpus.mistakes.frameworks import TORCH

pytestmark = pytest.mark.interop


@pytest.mark.parametrize("name", programs("torch"))
def test_a_right_gradient_is_right_and_passes(name):
    test_corpus.judge(name)
    test_others_gradients.judge(name)


@pytest.mark.parametrize("mistake", TORCH, ids=lambda mistake: mistake.name)
def test_a_mistake_is_where_it_says_and_is_found(mistake):
    test_corpus.judge_mistake(mistake)
    test_others_gradients.judge_mistake(mistake)
