"""Every contender that is installed computes the same: others' libraries, in the thorough run."""

import functools
import gc
import importlib.util
import math
import random
import shutil

import pytest

from benchmarks.contenders import CONTENDERS, REFERENCE
from benchmarks.worker import Worker
from benchmarks.workloads import WORKLOADS, replay
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


def of(contender, *more):
    """The parameters of a test; thorough if it needs the extra bench, or takes long."""
    quick = set(contender.packages) <= {"microbp", "numpy"} and "replay-gpt-batch" not in more
    return pytest.param(contender.key, *more, marks=() if quick else pytest.mark.thorough)


PAIRS = [
    of(contender, name)
    for contender in ADAPTERS.values()
    for name, workload in WORKLOADS.items()
    if contender.runs(workload)
    and (contender.adapter in ("floats", "microbp") or not workload.nary)
    if workload.replay is None
] + [
    of(contender, name)
    for contender in HERE
    for name, workload in WORKLOADS.items()
    if workload.replay is not None and contender.runs(workload)
    if name != "replay-nodes-10000"  # as the one of 1,000, and takes long
]


def adapter_of(contender):
    return importlib.import_module(f"benchmarks.adapters.{contender.adapter}").Adapter(
        *contender.options
    )


@functools.cache
def check(contender, workload):
    return Worker(contender, adapter_of(contender)).check(workload)


@pytest.mark.parametrize(("contender", "workload"), PAIRS)
def test_each_contender_finds_the_loss_and_gradient_of_floats(contender, workload):
    right, found = check(REFERENCE, workload), check(CONTENDERS[contender], workload)
    assert math.isclose(found["loss"], right["loss"], rel_tol=1e-12)
    assert math.isclose(found["slope"], right["slope"], rel_tol=1e-5)


def test_the_family_work_is_the_net_of_the_experiment():
    workload = WORKLOADS["family-training"]
    net = family_net(random.Random(replay.FAMILY_SEED))
    assert workload.numbers() == [p.data for p in net.parameters()]
    error, _ = evaluate(net, replay.family_training_cases())
    assert error == pytest.approx(check(REFERENCE, "family-training")["loss"], rel=1e-12)
    assert len(workload.replay.cases()) == 100


@pytest.mark.parametrize(
    "contender", [of(c) for c in ADAPTERS.values() if c.adapter in ("microbp", "micrograd")]
)
def test_a_sweep_of_training_by_hand_is_a_sweep_of_train(contender):
    workload = WORKLOADS["family-training"]
    _, lr, momentum = workload.replay.training
    by_hand = adapter_of(CONTENDERS[contender]).prepared(workload)
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


@pytest.mark.parametrize("contender", [of(c) for c in HERE if c.replays])
def test_who_replays_answers_each_step_the_same(contender):
    prepared = adapter_of(CONTENDERS[contender]).prepared(WORKLOADS["replay-symmetry"])
    prepared.step()
    first = prepared.loss(), list(prepared.gradient())
    prepared.step()
    assert (prepared.loss(), list(prepared.gradient())) == first


@pytest.mark.parametrize(
    ("contender", "workload"),
    [
        of(CONTENDERS[key], name)
        for key in ("numpy", "jax")
        if CONTENDERS[key] in HERE
        for name in ("replay-gpt", "replay-gpt-batch")
    ],
)
def test_the_gpt_by_hand_has_the_whole_gradient(contender, workload):
    found = []
    for key in ("microbp-replay", contender):
        prepared = adapter_of(CONTENDERS[key]).prepared(WORKLOADS[workload])
        prepared.step()
        found.append([prepared.loss(), *prepared.gradient()])
    ours, theirs = found
    assert theirs == pytest.approx(ours, rel=1e-12, abs=1e-15)


def test_who_replays_does_nothing_else():
    assert not any(
        CONTENDERS["jax"].runs(workload)
        for workload in (WORKLOADS["moons"], WORKLOADS["replay-gpt-dot"])
    )
    assert CONTENDERS["jax"].runs(WORKLOADS["replay-family"])
    assert CONTENDERS["xad"].runs(WORKLOADS["moons"])
    assert not CONTENDERS["xad"].runs(WORKLOADS["replay-family"])


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
