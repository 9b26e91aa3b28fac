"""Points as text: what is read, as what, and what is refused."""

import numpy as np
import pytest

from microbp.checking.submissions.point import read_point, with_arrays


@pytest.mark.parametrize(
    "text",
    [
        "0.5",
        "-1e-3",
        "[1, 2.5]",
        "(1.0, [2.0])",
        "{'W': [[1, 2], [3, 4]], 'b': 0.0}",
        " [1,\n 2] \n",
    ],
)
def test_a_literal_is_what_python_makes_of_it(text):
    assert read_point(text) == eval(text.strip())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "expected numbers as Python writes them"),
        ("[1, 2", "expected numbers as Python writes them"),
        ("", "expected numbers as Python writes them"),
        ("__import__('os').abort()", "expected numbers as Python writes them"),
        ("['a']", "got 'a' among them"),
        ("[1e999]", "got inf among them"),
        ("1" + "0" * 400, "among them"),
        ("[True]", "got True among them"),
        ("1j", "got 1j among them"),
        ("{1.0, 2.0}", "among them"),
        ("[]", "there is no number in '[]'"),
        ("({}, [])", "there is no number in"),
        ("[" * 31 + "1" + "]" * 31, "at most 30 lists in each other"),
        ("[" * 5000 + "1" + "]" * 5000, "expected numbers as Python writes them"),
    ],
)
def test_anything_else_is_refused(text, said):
    with pytest.raises(ValueError, match=said.replace("[", r"\[").replace("(", r"\(")):
        read_point(text)


def test_lists_of_numbers_become_arrays():
    point = {"W": [[1, 2], [3, 4]], "layers": [[1.0], [2.0, 3.0]], "b": 0.5, "pair": ([1, 2], 3)}
    found = with_arrays(point, np.array)
    assert found["W"].shape == (2, 2)
    assert found["W"].dtype == float
    assert [type(each) for each in found["layers"]] == [np.ndarray] * 2
    assert found["b"] == 0.5
    assert type(found["pair"]) is tuple
    assert found["pair"][0].tolist() == [1.0, 2.0]
    assert found["pair"][1] == 3
