"""The benchmark: does every contender compute the same, and does a run write what it found?

Peers that are not installed are not needed here.
"""

import functools
import gc
import importlib.util
import json
import math
import os
import random
import shutil
import subprocess
import sys

import pytest

from benchmarks import __main__ as command
from benchmarks import runner
from benchmarks.contenders import CONTENDERS, REFERENCE
from benchmarks.operation_count import count_operations
from benchmarks.plot import MARKERS
from benchmarks.report import report
from benchmarks.results import Results, Spread
from benchmarks.targets import targets
from benchmarks.worker import Worker
from benchmarks.worker_process import ROOT, WorkerFailed, WorkerProcess
from benchmarks.workloads import WORKLOADS, replay
from benchmarks.workloads.synthetic import chain
from microbp.experiments.nature1986.family_trees import family_net
from microbp.optim import Momentum
from microbp.training import evaluate, train

HERE = [
    contender
    for contender in CONTENDERS.values()
    if all(importlib.util.find_spec(package) for package in contender.packages)
    and (contender.adapter != "c" or shutil.which("cc"))
]
ADAPTERS = {contender.adapter: contender for contender in HERE if not contender.replays}
PAIRS = [
    (contender.key, name)
    for contender in ADAPTERS.values()
    for name, workload in WORKLOADS.items()
    if contender.runs(workload)
    and (contender.adapter in ("floats", "microbp") or not workload.nary)
    if workload.replay is None
] + [
    (contender.key, name)
    for contender in HERE
    for name, workload in WORKLOADS.items()
    if workload.replay is not None and contender.runs(workload)
    if name != "replay-nodes-10000"  # as the one of 1,000, and takes long
]


@pytest.fixture(autouse=True)
def as_before():
    """A worker usually has a process to itself, and changes it."""
    limit = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(limit)
    gc.enable()


def adapter_of(contender):
    return importlib.import_module(f"benchmarks.adapters.{contender.adapter}").Adapter(
        *contender.options
    )


@functools.cache
def check(contender, workload):
    return Worker(contender, adapter_of(contender)).check(workload)


def some_results(**fields):
    machine = dict.fromkeys(("processor", "cores", "system", "python"), "some")
    return Results(date="today", machine=machine, rounds=1, **fields)


@pytest.mark.parametrize(("contender", "workload"), PAIRS)
def test_each_contender_finds_the_loss_and_gradient_of_floats(contender, workload):
    right, found = check(REFERENCE, workload), check(CONTENDERS[contender], workload)
    assert math.isclose(found["loss"], right["loss"], rel_tol=1e-12)
    assert math.isclose(found["slope"], right["slope"], rel_tol=1e-5)


def test_operations_are_counted():
    assert count_operations(chain(5)) == 5
    assert count_operations(WORKLOADS["moons-dot"]) == count_operations(WORKLOADS["moons"])
    assert 55_000 < count_operations(WORKLOADS["gpt"]) < 65_000
    assert count_operations(WORKLOADS["replay-gpt"]) == count_operations(WORKLOADS["gpt"])
    assert count_operations(WORKLOADS["replay-symmetry"]) == 64 * 35
    assert count_operations(WORKLOADS["replay-nodes-1000"]) == 4_096 * 1_000


@pytest.mark.parametrize("nodes", [1_000, 10_000])
def test_a_random_graph_has_no_node_in_vain(nodes):
    class Node:
        made = 0

        def __init__(self, *operands):
            self.operands = operands

        def __add__(self, other):
            Node.made += 1
            return Node(self, other)

        __mul__ = __add__

    replay = WORKLOADS[f"replay-nodes-{nodes}"].replay
    inputs = [Node() for _ in replay.cases()[0]]
    todo = [replay.error(None, [Node() for _ in range(8)], inputs)]
    seen = set(todo)
    while todo:
        new = set(todo.pop().operands) - seen
        seen |= new
        todo += new
    assert Node.made == nodes
    assert len(seen) == nodes + 16 + 8


def test_who_replays_does_nothing_else():
    assert not any(
        CONTENDERS["jax"].runs(workload)
        for workload in (WORKLOADS["moons"], WORKLOADS["replay-gpt"])
    )
    assert CONTENDERS["jax"].runs(WORKLOADS["replay-family"])
    assert CONTENDERS["xad"].runs(WORKLOADS["moons"])
    assert not CONTENDERS["xad"].runs(WORKLOADS["replay-family"])


def test_the_family_work_is_the_net_of_the_experiment():
    workload = WORKLOADS["family-training"]
    net = family_net(random.Random(replay.FAMILY_SEED))
    assert workload.numbers() == [p.data for p in net.parameters()]
    error, _ = evaluate(net, replay.family_training_cases())
    assert error == pytest.approx(check(REFERENCE, "family-training")["loss"], rel=1e-12)
    assert len(workload.replay.cases()) == 100


@pytest.mark.parametrize("peer", ["microbp", "micrograd"])
def test_a_sweep_of_training_by_hand_is_a_sweep_of_train(peer):
    pytest.importorskip(peer)
    workload = WORKLOADS["family-training"]
    _, lr, momentum = workload.replay.training
    by_hand = adapter_of(ADAPTERS[peer]).prepared(workload)
    gc.disable()
    for _ in range(2):
        by_hand.step()
        gc.collect()
    net = family_net(random.Random(replay.FAMILY_SEED))
    optimizer = Momentum(net.parameters(), lr=lr, momentum=momentum)
    cases = replay.family_training_cases()
    history = train(net, cases, optimizer, sweeps=2, progress=False)
    assert by_hand.loss() == pytest.approx(history[1].error, rel=1e-12)
    weights = [leaf.data for leaf in by_hand.leaves]
    assert weights == pytest.approx([p.data for p in net.parameters()], rel=1e-9)


@pytest.mark.parametrize("contender", [c.key for c in HERE if c.replays])
def test_who_replays_answers_each_step_the_same(contender):
    prepared = adapter_of(CONTENDERS[contender]).prepared(WORKLOADS["replay-symmetry"])
    prepared.step()
    first = prepared.loss(), list(prepared.gradient())
    prepared.step()
    assert (prepared.loss(), list(prepared.gradient())) == first


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_c_without_its_compiler_is_missing(monkeypatch):
    Adapter = importlib.import_module("benchmarks.adapters.c").Adapter
    assert Adapter().versions["cc"]
    monkeypatch.setattr("benchmarks.adapters.c.FLAGS", ("-fno-such-flag",))
    with pytest.raises(ImportError, match="no-such-flag"):
        Adapter()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ImportError, match="no C compiler"):
        Adapter()


def run(folder, *options, pythonpath=""):
    subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rounds", "1", *options, "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(pythonpath)},
        check=True,
    )
    return json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))


def test_a_run_writes_complete_files(tmp_path):
    found = run(tmp_path, "--only", "chain", "--contenders", "floats,microbp-python,microgpt")
    assert found["times"]["chain"].keys() == {"floats", "microbp-python", "microgpt"}
    assert found["times"]["chain"]["microgpt"].keys() == {"step", "forward", "backward"}
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "## chain: 2,000 products" in text
    assert "| microgpt's style |" in text
    assert (tmp_path / "benchmarks.png").read_bytes().endswith(b"IEND\xaeB`\x82")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_replayed_work_is_timed_by_the_step(tmp_path):
    contenders = "floats,microbp-compiled,microbp-python,c,numpy"
    found = run(tmp_path, "--only", "replay-symmetry,chain", "--contenders", contenders)
    timed = found["times"]["replay-symmetry"]
    assert "floats" not in timed  # no gradient
    assert "microbp-python" in found["times"]["chain"]
    assert all(parts.keys() == {"step"} for parts in timed.values())
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert ("## Replayed steps, in times of" in text) is bool(timed)
    if "c" not in found["missing"]:
        assert 0.0 < timed["c"]["step"][0] < 1e-3
        assert "| C by hand |" in text


class Steps:
    """A step that takes a known time, by the clock of the worker."""

    sweeps = 10

    def __init__(self, clock):
        self.clock = clock

    def step(self):
        self.clock[0] += 0.03

    def values(self):
        self.clock[0] += 0.00001


def test_a_step_is_repeated_until_there_is_something_to_see(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("benchmarks.worker.perf_counter", lambda: clock[0])
    worker = Worker(CONTENDERS["c"], None)
    worker.prepared["family-training"] = Steps(clock)
    found = worker.time("family-training")
    assert found == pytest.approx({"step": 0.003, "forward": 0.00001})
    assert 0.2 < clock[0] < 0.4


def test_a_missing_peer_is_named(tmp_path):
    (tmp_path / "xad.py").write_text("raise ModuleNotFoundError('xad was taken away')\n")
    found = run(
        tmp_path / "out", "--only", "chain", "--contenders", "floats,xad", pythonpath=tmp_path
    )
    assert found["missing"] == {"xad": "xad was taken away"}
    assert found["times"]["chain"].keys() == {"floats"}
    none = run(
        tmp_path / "none", "--only", "replay-gpt", "--contenders", "xad", pythonpath=tmp_path
    )
    assert none["missing"] == {}  # who has no part in it isn't missed
    text = (tmp_path / "out" / "benchmarks.md").read_text(encoding="utf-8")
    assert "Left out: XAD (xad was taken away)." in text


def test_an_engine_that_is_not_there_is_missing():
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.worker", "microbp-python"],
        cwd=ROOT,
        env={**os.environ, "MICROBP_ENGINE": "steam"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "steam" in json.loads(out)["missing"]


def test_a_worker_outlives_what_it_can_not_do():
    with WorkerProcess(CONTENDERS["microgpt"]) as worker:
        with pytest.raises(WorkerFailed, match="AttributeError"):
            worker.ask("check", 20.0, workload="gpt-dot")
        with pytest.raises(WorkerFailed, match=r"took more than 0\.001 s"):
            worker.ask("time", 0.001, workload="gpt")
        assert worker.ask("time", 20.0, workload="chain").keys() == {"step", "forward", "backward"}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_and_depth():
    with WorkerProcess(CONTENDERS["microbp-python"]) as worker:
        memory = worker.ask("memory", 20.0, nodes=50_000)
        assert 80.0 < memory["held"] < 400.0
        assert memory["most"] > memory["held"]
    with WorkerProcess(CONTENDERS["microgpt"]) as worker:
        assert worker.ask("depth", 20.0, nodes=100) == {}
        with pytest.raises(WorkerFailed, match="RecursionError"):
            worker.ask("depth", 20.0, nodes=100_000)


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
    memory = {"microbp-compiled": {"held": 88.0}}
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
        "family-training": {"microbp-replay": step(1e-4), "micrograd-nogc": step(0.5)},
        "replay-nodes-1000": {"microbp-replay": step(1e-3, forward=[2e-4])},
    }
    found = some_results(times=times, operations={"replay-nodes-1000": 4_096_000})
    verdicts = {target.what: target.verdict for target in targets(found)}
    symmetry, training = "replay-symmetry", "family-training"
    assert verdicts[f"microbp-replay {symmetry} / the fastest C"] == "missed"
    assert verdicts[f"microbp-replay {symmetry} / C with libm's exp, same flags"] == "reached"
    assert verdicts[f"jax / microbp-replay, {symmetry}"] == "reached"
    assert verdicts[f"numpy / microbp-replay, {symmetry}"] == "not measured"
    (extrapolated,) = [what for what in verdicts if training in what]
    assert "1,500 sweeps, micrograd's extrapolated from 1" in extrapolated
    assert verdicts[extrapolated] == "reached"
    node = "ns a node and a case"
    assert verdicts[f"replay-nodes-1000: forward and backward, {node}"] == "missed"
    assert verdicts[f"replay-nodes-1000: forward alone, {node}"] == "reached"
    assert found.baseline(times) == "microbp-replay"
    assert found.fastest("replay-family", ["c"]) is None


def test_an_interrupted_run_keeps_what_it_has(tmp_path, monkeypatch, capsys):
    def interrupted(results, workloads, contenders, progress):
        results.operations["chain"] = 2_000
        results.times["chain"] = {"floats": {"step": [1e-4], "forward": [1e-4]}}
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "time_workloads", interrupted)
    command.main(["--only", "chain", "--out", str(tmp_path)])
    assert "interrupted before their end" in (tmp_path / "benchmarks.md").read_text()
    assert json.loads((tmp_path / "benchmarks.json").read_text())["interrupted"]
    assert "kept" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--only", "chian"], ["--contenders", "x"], ["--rounds", "0"]])
def test_unknown_options_are_refused(options, capsys):
    with pytest.raises(SystemExit):
        command.main(options)
    assert options[1] in capsys.readouterr().err


def test_each_contender_has_a_marker():
    assert len(set(MARKERS)) == len(MARKERS) >= len(CONTENDERS)
