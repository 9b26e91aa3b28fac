"""Labels in the text of a program: they become names, and nothing else."""

import ast
import builtins
import keyword
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.replay.export.python_source import HELPERS
from microbp.replay.export.python_templates import FROM_NUMPY
from microbp.replay.program import record
from tests.helpers.python_source import module
from tests.helpers.recorded import programs


def inputs_of(world):
    """How many of the arguments have no default, and the names of all."""
    code = world["forward"].__code__
    names = code.co_varnames[: code.co_argcount]
    return names[: code.co_argcount - len(world["forward"].__defaults__ or ())], names


@pytest.fixture(autouse=True)
def quiet():
    """NumPy's warnings of what is not finite are not the matter here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


ATTACKS = [
    "x): import os  #", "x\n    import os", '"""', "'''", "\\", "{y}", "{d.__class__}",
    "__import__", "__builtins__", "exec", "lambda", "None", "match", "import", "self",
    "numpy", "np", "where", "sigmoid", "seeds", "backward", "d_x", "x\u2028y",
    "x\u202ey", "\ud800", "ﬁ", "fi", "x²", "ª",
    "\u0301a", "a\u0301", "1", "1e5", "nan", "inf", "_", "__", "x" * 1000, "µ", "μ", "𝐱", "x",
]  # fmt: skip
HOSTILE = st.sampled_from(ATTACKS) | st.text() | st.text("abx_d1 ()\n\"'#\\{}\u0301ﬁ", max_size=12)


@given(programs(labels=HOSTILE))
def test_no_label_gets_into_the_code_but_as_a_name(drawn):
    program, _ = drawn
    tree = ast.parse(program.source())
    functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
    allowed = {*FROM_NUMPY, *HELPERS, *functions, "abs", "seeds"}
    assert set(functions) <= {*HELPERS, "forward", "backward"}
    kinds = (
        ast.Assign, ast.Return, ast.Expr, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant,
        ast.Tuple, ast.Dict, ast.Subscript, ast.FunctionDef, ast.arguments, ast.arg, ast.keyword,
        ast.operator, ast.unaryop, ast.expr_context,
    )  # fmt: skip
    strings = set()
    for name in ("forward", "backward"):
        function = functions[name]
        arguments = [a.arg for a in function.args.args]
        assigned = [
            node.targets[0].id for node in ast.walk(function) if isinstance(node, ast.Assign)
        ]
        assert len(set(arguments)) == len(arguments)
        own = {*arguments, *assigned}
        assert not {*own} - {"seeds"} & {*allowed, *dir(builtins), *keyword.kwlist}
        for node in ast.walk(function):
            assert isinstance(node, kinds)
            if isinstance(node, ast.Name):
                assert node.id in own | allowed
            if isinstance(node, ast.Call):
                assert node.func.id in allowed
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
        docstring = ast.get_docstring(function, clean=False)
        assert strings <= {docstring, *arguments}
        strings.clear()
    module(program.source())


def test_labels_that_look_alike_become_different_names():
    labels = ["x", "x", "ﬁ", "fi", "w[a]", "w(a)", "d_x", "class", "exp"]
    xs = [Value(float(i + 1), label) for i, label in enumerate(labels)]
    program = record(microbp.total(xs), inputs=xs)
    inputs, _ = inputs_of(module(program.source()))
    assert inputs == ("x", "x_2", "fi", "fi_2", "w_a", "w_a_2", "d_x_3", "class_2", "exp_2")


def test_a_label_that_is_the_name_of_an_adjoint_does_not_get_in_its_way():
    a, x = Value(2.0, "d_x"), Value(3.0, "x")
    _, found = module(record(a * x * x, inputs=[a, x]).source())["backward"](2.0, 3.0)
    assert list(found.items()) == [("d_x", 9.0), ("x_2", 12.0)]


def test_many_equal_labels_are_told_apart_in_no_time():
    xs = [Value(1.0, "x") for _ in range(5000)]
    assert record(microbp.total(xs), inputs=xs).source().count("x_5000") >= 2
