"""microbp: back-propagation (Rumelhart, Hinton & Williams, 1986), one number at a time.

>>> import microbp
>>> x = microbp.Value(0.5, label="x")
>>> y = microbp.tanh(x * 2)
>>> y.backward()
>>> f"{y:.4f} {x.grad:.4f}"
'0.7616 0.8399'
"""

from typing import TYPE_CHECKING

from microbp import _hypothesis
from microbp.checking import gradcheck, step_curve
from microbp.derivatives import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from microbp.engine import Value
from microbp.functions import (
    acos,
    asin,
    atan,
    atan2,
    cos,
    cosh,
    dot,
    erf,
    exp,
    expm1,
    hypot,
    log,
    log1p,
    logaddexp,
    logsumexp,
    maximum,
    minimum,
    relu,
    sigmoid,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
    total,
    where,
)
from microbp.lazy import names_from
from microbp.modes import AnomalyError, detect_anomaly, no_grad
from microbp.operations import operation
from microbp.ops import Domain, DomainError
from microbp.program import Program, record
from microbp.training import train
from microbp.version import __version__

if TYPE_CHECKING:
    from microbp.drawing import draw
    from microbp.explorer import explore
    from microbp.studies import study

__all__ = [
    "AnomalyError",
    "Domain",
    "DomainError",
    "Program",
    "Value",
    "__version__",
    "acos",
    "asin",
    "atan",
    "atan2",
    "cos",
    "cosh",
    "detect_anomaly",
    "dot",
    "draw",
    "erf",
    "exp",
    "explore",
    "expm1",
    "grad",
    "gradcheck",
    "hessian",
    "hvp",
    "hypot",
    "jacobian",
    "jvp",
    "log",
    "log1p",
    "logaddexp",
    "logsumexp",
    "maximum",
    "minimum",
    "no_grad",
    "operation",
    "record",
    "relu",
    "sigmoid",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "step_curve",
    "study",
    "tan",
    "tanh",
    "total",
    "train",
    "value_and_grad",
    "vjp",
    "where",
]

__getattr__, __dir__ = names_from(
    __name__, {"draw": "drawing", "explore": "explorer", "study": "studies"}
)

_hypothesis.register()
