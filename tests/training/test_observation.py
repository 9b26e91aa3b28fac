"""What is looked at beside a training, and what ends it: validation, metrics, weights, patience."""

import copy
import pickle

import pytest

from microbp.nn import Net
from microbp.optim import Descent, Momentum
from microbp.training import Sweep, evaluate, train
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.training import ENGINES, XOR, alike, numbers, xor_net

FORMS = [{}, {"change_per_case": True}, {"batch": 3}]


def run(net, **options):
    options = {"sweeps": 6, **options}
    return train(net, XOR, Momentum(net.parameters(), 0.5), progress=False, **options)


@ENGINES
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_validation_and_weights_are_of_the_net_after_that_many_sweeps(engine, form):
    others = [([0.9, 0.1], [1]), ([0.1, 0.2], [0])]
    options = {"validation": others, "keep": "weights", "every": 2, "engine": engine, **form}
    net = xor_net()
    history = run(net, **options)
    assert [seen.sweep for seen in history.validation] == list(range(7))
    assert sorted(history.weights) == [0, 2, 4, 6]
    assert history.weights[6] == numbers(net)
    for sweep, weights in history.weights.items():
        twin = xor_net()
        for p, data in zip(twin.parameters(), weights, strict=True):
            p.data = data
        assert history.validation[sweep] == alike(Sweep(sweep, *evaluate(twin, others)), engine)
    plain = xor_net()
    assert list(run(plain, engine=engine, **form)) == list(history)
    assert numbers(plain) == numbers(net)


@ENGINES
def test_the_last_weights_are_kept_whatever_every_says(engine):
    assert sorted(run(xor_net(), keep="weights", every=4, engine=engine).weights) == [0, 4, 6]


@ENGINES
def test_metrics_are_means_over_the_cases_or_the_validation_cases(engine):
    metrics = {"distance": lambda ys, ds: abs(ys[0] - ds[0]), "one": lambda ys, ds: True}
    net = xor_net()
    history = run(net, metrics=metrics, engine=engine)
    expected = sum(abs(net(xs)[0].data - d) for xs, (d,) in XOR) / 4
    assert history.metrics["distance"][-1] == pytest.approx(expected, rel=1e-13)
    assert history.metrics["one"] == [1.0] * 7
    of_one = run(xor_net(), metrics=metrics, validation=XOR[:1], engine=engine)
    expected = abs(xor_net()(XOR[0][0])[0].data)
    assert of_one.metrics["distance"][0] == pytest.approx(expected, rel=1e-13)


def test_tables_of_a_history_have_what_was_looked_at(tmp_path):
    history = run(xor_net(), validation=XOR[:2], metrics={"half": lambda ys, ds: 0.5})
    frame = history.to_pandas()
    assert list(frame.columns) == [
        "error", "right", "validation_error", "validation_right", "half",
    ]  # fmt: skip
    assert list(frame.validation_error) == [seen.error for seen in history.validation]
    lines = history.to_csv(tmp_path / "h.csv").read_text().splitlines()
    assert lines[0] == "sweep,error,right,validation_error,validation_right,half"
    assert lines[1].endswith(",0.5")


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_callback_sees_each_sweep_and_may_stop(form):
    seen = []

    def callback(history):
        seen.append(history[-1].sweep)
        return len(seen) == 3

    history = run(xor_net(), callback=callback, **form)
    assert seen == [0, 1, 2]
    assert history.stopped == "the stop condition came true"


def test_a_callback_may_set_the_step_size_and_what_it_returns_else_is_no_matter():
    net, same = xor_net(), xor_net()
    optimizer = Descent(net.parameters(), 0.5)

    def callback(history):
        optimizer.lr = 0.5 / len(history)
        return "go on"

    train(net, XOR, optimizer, sweeps=4, callback=callback, progress=False)
    schedule = Descent(same.parameters(), lambda sweep: 0.5 / (sweep + 1))
    train(same, XOR, schedule, sweeps=4, progress=False)
    assert numbers(net) == numbers(same)


def test_what_a_callback_raises_comes_out():
    def callback(history):
        raise RuntimeError("enough")

    net = xor_net()
    with pytest.raises(RuntimeError, match="enough"):
        run(net, callback=callback)
    assert numbers(net) == numbers(xor_net())


@ENGINES
def test_patience_ends_a_training_that_gets_no_better(engine):
    net = Net(1, [1])
    cases = [([1.0], [1.0])]
    optimizer = Descent(net.parameters(), lambda sweep: 0.1 if sweep < 5 else 0.0)
    history = train(net, cases, optimizer, sweeps=100, patience=3, engine=engine, progress=False)
    assert history.stopped == "the error did not fall any more"
    assert [seen.sweep for seen in history] == list(range(9))  # 5 was the best


def test_patience_goes_by_the_validation_cases():
    net = xor_net()
    opposite = [(xs, [1 - d]) for xs, (d,) in XOR]
    history = run(net, validation=opposite, patience=5, sweeps=1000)
    assert history.stopped == "the error did not fall any more"
    errors = [seen.error for seen in history.validation]
    assert len(errors) - 1 - errors.index(min(errors)) == 5


def test_accuracy_is_the_share_of_cases_that_are_right():
    history = run(xor_net())
    assert history.accuracy == [seen.right / 4 for seen in history]


@ENGINES
def test_the_confusion_matrix_counts_targets_by_outputs(engine):
    net = Net(2, [1], init="zeros", output="sigmoid")
    net.parameters()[0].data = 1.0  # 1 where the first bit is on
    history = run(net, sweeps=0, engine=engine)
    assert history.confusion_matrix() == [[1, 1], [1, 1]]
    net.parameters()[1].data = -2.0
    assert history.confusion_matrix() == [[2, 0], [1, 1]]
    net = Net(2, [3], init="zeros")
    for p, data in zip(net.parameters(), [0, 0, 0.5, 1, 0, 0, 0, 2, 0], strict=True):
        p.data = data
    cases = [([1, 0], 1), ([0, 1], 2), ([0, 0], 0), ([0, 0], 2)]
    history = train(net, cases, loss="cross_entropy", sweeps=0, engine=engine, progress=False)
    assert history.confusion_matrix() == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda h: pickle.loads(pickle.dumps(h))])
def test_a_copy_of_a_history_has_its_numbers_and_no_net(copied):
    history = run(xor_net(), right=lambda ys, ds: True, keep="weights")
    twin = copied(history)
    assert (list(twin), twin.weights) == (list(history), history.weights)
    with pytest.raises(ValueError, match=r"^confusion_matrix: a copy of a history has no net"):
        twin.confusion_matrix()
