import csv
import json
import math
import random
import signal
import subprocess
import sys
import textwrap

import pytest

from microbp import Value
from microbp.losses import squared_error
from microbp.nn import FileMismatch, Net
from microbp.optim import Adam, Descent, Momentum
from microbp.training import History, Sweep, evaluate, right_side, train

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


def xor_net(seed=1):
    return Net(2, rng=random.Random(seed), init=0.5).add("hidden", 2).add("output", 1)


def trained(net, *, sweeps, optimiser=None, **options):
    optimiser = optimiser or Momentum(net.parameters(), 0.5, 0.9)
    return train(net, XOR, optimiser, sweeps=sweeps, progress=False, **options)


def numbers(net):
    return [p.data for p in net.parameters()]


def test_a_batch_sweep_changes_weights_once_by_the_summed_gradient():
    net, other = xor_net(), xor_net()
    trained(net, sweeps=1, optimiser=Descent(net.parameters(), 0.5))
    sum(squared_error(other(inputs), targets) for inputs, targets in XOR).backward()
    expected = [p.data - 0.5 * p.grad for p in other.parameters()]
    assert numbers(net) == pytest.approx(expected, rel=1e-14)


def test_a_change_after_each_case():
    net, other = xor_net(), xor_net()
    trained(net, sweeps=2, optimiser=Descent(net.parameters(), 0.5), change_per_case=True)
    for inputs, targets in XOR * 2:
        other.zero_grad()
        squared_error(other(inputs), targets).backward()
        for p in other.parameters():
            p.data -= 0.5 * p.grad
    assert numbers(net) == numbers(other)


@pytest.mark.parametrize("change_per_case", [False, True])
def test_schedules_count_sweeps_not_cases(change_per_case):
    net, asked = xor_net(), []
    optimiser = Descent(net.parameters(), lambda sweep: asked.append(sweep) or 0.1)
    trained(net, sweeps=3, optimiser=optimiser, change_per_case=change_per_case)
    assert asked == sorted([0, 1, 2] * (4 if change_per_case else 1))


def test_history_says_how_the_net_did_after_each_number_of_changes():
    net = xor_net()
    history = trained(net, sweeps=5)
    assert [seen.sweep for seen in history] == [0, 1, 2, 3, 4, 5]
    assert history[0] == Sweep(0, *evaluate(xor_net(), XOR))
    assert history[-1] == Sweep(5, *evaluate(net, XOR))
    assert history.errors == [seen.error for seen in history]
    assert len(history) == 6
    assert history[1:3] == [history[1], history[2]]
    assert history.stopped == "all sweeps done"
    assert repr(history).startswith("<history of 5 sweeps, error ")


def test_no_sweeps_at_all_measure_and_change_nothing():
    net = xor_net()
    history = trained(net, sweeps=0)
    assert numbers(net) == numbers(xor_net())
    assert list(history) == [Sweep(0, *evaluate(net, XOR))]


def test_first_all_right_is_the_first_sweep_that_saw_it():
    history = trained(xor_net(), sweeps=1000)
    first = history.first_all_right()
    assert history[first].right == 4 > history[first - 1].right
    assert trained(xor_net(), sweeps=1).first_all_right() is None


def test_the_stop_condition_ends_training_with_the_weights_it_saw():
    net = xor_net()
    history = trained(net, sweeps=10_000, until=lambda seen: seen.right == 4)
    assert history.stopped == "the stop condition came true"
    assert history[-1] == Sweep(len(history) - 1, *evaluate(net, XOR))
    assert [seen.right == 4 for seen in history[-2:]] == [False, True]


def test_training_stops_where_the_error_is_no_number():
    net = xor_net()
    net.parameters()[0].data = math.nan
    history = trained(net, sweeps=100)
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
    history = trained(net, sweeps=100, loss=loss, change_per_case=change_per_case)
    trained(other, sweeps=7, change_per_case=change_per_case)
    assert history.stopped == "interrupted"
    assert numbers(net) == numbers(other)
    assert history[-1] == Sweep(7, *evaluate(net, XOR))


PROGRAM = """
    import random, signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job may inherit none
    from microbp.nn import Net
    from microbp.optim import Momentum
    from microbp.training import train
    net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
    xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    print("ready", flush=True)
    history = train(net, xor, Momentum(net.parameters(), 0.5, 0.9), sweeps=10**9, progress=False)
    print(history.stopped, len(history) > 1, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT can't be sent to one process there")
def test_ctrl_c_in_a_real_process():
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "interrupted True\n"
        finally:
            process.kill()


@pytest.mark.parametrize("change_per_case", [False, True])
@pytest.mark.parametrize("kind", [Descent, Momentum, Adam])
def test_a_killed_run_goes_on_from_its_checkpoint_to_the_same_bits(tmp_path, kind, change_per_case):
    class Killed(Exception):
        pass

    def kill(seen):
        if seen.sweep == 47:
            raise Killed
        return False

    options = {"change_per_case": change_per_case, "checkpoint": tmp_path / "run.json"}
    net = xor_net()
    with pytest.raises(Killed):
        trained(
            net,
            sweeps=100,
            optimiser=kind(net.parameters()),
            until=kill,
            checkpoint_every=10,
            **options,
        )
    assert len(json.loads((tmp_path / "run.json").read_text())["sweeps"]) == 40

    resumed = xor_net(seed=99)
    history = trained(resumed, sweeps=100, optimiser=kind(resumed.parameters()), **options)
    straight = xor_net()
    expected = trained(
        straight,
        sweeps=100,
        optimiser=kind(straight.parameters()),
        change_per_case=change_per_case,
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
            lambda p: edited(p, optimiser={"kind": "Adam"}),
            "run.json holds a run of Adam where this one has Momentum",
        ),
        (
            lambda p: edited(p, optimiser={"kind": "Momentum", "steps": 1}),
            "run.json is not a checkpoint of train",
        ),
        (
            lambda p: edited(p, net=Net(3, rng=random.Random(0)).add("output", 1).state()),
            "run.json holds a net with inputs {'x': 3} where this net has {'x': 2}",
        ),
    ],
)
def test_a_checkpoint_of_something_else_is_refused(tmp_path, spoil, message):
    path = tmp_path / "run.json"
    trained(xor_net(), sweeps=3, checkpoint=path)
    spoil(path)
    net = xor_net(seed=5)
    before, spoilt = net.state(), path.read_bytes()
    with pytest.raises(FileMismatch) as error:
        trained(net, sweeps=10, checkpoint=path)
    assert str(error.value) == message
    assert net.state() == before
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
    before = net.state()
    error, right = evaluate(net, XOR)
    assert error == sum(squared_error(net(i), d).data for i, d in XOR)
    assert right == sum(right_side(net(i), d) for i, d in XOR)
    assert net.state() == before
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
    train(net, XOR, Descent(net.parameters()), sweeps=20)
    shown = capfd.readouterr().err
    assert "20/20" in shown
    assert "error=" in shown
