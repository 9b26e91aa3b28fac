"""The file of a study: written as runs end, continued, and refused if it is of another study."""

import math

import pytest

import microbp
from microbp._support.atomic_file import FileMismatch
from microbp.experiments.nature1986 import symmetry
from microbp.studies import runner
from microbp.studies.run_log import RunLog
from tests.helpers.studies import fails_at_3, guess, lines, study


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.jsonl"


def never(seed, sweeps=100):
    raise AssertionError


GUESS = f"{guess.__module__}.guess"


def test_a_file_has_a_line_for_the_study_and_for_each_run(path):
    found = study(guess, range(3), out=path)
    header, *rows = lines(path)
    assert len(header.pop("code").split()) == 2
    assert header == {
        "study": 2,
        "experiment": GUESS,
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
    for seeds in (range(4), [2, 1]):
        with pytest.warns(UserWarning, match=f"code of {GUESS} has changed since the runs in runs"):
            again = study(never, seeds, name=GUESS, out=path)
        assert list(again) == [first[seed] for seed in seeds]
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
    settings = {"mended": str(mended)}
    assert len(study(fails_at_3, range(5), out=path, settings=settings).failures) == 1
    mended.touch()
    found = study(fails_at_3, range(5), out=path, settings=settings)
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
        f"runs.jsonl holds a study with experiment '{GUESS}' where this one has '{__name__}.other'"
    )
    with pytest.raises(FileMismatch, match=r"settings {'sweeps': 100} where .* {'sweeps': 99}"):
        study(guess, range(2), out=path, settings={"sweeps": 99})
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
    with pytest.raises(FileMismatch, match=r"^runs\.jsonl is not a file of study(: it is empty)?$"):
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
    with pytest.raises(TypeError, match="a file can keep, got sweeps: an object"):
        study(guess, range(2), out=path, settings={"sweeps": object()})
    with pytest.raises(TypeError, match="a file can keep: they have 1,050,"):
        study(guess, range(2), out=path, settings={"sweeps": "x" * 1_050_000})
    with pytest.raises(ValueError, match="the experiment needs a name"):
        study(lambda seed: {}, range(2), out=path)
    with pytest.raises(ValueError, match="the experiment needs a name"):
        study(symmetry.run.measure, range(2), out=path)
    with pytest.raises(FileNotFoundError):
        study(never, range(2), out=path / "deeper")
    assert not path.exists()


def test_a_name_and_settings_stand_in_the_file_as_given(path):
    nameless = {"name": "half", "out": path, "settings": {"sweeps": 7}}
    found = study(lambda seed, sweeps: guess(seed, sweeps), range(2), **nameless)
    header, *_ = lines(path)
    assert (header["experiment"], header["settings"]) == ("half", {"sweeps": 7})
    assert (found.experiment, found[1]) == ("half", {"seed": 1, **guess(1, 7)})
    with pytest.raises(FileMismatch, match="with experiment 'half' where this one has 'other'"):
        study(other, range(2), **{**nameless, "name": "other"})


def test_the_file_of_an_experiment_of_ours_has_its_name_and_all_its_settings(path):
    symmetry.run.study([3], sweeps=1, out=path, jobs=1, progress=False)
    header, _ = lines(path)
    assert header["experiment"] == "symmetry"
    assert header["settings"] == {**symmetry.run.settings, "sweeps": 1}


def tuples(seed, sizes=(1, 2)):
    return {"sizes": sizes}


def test_settings_of_tuples_match_their_file(path):
    assert list(study(tuples, [1], out=path)) == list(study(tuples, [1, 2], out=path))[:1]


def test_a_run_log_without_a_file_keeps_rows_all_the_same():
    with RunLog(None, {}) as log:
        assert log.add('{"seed": 3, "x": 1.0}') == log.rows[3] == {"seed": 3, "x": 1.0}
        assert (log.lacks(3), log.lacks(4)) == (False, True)
