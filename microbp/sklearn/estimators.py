"""NetClassifier and NetRegressor: a net, trained by replay, that scikit-learn can handle."""

from __future__ import annotations

import operator
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from microbp._support.coerce import number, shown
from microbp._support.packages import how_to_install
from microbp.core.engine import Value
from microbp.losses import Loss, binary_cross_entropy, cross_entropy, squared_error
from microbp.nn import Net
from microbp.nn.units import checked_activation
from microbp.optim import Momentum
from microbp.replay import record
from microbp.training import Stopped, train

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data
except ImportError:
    raise ImportError(
        "microbp.sklearn needs scikit-learn 1.6 or later: "
        + how_to_install("scikit-learn", "'microbp[sklearn]'")
    ) from None

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class _NetEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What both have in common: their settings, and how a net is made, trained and replayed."""

    def __init__(
        self,
        hidden: int | Sequence[int] = (16,),
        *,
        activation: str = "tanh",
        lr: float = 0.2,
        momentum: float = 0.9,
        decay: float = 0.0,
        sweeps: int = 300,
        batch: int | None = None,
        init: float = 0.5,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.lr = lr
        self.momentum = momentum
        self.decay = decay
        self.sweeps = sweeps
        self.batch = batch
        self.init = init
        self.random_state = random_state

    def _fit_net(self, X: Array, targets: Array, loss: Loss) -> None:
        """Make net_ and train it; program_ has its outputs, and errors_ what each sweep saw."""
        lr, momentum, decay = (
            number(getattr(self, setting), f"{type(self).__name__}: {setting}")
            for setting in ("lr", "momentum", "decay")
        )
        sweeps = self._whole("sweeps", self.sweeps, 0)
        batch = len(X)
        if self.batch is not None:
            batch = min(batch, self._whole("batch", self.batch, 1))
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        net = self._make_net(X.shape[1], targets.shape[1], random.Random(seed))
        # The gradient is summed over the cases of a batch.
        optimizer = Momentum(net.parameters(), lr / batch, momentum, decay=decay)
        history = train(
            *(net, (X, targets), optimizer),
            sweeps=sweeps,
            loss=loss,
            batch=batch,
            seed=seed,
            progress=False,
        )
        if history.stopped is Stopped.INTERRUPTED:
            raise KeyboardInterrupt
        if history.stopped is Stopped.NOT_FINITE:
            raise ValueError(
                f"{type(self).__name__}: the error is {history[-1].error} in sweep "
                f"{history[-1].sweep}: choose a smaller lr, or scale the inputs, as StandardScaler "
                f"does"
            )
        self.errors_ = [error / len(X) for error in history.errors[:-1]]
        self.net_ = net
        inputs = [Value(0.0, f"x{i}") for i in range(1, X.shape[1] + 1)]
        self.program_ = record(net(inputs), inputs, net.parameters())

    def _make_net(self, inputs: int, outputs: int, rng: random.Random) -> Net:
        activation = checked_activation(self.activation, f"{type(self).__name__}: activation")
        given = self.hidden
        hidden = list(given) if isinstance(given, (tuple, list, np.ndarray)) else [given]
        net = Net(inputs, rng=rng, init=number(self.init, f"{type(self).__name__}: init"))
        for i, units in enumerate(hidden, 1):
            net.add(f"hidden{i}", self._whole("hidden", units, 1), activation=activation)
        return net.add("output", outputs, activation="linear")

    def _whole(self, setting: str, given: Any, least: int) -> int:
        try:
            whole = operator.index(given)
        except TypeError:
            whole = least - 1
        if whole < least:
            raise ValueError(
                f"{type(self).__name__}: expected {setting} to be a whole number of at least "
                f"{least}, got {shown(given)}"
            )
        return whole

    def _outputs(self, X: Any) -> Array:
        """The total inputs of the output units, a row for each case."""
        check_is_fitted(self)
        found: Array = self.program_.forward(validate_data(self, X, reset=False, dtype=np.float64))
        return found


class NetClassifier(ClassifierMixin, _NetEstimator):  # type: ignore[misc]
    """A net that tells classes apart, as an estimator of scikit-learn.

    For two classes there is one output unit, whose sigmoid is the probability of the second
    class; for more, one for each, whose softmax is. The error is the cross-entropy.

    Parameters
    ----------
    hidden : how many units each hidden layer has: (16,), 16, or () for none.
    activation : of the hidden units, as in `microbp.nn.ACTIVATIONS`.
    lr, momentum, decay : as of `microbp.optim.Momentum`; the gradient is the mean over the cases,
        or their sum divided by `batch`.
    sweeps : how often to go over all cases.
    batch : after how many cases to change the weights, in random order; None for all at once.
    init : weights are drawn from -init to init.
    random_state : None, a seed, or a RandomState of NumPy.

    Attributes
    ----------
    net_ : the `microbp.nn.Net`, to draw or to look into.
    classes_ : the classes, sorted.
    errors_ : the mean error over the cases that each sweep saw.

    Scale the inputs, as for any net. Raises ValueError for settings that make no sense, and where
    the error is not finite any more.

    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = make_pipeline(StandardScaler(), NetClassifier(hidden=4, random_state=0))
    >>> model.fit(X, y).score(X, y) > 0.95
    True
    """

    def fit(self, X: Any, y: Any) -> NetClassifier:
        """Train a new net on these cases; returns the estimator itself."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self.classes_, classes = np.unique(column_or_1d(y), return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("NetClassifier: expected two classes or more, got one class")
        if len(self.classes_) == 2:
            self._fit_net(X, classes.reshape(-1, 1).astype(np.float64), binary_cross_entropy)
        else:
            self._fit_net(X, np.eye(len(self.classes_))[classes], cross_entropy)
        return self

    def decision_function(self, X: Any) -> Array:
        """The output units' total inputs; with two classes, how much speaks for the second."""
        outputs = self._outputs(X)
        return outputs[:, 0] if len(self.classes_) == 2 else outputs

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, a row for each case."""
        outputs = self._outputs(X)
        if len(self.classes_) == 2:
            outputs = np.hstack([-outputs, outputs]) / 2.0  # whose softmax is that sigmoid
        shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        probabilities: Array = shares / shares.sum(axis=1, keepdims=True)
        return probabilities

    def predict(self, X: Any) -> Any:
        """The most probable class of each case."""
        outputs = self._outputs(X)
        two = len(self.classes_) == 2
        return self.classes_[(outputs[:, 0] > 0).astype(int) if two else outputs.argmax(axis=1)]


class NetRegressor(RegressorMixin, _NetEstimator):  # type: ignore[misc]
    """A net that predicts numbers, one or several a case, as an estimator of scikit-learn.

    The output units are linear and the error is the squared error. For training, the targets are
    scaled to mean 0 and standard deviation 1, and what is predicted is scaled back.

    The parameters and attributes are those of `NetClassifier`, classes_ apart.

    >>> import numpy as np
    >>> X = np.linspace(-2.0, 2.0, 50).reshape(-1, 1)
    >>> model = NetRegressor(sweeps=1000, random_state=1).fit(X, np.sin(2 * X[:, 0]))
    >>> model.score(X, np.sin(2 * X[:, 0])) > 0.9
    True
    """

    def fit(self, X: Any, y: Any) -> NetRegressor:
        """Train a new net on these cases; returns the estimator itself."""
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        targets = y.reshape(len(y), -1).astype(np.float64)
        self._one = y.ndim == 1
        self._mean, scale = targets.mean(axis=0), targets.std(axis=0)
        self._scale = np.where(scale > 0.0, scale, 1.0)
        self._fit_net(X, (targets - self._mean) / self._scale, squared_error)
        return self

    def predict(self, X: Any) -> Array:
        """The targets of each case: of the shape that y had."""
        found: Array = self._outputs(X) * self._scale + self._mean
        return found[:, 0] if self._one else found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
