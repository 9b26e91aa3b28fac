"""The table of operations: names, symbols, arity, copies."""

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest

import microbp
from microbp.core import functions as mb
from microbp.core import ops
from microbp.core.ops import table
from tests.helpers.operations import OPERATORS, each_op

ISSUED = """
    add sub mul div neg pow abs exp expm1 log log1p sqrt sin cos tan asin acos atan atan2 sinh
    cosh tanh sigmoid softplus relu maximum minimum hypot logaddexp erf dot total logsumexp
    where_positive leaky_relu log2 log10 exp2 cbrt asinh acosh atanh silu gelu erfc lgamma digamma
""".split()  # fmt: skip  # noqa: SIM905


def test_the_table_holds_all_that_was_asked_for():
    assert set(ISSUED) <= set(table)


@pytest.mark.parametrize("name", [name for name in ISSUED if name not in OPERATORS])
def test_what_is_no_operator_is_a_function_of_the_package(name):
    assert name in microbp.__all__
    assert getattr(microbp, name) is getattr(mb, name)


def test_the_table_is_by_name_and_misses_nothing():
    assert [op.name for op in table.values()] == list(table)
    assert set(table.values()) >= set(ops.BUILTINS)
    named = {name: op for name, op in vars(ops).items() if isinstance(op, ops.Op)}
    assert named == {op.name.upper(): op for op in (*ops.BUILTINS, ops.CUSTOM)}


@each_op
def test_an_operation_shows_its_name_and_symbol(op):
    assert repr(op) == f"<op {op.name}>"
    assert op.symbol.strip()


@each_op
def test_an_operation_is_the_same_one_after_any_copy(op):
    assert pickle.loads(pickle.dumps(op)) is op
    assert copy.deepcopy(op) is copy.copy(op) is op


@each_op
def test_an_operation_cannot_be_changed(op):
    with pytest.raises(FrozenInstanceError):
        op.symbol = "?"


@pytest.mark.parametrize(
    ("name", "arity"), [("exp", 1), ("neg", 1), ("pow", 2), ("atan2", 2), ("dot", None)]
)
def test_arity_counts_the_operands(name, arity):
    assert table[name].arity == arity
