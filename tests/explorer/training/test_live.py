"""The training that runs in the page, beside the engine's."""

import random

import pytest

import microbp
from microbp import watch
from microbp.experiments import load
from microbp.nn import Net
from microbp.optim import Adam, Descent, Momentum
from microbp.training import train
from tests.helpers.parsed_page import held_by

SWEEPS = 100
CLOSE = 1e-9


TRAINED = """
([data, sweeps]) => {
  const training = new Training(data);
  training.advance(sweeps);
  const { error, right } = training.look();
  return {
    errors: [...training.errors, error],
    rights: [...training.rights, right.filter(Boolean).length],
    weights: [...training.parameters],
  };
}
"""


def cases(off=0.0):
    rng = random.Random(0)
    points = [[rng.uniform(-1.0, 1.0) for _ in range(2)] for _ in range(20)]
    return [(x, [off if x[0] * x[1] > 0.0 else 1.0]) for x in points]


def of_a_net(optimizer, **how):
    net = Net(2, [4, 1], activation="tanh", seed=3)
    off = -1.0 if how.get("loss") == "hinge" else 0.0
    history = train(
        net, cases(off=off), optimizer(net.parameters()), sweeps=SWEEPS, progress=False, **how
    )
    return history, net.parameters()


def of_an_experiment(name, **settings):
    result = load(name)(sweeps=SWEEPS, progress=False, **settings)
    return result.history, result.net.parameters()


def used_momentum(parameters):
    optimizer = Momentum(parameters, 0.01)
    for p in parameters:
        p.grad = 1.0
    optimizer.step()
    return optimizer


NETS = {
    "symmetry": lambda: of_an_experiment("symmetry"),
    "symmetry, per case": lambda: of_an_experiment("symmetry", per_case=1),
    "xor": lambda: of_an_experiment("xor"),
    "encoder": lambda: of_an_experiment("encoder"),
    "family trees": lambda: of_an_experiment("family-trees"),
    "family trees, as printed": lambda: of_an_experiment("family-trees", settings="printed"),
    "recurrent, averaged": lambda: of_an_experiment("iterative"),
    "recurrent, summed": lambda: of_an_experiment("sequences", rule="summed"),
    "one kernel": lambda: of_an_experiment("t-c"),
    "Adam, in batches": lambda: of_a_net(
        lambda p: Adam(p, 0.01), loss="binary_cross_entropy", batch=6, seed=5
    ),
    "descent, with penalties and schedules": lambda: of_a_net(
        lambda p: Descent(p, lambda sweep: 0.02 / (1 + sweep // 10), decay=0.001), l1=0.01, l2=0.02
    ),
    "momentum, after steps of its own": lambda: of_a_net(used_momentum, loss="hinge"),
}


@pytest.mark.parametrize("name", NETS)
def test_a_hundred_sweeps_are_the_engines(name, run):
    history, parameters = NETS[name]()
    data = history.watch().data
    assert data["mode"] == "live"
    found = run(TRAINED, [data, SWEEPS])
    assert found["errors"] == pytest.approx(history.errors, rel=CLOSE, abs=CLOSE)
    assert found["rights"] == [sweep.right for sweep in history]
    assert found["weights"] == pytest.approx([p.data for p in parameters], rel=CLOSE, abs=CLOSE)


UNPACKED = """
(held) => {
  const { program, ...rest } = unpacked(held);
  return [rest, [program.inputs.length, program.outputs,
    program.parameters.map(([, x]) => x), program.constants.map(([, x]) => x),
    program.operations.map(([name, operands]) => [name, operands])]];
}
"""


@pytest.mark.parametrize("name", ["family-trees", "sequences", "t-c", "addition"])
def test_the_page_unpacks_what_was_packed(name, run):
    page = load(name).watch()
    rest, program = run(UNPACKED, held_by(page.html))
    given = dict(page.data)
    recorded = given.pop("program")
    assert program == [
        len(recorded["inputs"]),
        recorded["outputs"],
        given["start"],
        [x for _, x in recorded["constants"]],
        [[name, operands] for name, operands, *_ in recorded["operations"]],
    ]
    state = {key: x for key, x in given.pop("state").items() if key == "steps" or any(x)}
    assert rest.pop("state") == state
    assert rest == given


MINI_BATCHES = """
([data, batch]) => {
  const training = new Training(data);
  training.settings.batch = batch;
  training.advance(20);
  return [[...training.errors], [...training.parameters]];
}
"""


@pytest.mark.parametrize("batch", [1, 7, 64])
def test_mini_batches_chosen_in_the_page_are_those_of_train(batch, run):
    net = Net(2, [4, 1], activation="tanh", seed=3)
    data = watch(net, cases(), Momentum(net.parameters(), 0.05)).data
    errors, weights = run(MINI_BATCHES, [data, batch])
    optimizer = Momentum(net.parameters(), 0.05)
    history = train(net, cases(), optimizer, batch=batch, sweeps=20, progress=False)
    assert errors == pytest.approx(history.errors[:-1], rel=CLOSE)
    assert weights == pytest.approx([p.data for p in net.parameters()], rel=CLOSE)


REWOUND = """
(data) => {
  const straight = new Training(data);
  const other = new Training(data);
  const seen = (training) => [
    training.sweep, training.settings.lr, [...training.parameters], [...training.velocity],
    training.errors.slice(0, training.sweep), training.rights.slice(0, training.sweep),
  ];
  straight.advance(300);
  straight.settings.lr = 0.05;
  straight.advance(437);
  other.advance(300);
  other.settings.lr = 0.05;
  other.advance(500);
  other.rewind(123);
  const early = seen(other);
  other.advance(300);
  other.rewind(0);
  other.rewind(780);
  other.rewind(737);
  const fresh = new Training(data);
  fresh.advance(123);
  return [seen(straight), seen(other), seen(fresh), early, other.errors.length];
}
"""

DIFFERENTLY = """
(data) => {
  const training = new Training(data);
  training.advance(400);
  training.rewind(100);
  training.settings.lr = 0.2;
  training.advance(1);
  const seen = [training.sweep, training.errors.length, training.settings.lr];
  const straight = new Training(data);
  straight.advance(100);
  straight.settings.lr = 0.2;
  straight.advance(50);
  training.advance(49);
  training.rewind(120);
  training.rewind(150); // from the states that were kept since
  return [seen, [...training.parameters], [...straight.parameters]];
}
"""


def test_rewinding_and_going_on_gives_the_same_bits(run):
    data = load("symmetry").watch().data
    straight, other, fresh, early, known = run(REWOUND, data)
    assert other == straight
    assert early == fresh
    assert known == 800


def test_rewinding_and_going_on_differently_forgets_what_was_seen(run):
    seen, rewound, straight = run(DIFFERENTLY, load("symmetry").watch().data)
    assert seen == [101, 101, 0.2]
    assert rewound == straight


STOPPED = """
(data) => {
  const training = new Training(data);
  const before = [...training.parameters];
  const made = training.advance(1000);
  const weights = [...training.parameters];
  return [made, training.sweep, training.errors.length, weights.every(Number.isFinite), before];
}
"""


def test_a_training_stops_where_the_error_is_not_finite(run):
    net = Net(2, [4, 1], seed=3)
    data = watch(net, cases(), Descent(net.parameters(), 100.0)).data
    made, sweep, known, finite, _ = run(STOPPED, data)
    assert made == sweep == known < 1000
    assert finite


LOOKED = """
([data, row]) => {
  const training = new Training(data);
  training.advance(10);
  const { outputs, right, error } = training.look();
  const { data: values, grad } = training.gradients(row);
  return [outputs.map((ys) => [...ys]), right, error, [...values], [...grad],
    [...training.activities(row)], [...training.gradient]];
}
"""


def test_what_a_case_does_at_the_present_weights(run):
    net = Net(2, [4, 1], activation="tanh", seed=3)
    optimizer = Momentum(net.parameters(), 0.05)
    data = watch(net, cases(), optimizer).data
    history = train(net, cases(), optimizer, sweeps=10, progress=False)
    outputs, right, error, values, grad, activities, _ = run(LOOKED, [data, data["cases"][3]])
    assert outputs == [[pytest.approx(net(x)[0].data)] for x, _ in cases()]
    assert sum(right) == history[-1].right
    assert error == pytest.approx(history[-1].error)
    assert values == activities
    net.zero_grad()
    x, d = cases()[3]
    loss = microbp.losses.squared_error(net(x), d)
    loss.backward()
    first = len(data["program"]["inputs"])
    assert values[data["program"]["outputs"][0]] == pytest.approx(loss.data)
    count = len(net.parameters())
    assert grad[first : first + count] == pytest.approx([p.grad for p in net.parameters()])
