"""The corpus's functions of JAX: right where they are right, and wrong where it says."""

import jax  # noqa: F401  # collected only where it is installed
import pytest

from tests.checking.black_box import test_corpus, test_others_gradients
from tests.checking.black_box.corpus.loading import programs
from tests.checking.black_box.corpus.mistakes.frameworks import JAX

pytestmark = pytest.mark.jax


@pytest.mark.parametrize("name", programs("jax"))
def test_a_right_gradient_is_right_and_passes(name):
    test_corpus.judge(name)
    test_others_gradients.judge(name)


@pytest.mark.parametrize("mistake", JAX, ids=lambda mistake: mistake.name)
def test_a_mistake_is_where_it_says_and_is_found(mistake):
    test_corpus.judge_mistake(mistake)
    test_others_gradients.judge_mistake(mistake)
