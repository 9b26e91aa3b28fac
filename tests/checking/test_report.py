"""What a report says, and what it refuses to be."""

import math
import re
from itertools import product

import pytest

from microbp import exp, sin, total
from microbp.checking import gradcheck
from microbp.checking.judging import MEANINGFUL
from microbp.checking.report import Entry, Report
from tests.helpers.checking import SIN, function, scaled, verdict


def test_a_report_is_no_truth_value():
    report = gradcheck(sin, 1.0)
    with pytest.raises(TypeError, match=r"compare report\.verdict, which is 'pass'"):
        assert report


def test_the_resolution_is_what_would_have_been_seen():
    (entry,) = gradcheck(sin, 1.0).entries
    assert 0.0 < entry.resolution < MEANINGFUL * entry.backward
    factor = 1.0 + 1.01 * entry.resolution / entry.backward
    assert verdict(function(scaled(SIN, factor)), 1.0) == "fail"


def test_a_table_of_a_failure():
    report = str(gradcheck(lambda x: x * function(scaled(SIN, 1.001))(2 * x), 1.0))
    lines = report.splitlines()
    assert lines[0] == "gradcheck: fail"
    assert lines[2].split("  ")[-1] == "detects an error of"
    assert re.match(r"x +0\.0761\d+ +0\.0770\d+ ± \S+ +differences +fail +\S+ or more", lines[3])
    assert "that of sin(mul(2.0, x)) with respect to its operand mul(2.0, x): -0.41656" in report
    assert re.search(r"at sin\(2\.0\) = 0\.909\S+, node \d of \d: sin → mul", report)


def test_a_long_table_shows_the_gravest_first():
    report = str(gradcheck(lambda x: total([abs(v) for v in x]), [*[1.0] * 30, 0.0]))
    assert report.splitlines()[3].startswith("x[30]")
    assert "... and 11 more: pass" in report


@pytest.mark.parametrize("x", [1.0, 0.0, 5e-324, 1e-310, 1e300, 1.7976931348623157e308])
@pytest.mark.parametrize(
    "f",
    [lambda x: x, lambda x: -x, lambda x: x * 1e-310, lambda x: x * x, lambda x: exp(x)],
    ids=["x", "-x", "1e-310 x", "x * x", "exp"],
)
def test_a_report_on_any_number_can_be_printed(f, x):
    assert str(gradcheck(f, x)).startswith("gradcheck: ")


ENDS = [0.0, 5e-324, 1e-310, 1e-300, 1e-16, 1.0, 123456.789, 1e300, 1.7976931348623157e308]


def test_any_entry_can_be_printed():
    numbers = [*ENDS, *(-x for x in ENDS), math.inf, -math.inf, math.nan]
    for backward, reference, bound in product(numbers, numbers, [*ENDS, math.inf, math.nan]):
        entry = Entry("x", 0, "fail", backward, reference, bound, "differences")
        row = str(Report("fail", [entry])).splitlines()[3]
        assert max(map(len, re.findall(r"[\d.]+", row)), default=0) <= 18  # 17 and the point
        assert not math.isnan(entry.resolution)
        known = bound < math.inf and not math.isnan(reference)
        assert (" ± " in row, " unknown " in row) == (known, not known)


def test_two_numbers_that_differ_look_different():
    for bound in (1e-17, 1e-12, 1e-6):
        entry = Entry("x", 0, "fail", 1.0 + 2.0 * bound + 2.0**-52, 1.0, bound, "differences")
        backward, reference = str(Report("fail", [entry])).splitlines()[3].split()[1:3]
        assert backward != reference
