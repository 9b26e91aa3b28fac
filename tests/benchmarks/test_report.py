"""The report: who is left out, ratios, and targets."""

import math

import pytest

from benchmarks import runner
from benchmarks.contenders import CONTENDERS
from benchmarks.plot import MARKERS
from benchmarks.report import report
from benchmarks.results import Results, Spread
from benchmarks.targets import targets
from benchmarks.worker_process import WorkerFailed
from benchmarks.workloads import WORKLOADS


def some_results(**fields):
    machine = dict.fromkeys(("processor", "cores", "vectors", "system", "python"), "some")
    return Results(date="today", machine=machine, rounds=1, **fields)


class Answers:
    """An worker whose answers are known."""

    def __init__(self, key, **answer):
        self.contender, self.answer, self.info = CONTENDERS[key], answer, {"nary": False}

    def ask(self, request, limit, **arguments):
        if "error" in self.answer:
            raise WorkerFailed(self.answer["error"])
        return self.answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"loss": 1.0, "slope": 2.0}, None),
        ({"loss": 1.0 + 1e-11, "slope": 2.0}, "wrong: a loss"),
        ({"loss": math.nan, "slope": 2.0}, "wrong: a loss"),
        ({"loss": 1.0, "slope": 2.001}, "wrong: a gradient"),
        ({"error": "took more than 20 s"}, "took more than 20 s"),
    ],
)
def test_who_is_wrong_or_slow_is_left_out(answer, reason):
    results = some_results()
    reference = runner._Reference(Answers("floats", loss=1.0, slope=2.0))
    runner._check(results, WORKLOADS["chain"], reference, Answers("xad", **answer))
    left_out = results.left_out["chain"]
    assert left_out == {} if reason is None else left_out["xad"].startswith(reason)
    if reason is not None:
        assert f"Left out: XAD ({reason}" in report(results)


def test_ratios_are_taken_round_by_round():
    times = {"chain": {"floats": {"step": [1.0, 10.0, 2.0]}, "xad": {"step": [3.0, 20.0, 2.0]}}}
    results = some_results(times=times)
    assert results.ratio(("chain", "xad"), ("chain", "floats")) == Spread(1.5, 2.0, 2.5)
    assert results.ratio(("chain", "xad"), ("moons", "floats")) is None


def test_targets_are_held_against_what_was_measured():
    def step(seconds):
        return {"step": [seconds]}

    times = {
        "moons": {"microbp-compiled": step(1.0), "micrograd-nogc": step(24.0), "xad": step(8.0)}
    }
    memory = {"microbp-compiled": {"held": 64.1}}
    verdicts = {
        target.what: target.verdict for target in targets(some_results(times=times, memory=memory))
    }
    assert verdicts["micrograd-nogc moons / microbp-compiled moons"] == "missed"
    assert verdicts["xad moons / microbp-compiled moons"] == "reached"
    assert verdicts["compiled: bytes a node of a chain of products"] == "reached"
    assert verdicts["xad gpt / microbp-compiled gpt"] == "not measured"


def test_targets_of_replay_are_held_against_the_fastest_c():
    def step(seconds, **parts):
        return {"step": [seconds], **parts}

    times = {
        "replay-symmetry": {
            "microbp-replay": step(2.5e-6),
            "c": step(3e-6),
            "c-vectorized-native": step(1e-6),
            "jax": step(3e-5),
        },
        "replay-gpt": {"microbp-replay": step(5e-5), "numpy": step(1e-4)},
        "family-training": {"microbp-replay": step(1e-4), "micrograd-nogc": step(0.5)},
        "replay-nodes-1000": {"microbp-replay": step(2e-3, forward=[2e-4], copies=[5e-4])},
    }
    found = some_results(times=times, operations={"replay-nodes-1000": 4_096_000})
    verdicts = {target.what: target.verdict for target in targets(found)}
    symmetry, training = "replay-symmetry", "family-training"
    assert verdicts[f"microbp-replay {symmetry} / the fastest C"] == "missed"
    assert verdicts[f"microbp-replay {symmetry} / C with libm's exp, same flags"] == "reached"
    assert verdicts[f"jax / microbp-replay, {symmetry}"] == "reached"
    assert verdicts[f"numpy / microbp-replay, {symmetry}"] == "not measured"
    assert verdicts["numpy / microbp-replay, replay-gpt"] == "missed"
    (extrapolated,) = [what for what in verdicts if training in what]
    assert "1,500 sweeps, micrograd's extrapolated from 1" in extrapolated
    assert verdicts[extrapolated] == "reached"
    node = "ns a node and a case (the copy of a row: 0.12)"
    assert verdicts[f"replay-nodes-1000: forward and backward, {node}"] == "missed"
    assert verdicts[f"replay-nodes-1000: forward alone, {node}"] == "reached"
    assert found.baseline(times) == "microbp-replay"
    assert found.fastest("replay-family", ["c"]) is None


def test_each_contender_has_a_marker():
    assert len(set(MARKERS)) == len(MARKERS) >= len(CONTENDERS)
