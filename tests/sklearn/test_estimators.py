import math
import pickle
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from microbp import datasets
from microbp.losses import binary_cross_entropy, cross_entropy, squared_error
from microbp.sklearn import NetClassifier, NetRegressor
from microbp.training import evaluate

pytestmark = pytest.mark.interop
BOTH = pytest.mark.parametrize("kind", [NetClassifier, NetRegressor])


@pytest.mark.filterwarnings("default:.*:sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([NetClassifier(), NetRegressor()])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


# --- What is learned


def test_two_classes_have_any_names_and_one_output():
    X, y = datasets.moons(200, seed=1)
    names = np.array(["upper", "lower"])[y]
    model = NetClassifier(random_state=1).fit(X, names)
    assert model.classes_.tolist() == ["lower", "upper"]
    assert model.score(X, names) > 0.95
    assert len(model.net_(X[0])) == 1


def test_three_classes_have_an_output_each():
    X, y = datasets.spirals(300, classes=3, turns=0.5, seed=1)
    model = NetClassifier(32, lr=0.3, sweeps=500, random_state=1).fit(X, y)
    assert model.score(X, y) > 0.95
    assert len(model.net_(X[0])) == 3


def test_without_hidden_units_it_is_logistic_regression():
    X, y = datasets.clusters(200, noise=0.8, seed=1)
    model = NetClassifier(hidden=(), lr=1.0, sweeps=3000, random_state=1).fit(X, y)
    ours = [w.data for w in model.net_.parameters()]
    from sklearn.linear_model import LogisticRegression

    peer = LogisticRegression(C=math.inf, tol=1e-10).fit(X, y)
    assert ours == pytest.approx([*peer.coef_[0], *peer.intercept_], rel=1e-4)


def test_a_regressor_predicts_numbers_of_any_size_and_shape():
    X = np.linspace(-2.0, 2.0, 60).reshape(-1, 1)
    one = 1000.0 + 50.0 * np.sin(2 * X[:, 0])
    model = NetRegressor(sweeps=1000, random_state=1)
    assert model.fit(X, one).score(X, one) > 0.95
    assert model.predict(X).shape == (60,)
    two = np.column_stack([one, np.full(60, 7.0)])
    found = model.fit(X, two).predict(X)
    assert found.shape == (60, 2)
    assert found[:, 1] == pytest.approx(7.0, abs=0.2)


# --- What is replayed is the net


@pytest.mark.parametrize("classes", [2, 3])
def test_probabilities_are_those_of_the_net(classes):
    X, y = datasets.clusters(60, classes=classes, seed=2)
    model = NetClassifier(random_state=0).fit(X, y)
    probabilities = model.predict_proba(X)
    assert probabilities.sum(axis=1) == pytest.approx(1.0)
    for x, row in zip(X, probabilities, strict=True):
        outputs = np.array([unit.data for unit in model.net_(x)])
        if classes == 2:
            expected = 1 / (1 + math.exp(-outputs[0]))
            assert row == pytest.approx([1 - expected, expected])
        else:
            assert row == pytest.approx(np.exp(outputs) / np.exp(outputs).sum())
    assert (model.predict(X) == model.classes_[probabilities.argmax(axis=1)]).all()


def test_probabilities_far_out_are_0_and_1():
    model = NetClassifier(hidden=(), random_state=0).fit([[-1.0], [1.0]], [0, 1])
    assert model.predict_proba([[-1e6], [1e6]]).tolist() == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(("classes", "loss"), [(2, binary_cross_entropy), (3, cross_entropy)])
def test_errors_are_the_mean_over_the_cases_before_each_change(classes, loss):
    X, y = datasets.clusters(30, classes=classes, seed=2)
    targets = y.reshape(-1, 1) if classes == 2 else np.eye(3)[y]
    cases = [*zip(X.tolist(), targets.tolist(), strict=True)]
    untrained = NetClassifier(sweeps=0, random_state=5).fit(X, y)
    trained = NetClassifier(sweeps=1, random_state=5).fit(X, y)
    assert untrained.errors_ == []
    error, _ = evaluate(untrained.net_, cases, loss=loss, right=lambda outputs, targets: True)
    assert trained.errors_ == [pytest.approx(error / 30)]


def test_the_gradient_is_the_mean_over_the_cases():
    X, y = datasets.clusters(30, seed=2)
    rows = np.arange(60) % 30  # every case twice
    once, twice = (
        NetClassifier(sweeps=5, random_state=5).fit(X[which], y[which]).decision_function(X)
        for which in (slice(None), rows)
    )
    assert once == pytest.approx(twice)


def test_batches_go_through_all_cases_in_another_order_each_sweep():
    X, y = datasets.moons(50, seed=3)
    all_at_once = NetClassifier(sweeps=20, random_state=1).fit(X, y)
    assert NetClassifier(sweeps=20, batch=50, random_state=1).fit(X, y).errors_ == (
        all_at_once.errors_
    )
    in_batches = NetClassifier(sweeps=20, batch=8, random_state=1).fit(X, y)
    assert len(in_batches.errors_) == 20
    assert in_batches.errors_[-1] < all_at_once.errors_[-1]


def test_the_order_of_batches_is_drawn():
    X, y = datasets.moons(50, seed=3)

    def errors(seed, batch):  # of weights that start at 0, so that nothing else is drawn
        settings = {"hidden": (), "init": 0.0, "sweeps": 3}
        return NetClassifier(batch=batch, random_state=seed, **settings).fit(X, y).errors_

    assert errors(1, None) == errors(2, None)
    assert errors(1, 8) != errors(2, 8)
    assert errors(1, 8)[1] != errors(1, 8)[2]


def test_decay_keeps_weights_small():
    X, y = datasets.moons(50, seed=3)

    def size(decay):
        model = NetClassifier(decay=decay, random_state=1).fit(X, y)
        return sum(w.data**2 for w in model.net_.parameters())

    assert size(0.01) < size(0.0) / 2


# --- As scikit-learn's users use it


@BOTH
def test_the_same_random_state_gives_the_same_net(kind):
    X, y = datasets.moons(50, seed=3)

    def found(seed):
        return kind(sweeps=5, batch=10, random_state=seed).fit(X, y).program_.forward(X).tolist()

    assert found(1) == found(1) == found(np.random.RandomState(1))
    assert found(1) != found(2)


@BOTH
def test_a_fitted_estimator_survives_pickle_and_clone_forgets(kind):
    X, y = datasets.moons(30, seed=3)
    model = kind(sweeps=5, random_state=1).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert again.predict(X).tolist() == model.predict(X).tolist()
    assert not hasattr(clone(model), "net_")


def test_a_grid_search_over_a_pipeline():
    X, y = datasets.circles(80, noise=0.05, seed=4)
    search = GridSearchCV(
        make_pipeline(StandardScaler(), NetClassifier(random_state=0)),
        {"netclassifier__hidden": [(), 16]},
        cv=4,
    )
    search.fit(X, y)
    assert search.best_params_ == {"netclassifier__hidden": 16}
    assert search.best_score_ > 0.9


@BOTH
@pytest.mark.parametrize("hidden", [(3, 2), [3, 2], np.array([3, 2])])
def test_hidden_layers_have_as_many_units_as_asked_for(kind, hidden):
    net = kind(hidden, sweeps=1).fit([[0.0], [1.0]], [0, 1]).net_
    assert [len(layer.neurons) for layer in net.layers.values()] == [3, 2, 1]
    net = kind(np.int64(4), sweeps=1).fit([[0.0], [1.0]], [0, 1]).net_
    assert [len(layer.neurons) for layer in net.layers.values()] == [4, 1]


# --- What is refused


@BOTH
@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"sweeps": -1}, ValueError, "expected sweeps to be a whole number of at least 0, got -1"),
        (
            {"sweeps": "3"},
            ValueError,
            "expected sweeps to be a whole number of at least 0, got '3'",
        ),
        ({"batch": 0}, ValueError, "expected batch to be a whole number of at least 1, got 0"),
        ({"hidden": 0}, ValueError, "expected hidden to be a whole number of at least 1, got 0"),
        ({"hidden": None}, ValueError, "expected hidden to be a whole .* of at least 1, got None"),
        ({"hidden": "16"}, ValueError, "expected hidden to be a whole .* of at least 1, got '16'"),
        ({"hidden": (4, 2.5)}, ValueError, "expected hidden to be a whole .* 1, got 2.5"),
        ({"lr": "a"}, TypeError, "lr: expected a real number or a Value, got 'a'"),
        ({"init": None}, TypeError, "init: expected a real number or a Value, got None"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(kind, settings, error, words):
    with pytest.raises(error, match=rf"^{kind.__name__}: {words}$"):
        kind(**settings).fit([[0.0], [1.0]], [0, 1])


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match=r"^NetClassifier: activation: expected one of"):
        NetClassifier(activation="step").fit([[0.0], [1.0]], [0, 1])


def test_one_class_is_not_enough():
    with pytest.raises(ValueError, match=r"^NetClassifier: expected two classes or more, got one"):
        NetClassifier().fit([[0.0], [1.0]], [1, 1])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_training_that_diverges_says_what_to_do():
    X, y = datasets.moons(20)
    with pytest.raises(ValueError, match=r"^NetRegressor: the error is .* choose a smaller lr, or"):
        NetRegressor(activation="linear", lr=1e6).fit(1e6 * X, y)


def test_without_scikit_learn_the_error_says_what_to_install(python):
    code = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import microbp.sklearn\n"
        "from microbp import *\n"
        "from microbp.sklearn import NetClassifier"
    )
    run = python(code)
    assert run.stderr.endswith("pip install 'microbp[sklearn]'\n"), run.stderr
    assert "sklearn" not in sys.modules or run.returncode == 1


def test_squared_error_is_what_a_regressor_makes_small():
    X = np.array([[0.0], [1.0], [2.0]])
    y = np.array([1.0, 2.0, 3.0])
    model = NetRegressor(sweeps=1, random_state=5).fit(X, y)
    scaled = (y - y.mean()) / y.std()
    start = NetRegressor(sweeps=0, random_state=5).fit(X, y).net_
    error = sum(squared_error(start(x), [d]).data for x, d in zip(X, scaled, strict=True))
    assert model.errors_ == [pytest.approx(error / 3)]
