import csv
import json
import math
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import joblib
import pytest

import microbp
from microbp.cli.main import main
from microbp.experiments.experiment import Measure
from microbp.experiments.nature1986 import symmetry
from microbp.nn.layers import FileMismatch
from microbp.studies import runner
from microbp.studies.run_log import Ledger
from microbp.studies.runner import Study
from microbp.training import History

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def study(experiment, *arguments, **options):
    return microbp.study(experiment, *arguments, **{"progress": False, "jobs": 1, **options})


def guess(seed, sweeps=100):
    """An experiment: half of the seeds are solved at some sweep."""
    rng = random.Random(seed)
    at = rng.randrange(2 * sweeps)
    return {
        "kind": "slow" if at > sweeps else "quick",
        "solved_at": at if at <= sweeps else None,
        "error": rng.random(),
    }


def slow_first(seed):
    time.sleep(0.3 if seed == 0 else 0.0)
    return {"at": time.monotonic()}


def fails_at_3(seed, mended=""):
    if seed == 3 and not (mended and Path(mended).exists()):
        raise ZeroDivisionError("division by the seed")
    return {"twice": 2 * seed}


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


# What a study gives


def test_rows_are_in_the_order_of_seeds_whatever_ended_first():
    found = study(slow_first, [5, 0, 9, 7, 1], jobs=2)
    assert [row["seed"] for row in found] == [5, 0, 9, 7, 1]
    assert found[1]["at"] == max(row["at"] for row in found[:2])


def test_a_study_is_the_same_with_any_number_of_jobs():
    one = study(symmetry.measure, range(6), sweeps=20)
    two = study(symmetry.measure, range(6), sweeps=20, jobs=2)
    assert list(one) == list(two)
    assert one[2] == {"seed": 2, **symmetry.measure(2, sweeps=20)}
    assert study(symmetry.measure, [2], sweeps=20)[0] == one[2]


def test_settings_reach_the_experiment_and_its_defaults_are_known():
    found = study(partial(guess, sweeps=7), [1])
    assert found[0] == {"seed": 1, **guess(1, sweeps=7)}
    assert found.settings == {"sweeps": 7}
    assert study(guess, [1]).settings == {"sweeps": 100}
    assert study(guess, [1], sweeps=8).settings == {"sweeps": 8}
    with pytest.raises(TypeError, match="sweps"):
        study(guess, [1], sweps=8)


def test_an_experiment_may_be_any_callable():
    class Adds:
        def __call__(self, seed, to):
            return {"sum": seed + to}

    assert study(lambda seed: {"x": -seed}, [3], jobs=2)[0] == {"seed": 3, "x": -3}
    assert study(Adds(), range(2), jobs=2, to=5)[1] == {"seed": 1, "sum": 6}


def test_no_seeds_make_an_empty_study(tmp_path):
    found = study(guess, [], out=tmp_path / "runs")
    assert (len(found), found.failures, found.stopped) == (0, [], "all runs done")
    assert "runs        0; all runs done" in found.summary()
    assert found.to_csv(tmp_path / "table.csv").read_text() == "seed\n"
    assert repr(found) == "<study of 0 runs: all runs done>"


def test_a_seed_given_twice_counts_once_and_has_to_be_whole():
    assert [row["seed"] for row in study(guess, [4, 2, 4])] == [4, 2]
    with pytest.raises(TypeError, match="'float'"):
        study(guess, [1.5])
    with pytest.raises(ValueError, match="expected jobs >= 1, got 0"):
        study(guess, [1], jobs=0)


def test_progress_shows_how_many_and_how_many_failed(capfd):
    study(fails_at_3, range(5), progress=True)
    shown = capfd.readouterr().err.split("\r")[-1]
    assert "5/5" in shown
    assert "failed=1" in shown


# Failing runs


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_fails_is_a_row_and_stops_no_other(jobs):
    found = study(fails_at_3, range(6), jobs=jobs)
    failure = {"seed": 3, "failure": "ZeroDivisionError: division by the seed"}
    assert found.failures == [found[3]] == [failure]
    assert [row["twice"] for row in found.finished] == [0, 2, 4, 8, 10]
    assert repr(found) == "<study of 6 runs, 1 failed: all runs done>"
    assert "failed      1 with an error\n  seed 3: ZeroDivisionError: div" in found.summary()


def test_many_failures_are_told_in_few_lines():
    text = study(fails_at_3, [3]).summary()
    assert text.count("seed 3: ") == 1
    text = Study({"seed": seed, "failure": "E"} for seed in range(30)).summary()
    assert "failed      30 with an error" in text
    assert "  seed 4: E\n  and 25 more\n" in text


class Untellable(Exception):
    def __str__(self):
        raise self


def raises(seed):
    raise [SystemExit(1), RecursionError("deep"), Untellable(), MemoryError()][seed]


def gives(seed):
    return [5, {"x": object()}, {"seed": 9}, {"failure": ""}, {"x": 1j}][seed]


@pytest.mark.parametrize(("experiment", "runs"), [(raises, 4), (gives, 5)])
def test_whatever_a_run_raises_or_gives_it_ends_alone(experiment, runs):
    found = study(experiment, range(runs))
    assert len(found.failures) == len(found) == runs
    assert all(row["failure"] for row in found)


def dies_at_3(seed):
    if seed == 3:
        os._exit(1)
    return {"twice": 2 * seed}


def test_a_run_that_takes_its_process_down_is_found_and_stops_no_other(tmp_path):
    found = study(dies_at_3, range(12), jobs=2, out=tmp_path / "runs")
    assert found.failures == [{"seed": 3, "failure": "its process died"}]
    assert [row["twice"] for row in found.finished] == [2 * s for s in range(12) if s != 3]
    assert len(lines(tmp_path / "runs")) == 1 + 12


def test_what_can_not_be_pickled_is_an_error_of_the_study():
    with pytest.raises(Exception, match="pickle"):
        study(partial(guess, sweeps=(x for x in ())), range(4), jobs=2)


# On disk


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.jsonl"


def never(seed, sweeps=100):
    raise AssertionError


never.__qualname__ = guess.__qualname__


def test_a_file_has_a_line_for_the_study_and_for_each_run(path):
    found = study(guess, range(3), out=path)
    header, *rows = lines(path)
    assert header == {
        "study": 1,
        "experiment": f"{__name__}.guess",
        "microbp": microbp.__version__,
        "settings": {"sweeps": 100},
    }
    assert rows == list(found)


def test_each_run_is_on_disk_as_soon_as_it_ends(path):
    def counts(seed):
        return {"lines": len(path.read_text().splitlines())}

    assert [row["lines"] for row in study(counts, range(4), out=path)] == [1, 2, 3, 4]


def test_a_finished_study_runs_nothing_again_and_more_seeds_run_alone(path):
    first = study(guess, range(4), out=path)
    assert list(study(never, range(4), out=path)) == list(first)
    assert list(study(never, [2, 1], out=path)) == [first[2], first[1]]
    more = study(guess, range(2, 7), out=path)
    assert list(more) == list(study(guess, range(2, 7)))
    assert [row["seed"] for row in lines(path)[1:]] == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kept", [0, 1, 20, -1])
def test_a_line_that_was_cut_off_is_run_again(path, kept):
    whole = study(guess, range(5), out=path)
    start, last = path.read_bytes()[:-1].rsplit(b"\n", 1)
    path.write_bytes(start + b"\n" + (last[:kept] if kept >= 0 else last))
    again = study(guess, range(5), out=path)
    assert list(again) == list(whole)
    assert lines(path)[1:] == list(whole)


NUMBERS = [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.pi / 3, math.inf, -math.inf, math.nan]


def given(seed):
    return {"x": NUMBERS[seed], "n": 2**70 + seed, "words": "σ\n\ud800", "none": None, "yes": True}


def test_floats_keep_their_bits_and_all_else_its_value(path):
    for found in (study(given, range(8)), study(given, range(8), out=path, jobs=2)):
        assert [row["x"].hex() for row in found] == [x.hex() for x in NUMBERS]
    again = study(given, range(8), out=path)
    assert [row["x"].hex() for row in again] == [x.hex() for x in NUMBERS]
    rest = {"seed": 4, "n": 2**70 + 4, "words": "σ\n\ud800", "none": None, "yes": True}
    assert {name: again[4][name] for name in rest} == rest


def test_failed_runs_are_tried_again(path, tmp_path):
    mended = tmp_path / "mended"
    settings = {"out": path, "mended": str(mended)}
    assert len(study(fails_at_3, range(5), **settings).failures) == 1
    mended.touch()
    found = study(fails_at_3, range(5), **settings)
    assert (found.failures, found[3]) == ([], {"seed": 3, "twice": 6})
    assert [row["seed"] for row in lines(path)[1:]] == [0, 1, 2, 3, 4, 3]


def other(seed, sweeps=100):
    return {}


def test_the_file_of_another_study_is_refused_and_stays(path, monkeypatch):
    study(guess, range(2), out=path)
    before = path.read_bytes()
    with pytest.raises(FileMismatch) as error:
        study(other, range(2), out=path)
    assert str(error.value) == (
        f"runs.jsonl holds a study with experiment '{__name__}.guess' "
        f"where this one has '{__name__}.other'"
    )
    with pytest.raises(FileMismatch, match=r"settings {'sweeps': 100} where .* {'sweeps': 99}"):
        study(guess, range(2), out=path, sweeps=99)
    monkeypatch.setattr(runner, "__version__", "9")
    with pytest.raises(FileMismatch, match=r"with microbp '.*' where this one has '9'"):
        study(guess, range(2), out=path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"hello\n",
        b"[]\n",
        b"{}\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"study": 1',
    ],
)
def test_a_file_that_is_no_study_is_refused_and_stays(path, content):
    path.write_bytes(content)
    with pytest.raises(FileMismatch, match=r"^runs\.jsonl is not a file of study$"):
        study(guess, range(2), out=path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\0\0",
        b"3",
        b"{}",
        b'{"seed": true}',
        b'{"seed": "1"}',
        b"\xff",
        b"[" * 100_000,
        b"9" * 5000,
        b'{"seed": 1',
        b"__import__('os').abort()",
    ],
)
def test_a_line_that_is_no_run_is_named_and_nothing_changed(path, line):
    study(guess, range(2), out=path)
    spoilt = path.read_bytes() + line + b"\n"
    path.write_bytes(spoilt)
    with pytest.raises(FileMismatch, match=r"^runs\.jsonl holds no run of a study in line 4$"):
        study(guess, range(3), out=path)
    assert path.read_bytes() == spoilt


def test_what_no_file_can_keep_is_told_before_any_run(path):
    with pytest.raises(TypeError, match="expected settings that a file can keep"):
        study(guess, range(2), out=path, sweeps=object())
    with pytest.raises(ValueError, match="the experiment needs a name"):
        study(lambda seed: {}, range(2), out=path)
    with pytest.raises(FileNotFoundError):
        study(never, range(2), out=path / "deeper")
    assert not path.exists()


def tuples(seed, sizes=(1, 2)):
    return {"sizes": sizes}


def test_settings_of_tuples_match_their_file(path):
    assert list(study(tuples, [1], out=path)) == list(study(tuples, [1, 2], out=path))[:1]


def test_a_ledger_without_a_file_keeps_rows_all_the_same():
    with Ledger(None, {}) as ledger:
        assert ledger.add('{"seed": 3, "x": 1.0}') == ledger.rows[3] == {"seed": 3, "x": 1.0}
        assert (ledger.lacks(3), ledger.lacks(4)) == (False, True)


# Interrupted and killed


def interrupts_at_3(seed):
    if seed == 3:
        raise KeyboardInterrupt
    return {}


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_was_computed(path, jobs):
    found = study(interrupts_at_3, range(8), out=path, jobs=jobs)
    assert found.stopped == "interrupted"
    assert found.failures == []
    assert {row["seed"] for row in found} == {row["seed"] for row in lines(path)[1:]}
    assert {row["seed"] for row in found} <= set(range(8)) - {3}
    if jobs == 1:
        assert len(found) == 3


def test_a_run_of_symmetry_cut_short_by_ctrl_c_is_no_row(monkeypatch):
    history = History(64)

    def interrupted(seed, **how):
        history.stopped = "interrupted"
        return symmetry.Symmetry(None, history)

    monkeypatch.setattr(symmetry.run, "function", interrupted)
    found = study(symmetry.measure, range(3))
    assert (found.stopped, len(found)) == ("interrupted", 0)


PROGRAM = """
    import signal, sys, time
    signal.signal(signal.SIGINT, signal.default_int_handler)
    import microbp

    def naps(seed):
        time.sleep(0.05)
        return {"x": seed / 7}

    if __name__ == "__main__":
        path, runs = sys.argv[1], int(sys.argv[2])
        found = microbp.study(naps, range(runs), out=path, jobs=2, progress=False)
        print(found.stopped, [row["x"] for row in found] == [row["seed"] / 7 for row in found])
"""


@pytest.fixture
def start(tmp_path):
    """Start the program in a process group of its own, and wait until some runs are done."""
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, str(program), str(tmp_path / "runs.jsonl")]

    def started(runs):
        return subprocess.Popen(
            [*command, str(runs)], stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    return started


def wait_for_lines(path, number):
    end = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < number:
        assert time.monotonic() < end
        time.sleep(0.01)


@posix
def test_a_killed_study_continues_where_it_was(path, start):
    with start(10_000) as process:
        wait_for_lines(path, 8)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    before = path.read_bytes()
    kept = before[: before.rfind(b"\n") + 1]
    done = kept.count(b"\n") - 1
    with start(done + 4) as process:
        assert process.communicate(timeout=60)[0] == "all runs done True\n"
    assert path.read_bytes().startswith(kept)
    seeds = [row["seed"] for row in lines(path)[1:]]
    assert len(seeds) == len(set(seeds))
    assert set(range(done + 4)) <= set(seeds)


@posix
def test_ctrl_c_in_a_shell_reaches_all_processes_and_keeps_what_is_done(path, start):
    with start(10_000) as process:
        wait_for_lines(path, 8)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted True\n"
        assert process.returncode == 0
    assert len(lines(path)) >= 8


# A cluster


@pytest.mark.cluster
@pytest.mark.filterwarnings("default")  # Dask's own, about ports and the like
def test_a_dask_cluster_of_two_workers_gives_the_same(path, tmp_path):
    import distributed

    def where(seed):
        time.sleep(0.05)
        return {"pid": os.getpid()}

    def fails(seed):
        return {"x": 1 / (seed - 3)}

    here = study(symmetry.measure, range(12), sweeps=15)
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(tmp_path / "dask"),
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        there = study(symmetry.measure, range(12), sweeps=15, out=path, jobs=None)
        processes = study(where, range(12), jobs=None)
        failing = study(fails, range(6), jobs=None)
    assert list(there) == list(here)
    assert sorted(lines(path)[1:], key=lambda row: row["seed"]) == list(here)
    pids = {row["pid"] for row in processes}
    assert os.getpid() not in pids
    assert len(pids) == 2
    assert [row["seed"] for row in failing.failures] == [3]


def test_the_number_of_jobs_is_the_configuration_s_where_it_has_one(monkeypatch):
    asked = []

    class Parallel(joblib.Parallel):
        def __init__(self, n_jobs, **options):
            asked.append(n_jobs)
            super().__init__(n_jobs=1, **options)

    monkeypatch.setattr(joblib, "Parallel", Parallel)
    study(guess, [1], jobs=None)
    with joblib.parallel_config(backend="threading", n_jobs=3):
        study(guess, [1], jobs=None)
        study(guess, [1], jobs=2)
    assert asked == [-1, 3, 2]


# Tables, words, a picture


ROWS = [
    {"seed": 0, "kind": "a", "solved_at": 10, "error": 0.25, "sure": True},
    {"seed": 1, "kind": "b", "solved_at": 30, "error": 0.5, "sure": True},
    {"seed": 2, "failure": 'ValueError: a "quoted", text'},
    {"seed": 3, "kind": "a", "solved_at": 40, "error": 0.75, "sure": False},
    {"seed": 4, "kind": "none", "solved_at": None, "error": math.nan, "sure": False},
]


def test_the_table_as_csv(tmp_path):
    with Study(ROWS).to_csv(tmp_path / "table.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["seed", "kind", "solved_at", "error", "sure", "failure"]
    assert table[1]["error"] == "0.5"
    assert table[2]["failure"] == 'ValueError: a "quoted", text'
    assert table[4]["solved_at"] == ""


def test_the_table_as_a_frame():
    frame = Study(ROWS).to_pandas()
    assert frame.index.tolist() == [0, 1, 2, 3, 4]
    assert frame.kind.value_counts().to_dict() == {"a": 2, "b": 1, "none": 1}
    assert frame.solved_at.median() == 30
    assert Study([]).to_pandas().empty


def test_the_summary_counts_the_solved_and_each_word():
    text = Study(ROWS, "somewhere.guess", {"sweeps": 50}).summary(by=[5, 30])
    for line in (
        "Study of somewhere.guess",
        "settings    sweeps 50",
        "runs        5 (seeds 0 to 4); all runs done",
        "failed      1 with an error",
        "solved      3 of 4, 75.0 % (30.1 to 95.4)",
        "  by sweep      5  0 of 4, 0.0 % (0.0 to 49.0)",
        "  by sweep     30  2 of 4, 50.0 % (15.0 to 85.0)",
        "solved at   median 30, quartiles 20 and 35, of those solved",
        "runs        2                     1                    1",
        "error       0.5 (0.375 to 0.625)  0.5 (0.5 to 0.5)     -",
    ):
        assert " ".join(line.split()) in [" ".join(found.split()) for found in text.splitlines()]
    assert [line.split() for line in text.splitlines() if line.startswith(("kind", "sure"))] == [
        ["kind", "a", "b", "none"],
        ["sure", "False", "True"],
    ]


def test_where_none_are_solved_there_is_no_median():
    text = Study([{"seed": 0, "solved_at": None}]).summary()
    assert "solved      0 of 1, 0.0 % (0.0 to 79.3)" in text
    assert "solved at" not in text
    assert "by sweep" not in text


def test_the_picture_is_the_share_solved_by_each_sweep():
    from matplotlib import figure

    ax = Study(ROWS, settings={"sweeps": 50}).plot(figure.Figure().add_subplot())
    curves = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
    assert curves["all"] == [[0, 0], [10, 25], [30, 50], [40, 75], [50, 75]]
    assert curves["a"] == [[0, 0], [10, 25], [40, 50], [50, 50]]
    assert list(curves) == ["all", "a", "b"]
    Study([]).plot(figure.Figure().add_subplot())
    with pytest.raises(ValueError, match=r"expected results named 'solved_at', got \['x'\]"):
        Study([{"seed": 0, "x": 1}]).plot(figure.Figure().add_subplot())


# Symmetry


def test_what_is_measured_of_a_run():
    found = symmetry.run(8, 400, progress=False)
    assert symmetry.measure(8, sweeps=400) == {
        "kind": "failed" if found.history[-1].right < 64 else found.kind(),
        "solved_at": 376,
        "right": found.history[-1].right,
        "error": found.history[-1].error,
        "defect": found.defect(),
        "twins": found.twins(),
        "signs": found.signs(),
        "second": found.ratio()[1],
        "third": found.ratio()[2],
    }


def command(capsys, *arguments):
    status = main(["study", "symmetry", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_the_command_writes_its_files_and_continues(capsys, tmp_path):
    options = ["--sweeps", 12, "--first-seed", 5, "--jobs", 1, "--out", tmp_path / "here"]
    status, text = command(capsys, "--seeds", 3, *options)
    assert status == 0
    assert "runs        3 (seeds 5 to 7); all runs done" in text
    here = tmp_path / "here"
    names = ["results.jsonl", "table.csv", "summary.txt", "solved.png"]
    assert text.splitlines()[-4:] == [f"  {here / name}" for name in names]
    assert sorted(path.name for path in here.iterdir()) == sorted(names)
    assert (here / "summary.txt").read_text() in text
    assert (here / "solved.png").read_bytes().startswith(b"\x89PNG")
    first = (here / "results.jsonl").read_bytes()
    status, text = command(capsys, "--seeds", 5, *options)
    assert status == 0
    assert (here / "results.jsonl").read_bytes().startswith(first)
    assert [row["seed"] for row in lines(here / "results.jsonl")[1:]] == [5, 6, 7, 8, 9]
    assert len((here / "table.csv").read_text().splitlines()) == 1 + 5


def test_the_command_refuses_the_folder_of_other_settings(capsys, tmp_path):
    command(capsys, "--seeds", 1, "--sweeps", 2, "--jobs", 1, "--out", tmp_path)
    with pytest.raises(SystemExit) as stop:
        command(capsys, "--seeds", 1, "--sweeps", 3, "--jobs", 1, "--out", tmp_path)
    assert stop.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(
        f"microbp study symmetry: error: {tmp_path}: results.jsonl holds a study"
    )
    assert last.endswith("; --out names another folder")


@pytest.mark.parametrize(
    ("raised", "status"), [(KeyboardInterrupt, 3), (ZeroDivisionError, 1), (None, 0)]
)
def test_the_status_of_the_command_says_how_it_ended(capsys, tmp_path, monkeypatch, raised, status):
    def measure(self, seed, **settings):
        if raised and seed == 1:
            raise raised
        return {"solved_at": None}

    monkeypatch.setattr(Measure, "__call__", measure)
    monkeypatch.chdir(tmp_path)
    got, text = command(capsys, "--seeds", 2, "--jobs", 1)
    assert got == status
    assert ("Interrupted: the same command goes on from here." in text) == (status == 3)
    assert len(lines(tmp_path / "symmetry-study" / "results.jsonl")) == 1 + (
        1 if status == 3 else 2
    )
    assert (tmp_path / "symmetry-study" / "table.csv").exists()


def test_bad_options_of_the_command_are_named(capsys):
    with pytest.raises(SystemExit) as stop:
        command(capsys, "--jobs", "0")
    assert stop.value.code == 2
    assert "--jobs: expected a whole number from 1 on, got '0'" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["joblib", "matplotlib"])
def test_what_is_missing_is_told(capsys, tmp_path, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.figure", None)
    options = ["--seeds", 1, "--sweeps", 1, "--jobs", 1, "--out", tmp_path]
    if missing == "joblib":
        with pytest.raises(SystemExit):
            command(capsys, *options)
        assert "pip install 'microbp[study]'" in capsys.readouterr().err
    else:
        assert "(no picture: " in command(capsys, *options)[1].splitlines()[-1]
