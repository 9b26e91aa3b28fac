"""A run that goes on from a file."""

import json
import random

import pytest

from microbp.nn import FileMismatch, Net
from microbp.optim import Adam, Descent, Momentum
from tests.helpers.training import ENGINES, numbers, trained, xor_net


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
        (
            lambda p: p.write_text("{"),
            "run.json: not a JSON file: Expecting property name enclosed in double quotes: line 1 "
            "column 2 (char 1)",
        ),
        (lambda p: p.write_text("[]"), "run.json is not a checkpoint of train"),
        (lambda p: edited(p, cases=5), "run.json holds a run over 5 cases, not 4"),
        (
            lambda p: edited(p, optimizer={"kind": "Adam"}),
            "run.json holds a run of Adam where this one has Momentum",
        ),
        (
            lambda p: edited(p, optimizer={"kind": "Momentum", "steps": 1}),
            "run.json: Momentum.load_state_dict: expected velocity in the state, got ['steps']",
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
