from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp._support.trees import flatten, in_order_of, mapped, names, same_structure, unflatten

Point = namedtuple("Point", "x y")
shapes = st.lists(st.integers(0, 3), min_size=1, max_size=3)
arrays = shapes.map(lambda shape: np.arange(np.prod(shape), dtype=float).reshape(shape))
trees = st.recursive(
    st.floats(allow_nan=False) | arrays,
    lambda parts: (
        st.lists(parts)
        | st.lists(parts).map(tuple)
        | st.builds(Point, parts, parts)
        | st.dictionaries(st.text(max_size=2), parts)
    ),
    max_leaves=12,
)


@given(trees)
def test_a_tree_is_made_again_from_its_items(tree):
    again = unflatten(tree, flatten(tree))
    assert repr(again) == repr(tree)
    assert same_structure(again, tree)
    assert same_structure(unflatten(tree, iter(lambda: "other", None)), tree)


@given(trees)
def test_each_item_is_found_by_its_name(tree):
    found = [eval(name, {"t": tree}) for name in names("t", tree)]
    assert found == list(flatten(tree))


@given(trees)
def test_items_that_are_arrays_come_first_in_the_shape(tree):
    items = [np.array([float(i), -float(i)]) for i, _ in enumerate(flatten(tree))]
    nested = unflatten(tree, iter(items), outer=(2,))
    for sign, half in ((1.0, _half(nested, 0)), (-1.0, _half(nested, 1))):
        assert list(flatten(half)) == [sign * i for i in range(len(items))]


def _half(nested, i):
    """The i-th entry of each array's first axis."""
    if isinstance(nested, dict):
        return [_half(part, i) for part in nested.values()]
    return [_half(x, i) for x in nested] if isinstance(nested, (list, tuple)) else nested[i]


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
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 1.0}, {"a": [1.0]}),
        ({"a": 1.0}, [1.0]),
        ({0: 1.0}, OrderedDict({0: 1.0})),
        (np.ones(2), [1.0, 1.0]),
        (np.ones(2), np.ones((1, 2))),
        (np.ones(1), 1.0),
    ],
)
def test_trees_that_are_nested_otherwise(a, b):
    assert not same_structure(a, b)
    assert not same_structure(b, a)


def test_keys_may_come_in_any_order():
    pattern, other = {"b": [1.0, {"d": 2.0, "c": 3.0}], "a": 4.0}, {"a": 40.0}
    other["b"] = [10.0, {"c": 30.0, "d": 20.0}]
    assert same_structure(pattern, other)
    assert list(flatten(in_order_of(pattern, other))) == [10.0, 20.0, 30.0, 40.0]


def test_dicts_stay_of_their_kind():
    by_name = defaultdict(list, a=1.0)
    again = unflatten(by_name, iter([2.0]))
    assert (again, again["other"], dict(by_name)) == ({"a": 2.0, "other": []}, [], {"a": 1.0})
    assert type(unflatten(OrderedDict(a=1.0), iter([2.0]))) is OrderedDict


def test_items_of_arrays_are_plain_numbers_in_the_order_of_rows():
    columns_first = np.asfortranarray([[1, 2], [3, 4]])
    assert list(map(repr, flatten(columns_first))) == ["1", "2", "3", "4"]
    assert list(names("w", columns_first)) == ["w[0, 0]", "w[0, 1]", "w[1, 0]", "w[1, 1]"]
    assert list(flatten(np.array(2.0))) == [2.0]
    made = unflatten(columns_first, iter([1.0, 2.0, 3.0, 4.0]))
    assert (made.dtype, made.tolist()) == (float, [[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a"]),
        np.array([1j]),
        np.ma.array([1.0]),
        np.ones((1, 1)).view(np.matrix),
        np.zeros(1, dtype=[("a", float)]),
    ],
)
def test_arrays_of_something_else_are_single_items(array):
    (item,) = flatten(array)
    assert item is array


def test_a_tree_that_holds_itself_is_refused_in_words():
    a_list, a_dict = [1.0], {"a": 1.0}
    a_list.append(a_list)
    a_dict["b"] = ({"c": a_dict},)
    for tree in (a_list, a_dict):
        for use in (lambda tree: list(flatten(tree)), lambda tree: mapped(str, tree)):
            with pytest.raises(
                ValueError, match=r"^expected numbers .+: does a \w+ hold itself\?$"
            ):
                use(tree)
    deep = 1.0
    for _ in range(100):
        deep = [deep]
    assert list(flatten(deep)) == [1.0]
