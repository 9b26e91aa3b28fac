"""The tests of the tests: plant a mistake in a copy of the engine, and see them fail."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import microbp

pytestmark = [pytest.mark.thorough, pytest.mark.engine()]

HOME = Path(__file__).parents[2]
HELPERS = ("browser", "engines", "graphs_by_hand", "nodes", "profiles")
FILES = [
    "pyproject.toml",
    *("tests/conftest.py", "tests/core/conftest.py"),
    *(f"tests/helpers/{name}.py" for name in HELPERS),
    *(f"tests/core/test_{name}.py" for name in ("arithmetic", "backward", "backward_model")),
]
BACKWARD = "tests/core/test_backward.py::"
ARITHMETIC = "tests/core/test_arithmetic.py::"
DEPTH_FIRST = """\
    stack, found = [root for root in roots if root._born], []
    while stack:
        if (node := stack.pop()) not in found:
            found.append(node)
            stack.extend(x for x in node.operands if x._born)
    return found
"""

MISTAKES = {
    "= for += in the first operand": (
        "core/python/backward.py",
        "            a._grad += adjoint",
        "            a._grad = adjoint",
        BACKWARD + "test_a_repeated_operand_gets_every_share[python]",
    ),
    "= for += in the second operand": (
        "core/python/backward.py",
        "                b._grad += adjoint",
        "                b._grad = adjoint",
        BACKWARD + "test_a_repeated_operand_gets_every_share[python]",
    ),
    "= for += in a wide node": (
        "core/python/backward.py",
        "                operand._grad += adjoint",
        "                operand._grad = adjoint",
        BACKWARD + "test_a_repeated_operand_gets_every_share[python]",
    ),
    "= for += at the root": (
        "core/python/backward.py",
        "    root._grad += seed\n",
        "    root._grad = seed\n",
        BACKWARD + "test_a_leaf_is_a_root_too[python]",
    ),
    "oldest first": (
        "core/python/backward.py",
        "    return found\n",
        "    return found[::-1]\n",
        BACKWARD + "test_backward_passes_add_up_in_leaves_and_start_afresh_in_between[python]",
    ),
    "depth first": (
        "core/python/backward.py",
        "    return found\n",
        DEPTH_FIRST,
        BACKWARD + "test_a_diamond_is_passed_once_all_its_paths_are_summed[python]",
    ),
    "no reset of interior gradients": (
        "core/python/backward.py",
        "    for node in order:\n        node._grad = 0.0\n    root",
        "    root",
        BACKWARD + "test_backward_passes_add_up_in_leaves_and_start_afresh_in_between[python]",
    ),
    "the partial of a product off by 0.1 %": (
        "core/python/value.py",
        "node._da = b\n",
        "node._da = b * 1.001\n",
        ARITHMETIC + "test_partials_are_slopes[python-mul]",
    ),
    "the partial of tanh off by 0.1 %": (
        "core/ops.py",
        "(4.0 * m.sigmoid(2.0 * x)",
        "(4.004 * m.sigmoid(2.0 * x)",
        ARITHMETIC + "test_partials_are_slopes[python-tanh]",
    ),
    "the partial of a wide node off by 0.1 %": (
        "core/ops.py",
        "(*operands[terms:-1], *operands[:terms], 1.0)",
        "(*operands[terms:-1], *operands[:terms], 1.001)",
        ARITHMETIC + "test_partials_are_slopes[python-dot]",
    ),
    "a product's partials exchanged": (
        "core/python/value.py",
        "node._da = b\n        node._b = other\n        node._db = a\n",
        "node._da = a\n        node._b = other\n        node._db = b\n",
        ARITHMETIC + "test_partials_are_slopes[python-mul]",
    ),
    "a quotient's partials exchanged": (
        "core/python/value.py",
        "_node(ops.DIV, y, self, 1.0 / b, other, -y / b)",
        "_node(ops.DIV, y, self, -y / b, other, 1.0 / b)",
        ARITHMETIC + "test_partials_are_slopes[python-div]",
    ),
    "a reflected difference the wrong way round": (
        "core/python/value.py",
        "return NotImplemented if other is NotImplemented else method(other, self)",
        "return NotImplemented if other is NotImplemented else method(self, other)",
        ARITHMETIC + "test_operators_compute_what_python_computes[python]",
    ),
}


NAMED = " or ".join(sorted(set(re.findall(r"::(\w+)", " ".join(m[-1] for m in MISTAKES.values())))))
MODEL = "tests/core/test_backward_model.py::test_any_program_has_the_gradients_of_the_model"


@pytest.fixture
def outcome(tmp_path):
    """Run some of the tests on a copy of the package: the exit code, and what failed."""
    package = Path(microbp.__file__).parent
    copied = shutil.copytree(package, tmp_path / "microbp", ignore=lambda *_: ["__pycache__"])
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HOME / file, tmp_path / file)

    def run(tests, selection, file=None, old="", new=""):
        if file is not None:
            text = (copied / file).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{file} no longer has its {old!r}: move this mistake"
            (copied / file).write_text(text.replace(old, new), encoding="utf-8")
        options = ["-n0", "-p", "no:cacheprovider", "--tb=no", "--hypothesis-profile=unshrunk"]
        path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
        forced = {"PYTHONPATH": path, "PYTEST_ADDOPTS": "", "MICROBP_ENGINE": "python"}
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *options, "-k", selection, tests],
            cwd=tmp_path,
            env={**os.environ, **forced},
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE)

    return run


def test_without_a_mistake_all_pass(outcome):
    assert outcome("tests", f"{NAMED} or model") == (0, [])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(outcome, mistake):
    *change, expected = MISTAKES[mistake]
    code, failed = outcome(expected.partition("::")[0], NAMED, *change)
    assert code == 1
    assert expected in failed


@pytest.mark.parametrize("mistake", ["depth first", "no reset of interior gradients"])
def test_the_model_finds_mistakes_too(outcome, mistake):
    *change, _ = MISTAKES[mistake]
    assert outcome(MODEL, "model", *change) == (1, [f"{MODEL}[python]"])
