from collections import namedtuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp._support.trees import flatten, same_structure, unflatten

Point = namedtuple("Point", "x y")
trees = st.recursive(
    st.integers(),
    lambda parts: st.lists(parts) | st.lists(parts).map(tuple) | st.builds(Point, parts, parts),
)


@given(trees)
def test_a_tree_is_made_again_from_its_items(tree):
    again = unflatten(tree, flatten(tree))
    assert repr(again) == repr(tree)
    assert same_structure(again, tree)
    assert same_structure(unflatten(tree, iter(lambda: "other", None)), tree)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1.0, [1.0]),
        ([1.0], 1.0),
        ([1.0], (1.0,)),
        ([1.0], [1.0, 2.0]),
        ([1.0, [2.0]], [[1.0], 2.0]),
        ((1.0, 2.0), Point(1.0, 2.0)),
        ([], ()),
    ],
)
def test_trees_that_are_nested_otherwise(a, b):
    assert not same_structure(a, b)
