import copy
import csv
import json
import math
import random
import re
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microbp import DomainError, Value, exp, losses, sqrt, tanh, where
from microbp.losses import squared_error
from microbp.nn.layers import FileMismatch, Net
from microbp.optim import Adam, Descent, Momentum
from microbp.testing.api import networks
from microbp.training import History, Sweep, evaluate, right_side, train

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


def xor_net(seed=1):
    return Net(2, rng=random.Random(seed), init=0.5).add("hidden", 2).add("output", 1)


def trained(net, *, sweeps, optimizer=None, **options):
    optimizer = optimizer or Momentum(net.parameters(), 0.5, 0.9)
    return train(net, XOR, optimizer, sweeps=sweeps, progress=False, **options)


ENGINES = pytest.mark.parametrize("engine", ["replay", "eager"])


def alike(sweep, engine):
    """What `evaluate` finds, as a sweep does: replay rounds elsewhere."""
    if engine == "eager":
        return sweep
    return Sweep(sweep.sweep, pytest.approx(sweep.error, rel=1e-13), sweep.right)


def numbers(net):
    return [p.data for p in net.parameters()]


def test_a_batch_sweep_changes_weights_once_by_the_summed_gradient():
    net, other = xor_net(), xor_net()
    trained(net, sweeps=1, optimizer=Descent(net.parameters(), 0.5))
    sum(squared_error(other(inputs), targets) for inputs, targets in XOR).backward()
    expected = [p.data - 0.5 * p.grad for p in other.parameters()]
    assert numbers(net) == pytest.approx(expected, rel=1e-14)


def test_a_change_after_each_case():
    net, other = xor_net(), xor_net()
    descent = Descent(net.parameters(), 0.5)
    trained(net, sweeps=2, optimizer=descent, change_per_case=True, engine="eager")
    for inputs, targets in XOR * 2:
        other.zero_grad()
        squared_error(other(inputs), targets).backward()
        for p in other.parameters():
            p.data -= 0.5 * p.grad
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("change_per_case", [False, True])
def test_schedules_count_sweeps_not_cases(change_per_case):
    net, asked = xor_net(), []
    optimizer = Descent(net.parameters(), lambda sweep: asked.append(sweep) or 0.1)
    trained(net, sweeps=3, optimizer=optimizer, change_per_case=change_per_case)
    assert asked == sorted([0, 1, 2] * (4 if change_per_case else 1))


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


def test_replay_follows_a_leaf_that_is_changed_on_the_way():
    found = []
    for engine in ("replay", "eager"):
        heat = Value(1.0)
        net = xor_net()

        def loss(ys, ds, heat=heat):
            return squared_error(ys, ds) * heat

        def until(seen, heat=heat):
            heat.data = 1.0 + seen.sweep

        history = trained(net, sweeps=4, loss=loss, until=until, engine=engine)
        found.append((history.errors, numbers(net)))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-12)
    assert found[0][1] == pytest.approx(found[1][1], rel=1e-12)


def test_no_sweeps_at_all_measure_and_change_nothing():
    net = xor_net()
    history = trained(net, sweeps=0)
    assert numbers(net) == numbers(xor_net())
    assert list(history) == [alike(Sweep(0, *evaluate(net, XOR)), history.engine)]


def test_first_all_right_is_the_first_sweep_that_saw_it():
    history = trained(xor_net(), sweeps=1000)
    first = history.first_all_right()
    assert history[first].right == 4 > history[first - 1].right
    assert trained(xor_net(), sweeps=1).first_all_right() is None


@ENGINES
def test_the_stop_condition_ends_training_with_the_weights_it_saw(engine):
    net = xor_net()
    history = trained(net, sweeps=10_000, until=lambda seen: seen.right == 4, engine=engine)
    assert history.stopped == "the stop condition came true"
    assert history[-1] == alike(Sweep(len(history) - 1, *evaluate(net, XOR)), engine)
    assert [seen.right == 4 for seen in history[-2:]] == [False, True]


@ENGINES
def test_training_stops_where_the_error_is_no_number(engine):
    net = xor_net()
    net.parameters()[0].data = math.nan
    history = trained(net, sweeps=100, engine=engine)
    assert history.stopped == "the error is not finite"
    assert len(history) == 1


@pytest.mark.parametrize("change_per_case", [False, True])
def test_an_interrupt_gives_back_the_last_whole_sweep(change_per_case):
    calls = 0

    def loss(outputs, targets):
        nonlocal calls
        calls += 1
        if calls == 4 * 7 + 2:
            raise KeyboardInterrupt
        return squared_error(outputs, targets)

    net, other = xor_net(), xor_net()
    options = {"change_per_case": change_per_case, "engine": "eager"}
    history = trained(net, sweeps=100, loss=loss, **options)
    trained(other, sweeps=7, **options)
    assert history.stopped == "interrupted"
    assert numbers(net) == numbers(other)
    assert history[-1] == Sweep(7, *evaluate(net, XOR))


PROGRAM = """
    import random, signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job may inherit none
    from microbp.nn.layers import Net
    from microbp.optim import Momentum
    from microbp.training import train
    net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
    xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    def until(seen):
        if seen.sweep == 0:
            print("ready", flush=True)
    optimizer = Momentum(net.parameters(), 0.5, 0.9)
    history = train(net, xor, optimizer, sweeps=10**9, until=until, progress=False)
    print(history.stopped, len(history) > 1, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT can't be sent to one process there")
def test_ctrl_c_in_a_real_process():
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "interrupted True\n"
        finally:
            process.kill()


@ENGINES
@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("kind", [Descent, Momentum, Adam])
def test_a_killed_run_goes_on_from_its_checkpoint_to_the_same_bits(
    tmp_path, kind, change_per_case, engine
):
    class Killed(Exception):
        pass

    def kill(seen):
        if seen.sweep == 47:
            raise Killed
        return False

    options = {
        "change_per_case": change_per_case,
        "checkpoint": tmp_path / "run.json",
        "engine": engine,
    }
    net = xor_net()
    with pytest.raises(Killed):
        trained(
            net,
            sweeps=100,
            optimizer=kind(net.parameters()),
            until=kill,
            checkpoint_every=10,
            **options,
        )
    assert len(json.loads((tmp_path / "run.json").read_text())["sweeps"]) == 40

    resumed = xor_net(seed=99)
    history = trained(resumed, sweeps=100, optimizer=kind(resumed.parameters()), **options)
    straight = xor_net()
    expected = trained(
        straight,
        sweeps=100,
        optimizer=kind(straight.parameters()),
        change_per_case=change_per_case,
        engine=engine,
    )
    assert numbers(resumed) == numbers(straight)
    assert list(history) == list(expected)


def test_a_finished_checkpoint_is_not_trained_again_but_can_be_trained_on(tmp_path):
    path = tmp_path / "run.json"
    first, again, on, straight = (xor_net() for _ in range(4))
    histories = [
        trained(first, sweeps=20, checkpoint=path),
        trained(again, sweeps=20, checkpoint=path),
        trained(on, sweeps=30, checkpoint=path),
        trained(straight, sweeps=30),
    ]
    assert numbers(again) == numbers(first)
    assert numbers(on) == numbers(straight)
    assert list(histories[0]) == list(histories[1])
    assert list(histories[2]) == list(histories[3])


def edited(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: p.write_text("{"), "run.json is not a checkpoint of train"),
        (lambda p: p.write_text("[]"), "run.json is not a checkpoint of train"),
        (lambda p: edited(p, cases=5), "run.json holds a run over 5 cases, not 4"),
        (
            lambda p: edited(p, optimizer={"kind": "Adam"}),
            "run.json holds a run of Adam where this one has Momentum",
        ),
        (
            lambda p: edited(p, optimizer={"kind": "Momentum", "steps": 1}),
            "run.json is not a checkpoint of train",
        ),
        (
            lambda p: edited(p, net=Net(3, rng=random.Random(0)).add("output", 1).state_dict()),
            "run.json holds a net with inputs {'x': 3} where this net has {'x': 2}",
        ),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(tmp_path, spoil, message):
    path = tmp_path / "run.json"
    trained(xor_net(), sweeps=3, checkpoint=path)
    spoil(path)
    net = xor_net(seed=5)
    before, spoilt = net.state_dict(), path.read_bytes()
    with pytest.raises(FileMismatch) as error:
        trained(net, sweeps=10, checkpoint=path)
    assert str(error.value) == message
    assert net.state_dict() == before
    assert path.read_bytes() == spoilt


def test_no_cases_are_refused():
    net = xor_net()
    with pytest.raises(ValueError, match=r"^train: expected at least one case, got none$"):
        train(net, [], Descent(net.parameters()), sweeps=1)


@pytest.mark.parametrize(("sweeps", "every"), [(-1, 1), (1, 0)])
def test_impossible_numbers_of_sweeps_are_refused(sweeps, every):
    message = f"expected sweeps >= 0 and checkpoint_every >= 1, got {sweeps} and {every}$"
    with pytest.raises(ValueError, match=message):
        trained(xor_net(), sweeps=sweeps, checkpoint_every=every)


@pytest.mark.parametrize(
    ("outputs", "targets", "right"),
    [
        ([0.51], [1], True),
        ([0.49], [1], False),
        ([0.5], [1], False),
        ([0.5], [0], False),
        ([0.9, 0.1], [1, 0], True),
        ([0.9, 0.6], [1, 0], False),
        ([math.nan], [1], False),
    ],
)
def test_an_output_is_right_on_its_targets_side_of_a_half(outputs, targets, right):
    assert right_side([Value(y) for y in outputs], targets) is right


def test_evaluating_makes_no_graph_and_changes_nothing():
    net = xor_net()
    before = net.state_dict()
    error, right = evaluate(net, XOR)
    assert error == sum(squared_error(net(i), d).data for i, d in XOR)
    assert right == sum(right_side(net(i), d) for i, d in XOR)
    assert net.state_dict() == before
    assert all(p.grad == 0.0 for p in net.parameters())


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


def test_the_progress_bar_shows_the_error(capfd):
    net = xor_net()
    train(net, XOR, Descent(net.parameters()), sweeps=20, until=lambda seen: time.sleep(0.02))
    shown = capfd.readouterr().err
    assert "20/20" in shown
    assert "error=" in shown


# --- Replay and the eager engine, side by side


def replayed_and_eager(make, cases, optimizer, **options):
    """Two runs of the same net, and how they ended."""
    runs = []
    for engine in ("replay", "eager"):
        net = make()
        history = train(
            net,
            cases,
            optimizer(net.parameters()),
            engine=engine,
            progress=False,
            **{"sweeps": 100, **options},
        )
        runs.append((net, history))
    assert runs[0][1].engine == "replay"
    assert runs[1][1].engine == "eager, as asked"
    return runs


def assert_alike(runs, rel=1e-9):
    """The same course and the same net; what is nearly 0 is so on either side."""
    (one, seen), (two, expected) = runs
    assert [s.sweep for s in seen] == [s.sweep for s in expected]
    assert seen.errors == pytest.approx(expected.errors, rel=rel, abs=1e-12)
    assert [s.right for s in seen] == [s.right for s in expected]
    assert seen.stopped == expected.stopped
    assert numbers(one) == pytest.approx(numbers(two), rel=rel, abs=1e-12)
    grads = [[p.grad for p in net.parameters()] for net in (one, two)]
    assert grads[0] == pytest.approx(grads[1], rel=1e-7, abs=1e-10)


OPTIMIZERS = {
    "descent": lambda ps: Descent(ps, 0.5),
    "decay": lambda ps: Descent(ps, 0.5, decay=0.002),
    "momentum": lambda ps: Momentum(ps, 0.1, 0.9),
    "adam": lambda ps: Adam(ps, 0.01, decay=lambda sweep: 0.01 / (1 + sweep)),
    "schedules": lambda ps: Momentum(
        ps, lambda sweep: 0.5 if sweep < 20 else 0.1, lambda sweep: min(0.9, sweep / 50)
    ),
}


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_replay_goes_the_eager_engines_way(optimizer, change_per_case):
    runs = replayed_and_eager(xor_net, XOR, OPTIMIZERS[optimizer], change_per_case=change_per_case)
    assert_alike(runs)
    assert numbers(runs[0][0]) != numbers(xor_net())


def signed(cases):
    return [(inputs, [2 * d - 1 for d in targets]) for inputs, targets in cases]


def one_of_two(cases):
    return [(inputs, [*targets, 1 - targets[0]]) for inputs, targets in cases]


def weighted(ys, ds):
    return where(ds[0] - 0.5, (ys[0] - ds[0]) ** 2, abs(ys[0] - ds[0]))


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize(
    ("loss", "cases", "outputs"),
    [
        (losses.squared_error, XOR, 1),
        (losses.banded_squared_error, XOR, 1),
        (losses.cross_entropy, one_of_two(XOR), 2),
        (losses.binary_cross_entropy, XOR, 1),
        (losses.hinge, signed(XOR), 1),
        (weighted, XOR, 1),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_replay_knows_every_loss(loss, cases, outputs, change_per_case):
    def make():
        linear = {} if "squared" in loss.__name__ else {"activation": "linear"}
        net = Net(2, rng=random.Random(4), init=0.5).add("hidden", 3)
        return net.add("output", outputs, **linear)

    options = {"loss": loss, "change_per_case": change_per_case}
    assert_alike(replayed_and_eager(make, cases, lambda ps: Descent(ps, 0.1), **options))


def test_every_loss_of_ours_is_among_them():
    ours = {
        name
        for name, f in vars(losses).items()
        if callable(f) and getattr(f, "__module__", "") == losses.__name__ and name[0] != "_"
    }
    assert ours == {
        "squared_error", "banded_squared_error", "cross_entropy", "binary_cross_entropy", "hinge",
    }  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_replay_of_groups_and_skips(turned):
    def make():
        net = Net({"a": 2, "b": 1}, rng=random.Random(2), init=0.5)
        net.add("left", 2, of=["a"], activation="tanh").add("right", 2, of=["b", "left"])
        return net.add("output", 2, of=["right", "a", "left"])

    rng = random.Random(5)
    cases = [
        ({"a": [rng.random(), rng.random()], "b": [rng.random()]}, [rng.random(), i % 2])
        for i in range(200)
    ]
    if turned:  # the order of groups is no one's business
        cases[3:] = [(dict(reversed(inputs.items())), ds) for inputs, ds in cases[3:]]
    assert_alike(replayed_and_eager(make, cases, lambda ps: Momentum(ps, 0.01), sweeps=20))


@given(net=networks(inputs=2, outputs=1), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_replay_of_any_net(net, seed):
    rng = random.Random(seed)
    cases = [([rng.random(), rng.random()], [rng.random()]) for _ in range(rng.choice([1, 5, 70]))]
    text = json.dumps(net.state_dict())

    def make():
        twin = copy.deepcopy(net)
        twin.load_state_dict(json.loads(text))
        return twin

    assert_alike(replayed_and_eager(make, cases, lambda ps: Descent(ps, 0.001), sweeps=3))


@pytest.mark.parametrize("change_per_case", [False, True])
def test_ones_own_verdict_sees_outputs_and_targets(change_per_case):
    def right(outputs, targets):
        assert len(outputs) == len(targets) == 1
        assert isinstance(outputs[0], Value)
        return abs(outputs[0] - targets[0]) < 0.49

    options = {"right": right, "change_per_case": change_per_case, "sweeps": 600}
    runs = replayed_and_eager(xor_net, XOR, lambda ps: Momentum(ps, 0.5), **options)
    assert_alike(runs, rel=1e-6)
    assert len({seen.right for seen in runs[0][1]}) > 2


def test_ones_own_verdict_allows_more_targets_than_outputs():
    cases = [(inputs, [*targets, weight]) for weight, (inputs, targets) in enumerate(XOR, 1)]
    options = {
        "loss": lambda ys, ds: ds[1] * (ys[0] - ds[0]) ** 2,
        "right": lambda ys, ds: abs(ys[0].data - ds[0]) < 0.5,
    }
    assert_alike(replayed_and_eager(xor_net, cases, lambda ps: Descent(ps, 0.1), **options))


@pytest.mark.parametrize("numpy_for", ["inputs", "targets", "both", "all at once"])
def test_cases_may_be_arrays(numpy_for):
    cases = [
        (
            np.array(inputs) if numpy_for != "targets" else inputs,
            np.array(targets) if numpy_for != "inputs" else targets,
        )
        for inputs, targets in XOR
    ]
    if numpy_for == "all at once":
        cases = list(zip(*map(np.array, zip(*XOR, strict=True)), strict=True))
    net, other = xor_net(), xor_net()
    history = train(net, cases, Descent(net.parameters()), sweeps=5, progress=False)
    trained(other, sweeps=5, optimizer=Descent(other.parameters()))
    assert history.engine == "replay"
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize(
    "call",
    [
        lambda net, xs: [y * tanh(exp(1000.0 * xs[0])) for y in net(xs)],
        lambda net, xs: [y + 0.0 * sqrt(net.parameters()[0] ** 2 * xs[0]) for y in net(xs)],
    ],
    ids=["tanh(inf) is 1", "0 times an infinite partial is 0"],
)
def test_sweeps_that_the_kernels_leave_to_numpy(call, change_per_case):
    options = {"change_per_case": change_per_case, "sweeps": 20}
    runs = replayed_and_eager(lambda: Peculiar(call), XOR, lambda ps: Momentum(ps, 0.5), **options)
    assert_alike(runs)


def test_until_sees_what_each_sweep_saw_and_weights_may_be_set_between():
    def run(engine):
        net, seen = xor_net(), []

        def until(sweep):
            seen.append((sweep.sweep, sweep.right))
            if sweep.sweep == 3:
                net.parameters()[0].data = 0.25
            return sweep.sweep == 6

        history = trained(net, sweeps=10, until=until, engine=engine)
        return seen, history.stopped, history.errors, numbers(net)

    one, two = run("replay"), run("eager")
    assert one[:2] == two[:2]
    assert one[2] + one[3] == pytest.approx(two[2] + two[3], rel=1e-11)


def test_weights_are_ordinary_values_afterwards():
    net = xor_net()
    before = net.parameters()
    history = trained(net, sweeps=10)
    assert history.engine == "replay"
    assert [a is b for a, b in zip(net.parameters(), before, strict=True)] == [True] * len(before)
    (y,) = net([0, 1])
    y.backward()
    assert all(p.op is None and p.grad != 0.0 for p in before[-3:])


@pytest.mark.parametrize("change_per_case", [False, True])
def test_gradients_that_were_there_before_do_not_count(change_per_case):
    net, other = xor_net(), xor_net()
    for p in net.parameters():
        p.grad = 100.0
    for each in (net, other):
        trained(each, sweeps=3, change_per_case=change_per_case, engine="replay")
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("where_from", ["until", "right", "schedule"])
@pytest.mark.parametrize("change_per_case", [False, True])
def test_an_interrupt_gives_back_the_last_whole_sweep_of_replay(where_from, change_per_case):
    asked = dict.fromkeys(("until", "right", "schedule"), 0)
    calls = 4 if change_per_case else 1  # of a schedule, in a sweep
    last = {"until": 8, "right": 4 * 7 + 2, "schedule": calls * 7 + 1}

    def ask(who):
        asked[who] += 1
        if who == where_from and asked[who] == last[who]:
            raise KeyboardInterrupt

    def right(outputs, targets):
        ask("right")
        return right_side(outputs, targets)

    net, other = xor_net(), xor_net()
    history = trained(
        net,
        sweeps=100,
        optimizer=Momentum(net.parameters(), lambda sweep: ask("schedule") or 0.5, 0.9),
        right=right,
        until=lambda seen: ask("until"),
        change_per_case=change_per_case,
        engine="replay",
    )
    trained(other, sweeps=7, change_per_case=change_per_case, engine="replay")
    assert history.stopped == "interrupted"
    assert numbers(net) == numbers(other)
    assert history[-1] == Sweep(7, *evaluate(net, XOR))


# --- What can't be replayed


class Peculiar:
    """A net with something of its own in the way it computes."""

    def __init__(self, call, seed=1):
        self.net, self.call = xor_net(seed), call
        self.parameters, self.state_dict = self.net.parameters, self.net.state_dict
        self.load_state_dict = self.net.load_state_dict

    def __call__(self, inputs):
        return self.call(self.net, inputs)


def dropout(rng):
    return lambda net, xs: [y * (2.0 if rng.random() < 0.5 else 0.0) for y in net(xs)]


def plain(net, xs):
    return net(xs)


def chosen_by_target(ys, ds):
    return (ys[0] - 0.9) ** 2 if ds[0] > 0.5 else (ys[0] - 0.1) ** 2


VALUES = [([Value(float(x)) for x in inputs], targets) for inputs, targets in XOR]
UNEVEN = [*XOR, ([1, 1, 1], [0])]
UNEVEN_GROUPS = [({"a": [0, 1], "b": []}, [1]), ({"a": [0], "b": [1]}, [1])]
OTHER_GROUPS = [({"a": [0], "b": [1]}, [1]), ({"a": [0], "c": [1]}, [1])]
UNEVEN_SPLIT = [([0, 1], [1]), ([0], [1, 1])]
IRREPLAYABLE = {
    "uneven": (lambda net, xs: net(xs[:2]), UNEVEN, squared_error, "not of the same size"),
    "uneven groups": (
        lambda net, xs: net([*xs["a"], *xs["b"]]), UNEVEN_GROUPS, squared_error, "not of the same"),
    "other groups": (
        lambda net, xs: net([x for group in xs.values() for x in group]), OTHER_GROUPS,
        squared_error, "not of the same size"),
    "Values": (plain, VALUES, squared_error, "the cases hold Values"),
    "a loss that looks": (plain, XOR, chosen_by_target, "Python compares what depends on the case"),
    "a net that looks": (
        lambda net, xs: [y * 2.0 if xs[0] > 0.5 else y for y in net(xs)], XOR, squared_error,
        r"Python compares what depends on the case: Value\(0.0"),
    "a net that looks at what it throws away": (
        lambda net, xs: net([x if x - 0.5 > 0.0 else x * 1.0 for x in xs]), XOR, squared_error,
        r"Python compares what depends on the case: Value\(-0.5, grad=0.0, op=sub\)"),
    "a net that looks at its output": (
        lambda net, xs: [y * 2.0 if y > 0.5 else y for y in net(xs)], XOR, squared_error,
        r"Python compares what depends on the case: Value\(.*op=sigmoid"),
    "a net that reads": (
        lambda net, xs: [y * float(xs[0]) for y in net(xs)], XOR, squared_error,
        "in case 2 error and"),
    "a single target": (
        plain, [(inputs, targets[0]) for inputs, targets in XOR],
        lambda ys, d: (ys[0] - d) ** 2, "TypeError: "),
    "no Values": (
        lambda net, xs: [0.5 for _ in net(xs)], XOR, lambda ys, ds: Value(1.0),
        "AttributeError: |TypeError: "),
}  # fmt: skip


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("which", IRREPLAYABLE)
def test_what_cannot_be_replayed_is_built_anew(which, change_per_case):
    call, cases, loss, reason = IRREPLAYABLE[which]
    results = []
    for engine in ("auto", "eager"):
        net = Peculiar(call)
        history = train(
            net,
            cases,
            Descent(net.parameters(), 0.5),
            sweeps=5,
            loss=loss,
            right=lambda ys, ds: float(ys[0]) > 0.5,
            change_per_case=change_per_case,
            engine=engine,
            progress=False,
        )
        results.append((list(history), numbers(net)))
        if engine == "auto":
            assert re.search("^eager: .*(" + reason + ")", history.engine)
    assert results[0] == results[1]
    net = Peculiar(call)
    with pytest.raises(ValueError, match=r"^train: can't replay this net: .*(" + reason + ")"):
        train(
            net,
            cases,
            Descent(net.parameters()),
            sweeps=1,
            loss=loss,
            right=lambda ys, ds: float(ys[0]) > 0.5,
            engine="replay",
            progress=False,
        )
    assert numbers(net) == numbers(xor_net())


def test_a_net_that_is_random_is_built_anew():
    net = Peculiar(dropout(random.Random(1)))
    history = trained(net, sweeps=5, engine="auto")
    assert history.engine.startswith("eager: in case ")
    with pytest.raises(ValueError, match="can't replay this net: in case"):
        trained(Peculiar(dropout(random.Random(1))), sweeps=5, engine="replay")


@pytest.mark.parametrize(
    ("cases", "kind", "message"),
    [
        ([([0, "1"], [1]), ([0, 1], [1])], TypeError, "Value: expected a real number.*'1'"),
        ([([0, 1], [1]), ([0, "1"], [1])], TypeError, "Value: expected a real number.*'1'"),
        ([([0, 1], [1]), ([0, None], [1])], TypeError, "Value: expected a real number.*None"),
        ([([0, 1], [1]), ([0, 10**400], [1])], ValueError, "Value: no float can hold"),
        ([([0, 1, 2], [1])], ValueError, "net: expected 2 inputs x, got 3"),
        ([([0, 1], [1, 0])], ValueError, "squared_error: 1 outputs but 2 targets"),
    ],
)
@pytest.mark.parametrize("engine", ["auto", "eager"])
def test_bad_cases_raise_what_they_always_did(cases, kind, message, engine):
    net = xor_net()
    with pytest.raises(kind, match=message):
        train(net, cases, Descent(net.parameters()), sweeps=1, engine=engine, progress=False)


def test_unknown_engines_are_refused():
    message = "^train: expected engine 'auto', 'replay' or 'eager', got 'compiled'$"
    with pytest.raises(ValueError, match=message):
        trained(xor_net(), sweeps=1, engine="compiled")


def test_a_case_beyond_the_sample_without_a_value_raises():
    def loss(ys, ds):
        return (ys[0] * 0.0 + ds[0]).log()

    cases = [([0, 1], [1.0])] * 300
    cases[101] = ([0, 1], [-1.0])
    for engine in ("auto", "eager"):
        net = xor_net()
        with pytest.raises(DomainError, match="log"):
            train(
                net,
                cases,
                Descent(net.parameters()),
                sweeps=1,
                loss=loss,
                engine=engine,
                progress=False,
            )
        assert numbers(net) == numbers(xor_net())


def test_without_parameters_there_is_only_measuring():
    net = xor_net()
    history = train(net, XOR, Descent([]), sweeps=3, engine="replay", progress=False)
    assert len({seen.error for seen in history[:3]}) == 1
    assert numbers(net) == numbers(xor_net())


def test_other_parameters_stay_as_they_are():
    net, other = xor_net(), xor_net()
    for each, engine in ((net, "replay"), (other, "eager")):
        some = each.parameters()[:2]
        train(each, XOR, Descent(some, 0.5), sweeps=20, engine=engine, progress=False)
    assert numbers(net)[2:] == numbers(xor_net())[2:]
    assert numbers(net) == pytest.approx(numbers(other), rel=1e-12)
