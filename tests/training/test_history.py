"""What a history holds of each sweep."""

import csv
import json

import pytest

from microbp.training import History, Stopped, Sweep, evaluate
from tests.helpers.training import ENGINES, XOR, alike, trained, xor_net


@ENGINES
def test_history_says_how_the_net_did_after_each_number_of_changes(engine):
    net = xor_net()
    history = trained(net, sweeps=5, engine=engine)
    assert [seen.sweep for seen in history] == [0, 1, 2, 3, 4, 5]
    assert history[0] == alike(Sweep(0, *evaluate(xor_net(), XOR)), engine)
    assert history[-1] == alike(Sweep(5, *evaluate(net, XOR)), engine)
    assert history.errors == [seen.error for seen in history]
    assert len(history) == 6
    assert history[1:3] == [history[1], history[2]]
    assert history.stopped == "all sweeps done"
    assert repr(history).startswith("<history of 5 sweeps, error ")


def test_a_pickle_from_before_a_history_could_be_unsaved_opens():
    history = trained(xor_net(), sweeps=1)
    state = history.__getstate__()
    state.pop("unsaved", None)
    older = History.__new__(History)
    older.__dict__.update(state)
    assert older.unsaved == ""
    assert repr(older) == repr(history)


def test_first_all_right_is_the_first_sweep_that_saw_it():
    history = trained(xor_net(), sweeps=1000)
    first = history.first_all_right()
    assert history[first].right == 4 > history[first - 1].right
    assert trained(xor_net(), sweeps=1).first_all_right() is None


def test_the_history_as_csv_and_as_a_frame(tmp_path):
    history = trained(xor_net(), sweeps=4)
    rows = list(csv.reader(history.to_csv(tmp_path / "h.csv").read_text().splitlines()))
    assert rows[0] == ["sweep", "error", "right"]
    assert [Sweep(int(s), float(e), int(r)) for s, e, r in rows[1:]] == list(history)
    frame = history.to_pandas()
    assert list(frame.error) == history.errors
    assert list(frame.index) == [0, 1, 2, 3, 4]


def test_the_history_plots_its_errors():
    history = trained(xor_net(), sweeps=4)
    assert list(history.plot().lines[0].get_ydata()) == history.errors


def test_an_empty_history():
    history = History(4)
    assert (len(history), list(history), history.first_all_right()) == (0, [], None)


@pytest.mark.parametrize("end", Stopped)
def test_the_reason_prints_compares_and_is_saved_as_its_text(end):
    text = end.value
    assert (str(end), f"{end}", f"{end:>40}") == (text, text, f"{text:>40}")
    assert end == text
    assert json.loads(json.dumps(end)) == text
