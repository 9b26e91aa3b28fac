import math

import pytest

from microbp.studies import Share
from microbp.studies.summary import quartiles, round_numbers, summary, words


def test_without_words_there_is_one_table_of_all():
    assert [
        " ".join(line.split()) for line in summary([{"seed": 0, "x": 1}, {"seed": 1, "x": 3}])
    ] == [
        "",
        "all",
        "runs 2",
        "x 2 (1.5 to 2.5)",
    ]


def test_texts_of_each_run_are_not_counted():
    assert words([{"seed": n, "name": f"run {n}", "even": n % 2 == 0} for n in range(13)]) == [
        "even"
    ]


def test_quartiles_leave_nan_out():
    assert quartiles([4, math.nan, 1, 2, 3, 5]) == (2.0, 3.0, 4.0)
    assert quartiles([math.nan]) is None
    assert quartiles([2**70]) == (2.0**70,) * 3


def test_the_interval_is_where_the_share_is_less_than_so_many_deviations_off():
    for number, of in [(808, 1000), (3, 4), (0, 7), (7, 7)]:
        for p in Share(number, of).interval():
            if 0.0 < p < 1.0:
                deviation = math.sqrt(p * (1 - p) / of)
                assert abs(number / of - p) / deviation == pytest.approx(1.959963984540054)
    assert Share(0, 7).interval()[0] == 0.0
    assert Share(7, 7).interval()[1] == 1.0
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert str(Share(0, 0)) == "0 of 0, -"


@pytest.mark.parametrize(
    ("numbers", "between"),
    [
        ([], []),
        ([1, 9], [1, 2, 5]),
        ([6, 9], []),
        ([500, 500], [500]),
        ([0, 20], [1, 2, 5, 10, 20]),
    ],
)
def test_round_numbers_lie_between_the_numbers(numbers, between):
    assert round_numbers(numbers) == between
