"""Ctrl-C gives back the weights of the last whole sweep."""

import signal
import subprocess
import sys
import textwrap

import pytest

from microbp.losses import squared_error
from microbp.optim import Momentum
from microbp.training import Sweep, evaluate, right_side
from tests.helpers.training import XOR, numbers, trained, xor_net


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


PROGRAM = """
    import random, signal
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job may inherit none
    from microbp.nn import Net
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
