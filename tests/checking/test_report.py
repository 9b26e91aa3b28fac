"""What a report says, and what it refuses to be."""

import re

import pytest

from microbp import sin, total
from microbp.checking import gradcheck
from microbp.checking.judging import MEANINGFUL
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
