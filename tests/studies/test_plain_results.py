"""Results that JSON can't hold as they are: converted, or the first run ends the study."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from microbp import Value
from microbp.studies.plain_results import plain_results
from microbp.training import Stopped
from tests.helpers.studies import lines, study

CONVERTED = [
    (np.int64(3), 3),
    (np.uint8(3), 3),
    (np.float32(0.5), 0.5),
    (np.float64(0.1), 0.1),
    (np.bool_(True), True),
    (np.str_("a"), "a"),
    (np.array(2), 2),
    (np.arange(3), [0, 1, 2]),
    (np.zeros((1, 2)), [[0.0, 0.0]]),
    (np.array([1, None, "x"], dtype=object), [1, None, "x"]),
    (pd.Series([1, 2]), [1, 2]),
    (Value(0.5), 0.5),
    ([Value(0.5), np.int64(1)], [0.5, 1]),
    ((1, (2,)), [1, [2]]),
    ({"a": np.bool_(False), 3: {np.int64(4): 1}}, {"a": False, "3": {"4": 1}}),
    (Fraction(1, 4), 0.25),
    (Stopped.DONE, "all sweeps done"),
]


@pytest.mark.parametrize(("given", "plain"), CONVERTED)
def test_numbers_and_arrays_are_converted(tmp_path, given, plain):
    path = tmp_path / "runs"
    found = study(lambda seed: {"x": given}, range(2), name="mine", out=path)
    assert found[1] == {"seed": 1, "x": plain}
    assert type(found[1]["x"]) is type(plain)
    assert lines(path)[1:] == list(found)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ({"x": object()}, "got x: an object of class object in the run of seed 5"),
        ({"a": {"b": [1, {2}]}}, r"got a\['b'\]\[1\]: \{2\} in the run of seed 5"),
        ({"x": 1j}, "got x: 1j"),
        ({"x": b"b"}, "got x: b'b'"),
        ({"x": np.array([1j])}, r"got x\[0\]: 1j"),
        ({"x": np.datetime64("2020-01-01")}, "got x: datetime"),
        ({"x": np.ma.masked}, "expected results that have numbers, got x: .*, masked"),
        ({"x": [np.ma.array([1, 2], mask=[0, 1])]}, r"numbers, got x\[0\]: .*, masked"),
        ({(1, 2): 3}, r"expected names as strings, got \(1, 2\) in results"),
        ({"x": {1: 2, "1": 3}}, r"expected each name once, got x with the names \[1, '1'\]"),
        ({"checksum": 1}, "expected results of other names than 'seed', 'failure' and 'checksum'"),
        ([1, 2], r"expected results by name, in a dict, got \[1, 2\]"),
        (None, "expected results by name, in a dict, got None"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_no_file_can_keep_ends_the_study_with_the_first_run(tmp_path, results, message, jobs):
    if jobs == 2 and "x" not in (results or ()):
        return
    path = tmp_path / "runs"
    with pytest.raises(TypeError, match=f"^study: .*{message}"):
        study(lambda seed: results, [5] * (jobs == 1) or [5, 5], name="mine", out=path, jobs=jobs)
    assert len(lines(path)) == 1


def test_a_result_within_itself_is_told():
    circle = []
    circle.append(circle)
    with pytest.raises(RecursionError):
        plain_results({"x": circle})
    with pytest.raises(TypeError, match="recursion"):
        study(lambda seed: {"x": circle}, [1])
