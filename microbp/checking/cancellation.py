"""Where a formula loses its digits, and how to write it so that it keeps them."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from microbp.checking.blame import as_code
from microbp.checking.chain_rule import data_errors
from microbp.checking.error_model import EPS
from microbp.core.engine import Value

NOTICED = 64.0
"""An operation that makes the relative error so many times larger loses digits."""
ROUNDED = 8.0 * EPS
"""A relative error of this size is no loss."""

ADVICE: dict[tuple[str, str], str] = {
    ("sub", "exp"): "expm1(x) is exp(x) - 1 with all digits",
    ("sub", "cos"): "1 - cos(x) is 2 * sin(x / 2)**2",
    ("sub", "sqrt"): "sqrt(a) - sqrt(b) is (a - b) / (sqrt(a) + sqrt(b))",
    ("sub", "mul"): "a*a - b*b is (a - b) * (a + b)",
    ("sub", "pow"): "a**2 - b**2 is (a - b) * (a + b); (1 + x)**n - 1 is expm1(n * log1p(x))",
    ("sub", "tanh"): "1 - tanh(x)**2 is 1 / cosh(x)**2",
    ("sub", "sigmoid"): "1 - sigmoid(x) is sigmoid(-x)",
    ("sub", "log"): "log(a) - log(b) is log(a / b), or log1p((a - b) / b)",
    ("log", "add"): "log1p(x) is log(1 + x) with all digits",
    ("log", "sub"): "log1p(-x) is log(1 - x) with all digits",
    ("log", "exp"): "logsumexp is log of a sum of exponentials with all digits",
    ("log", "sigmoid"): "log(sigmoid(x)) is -softplus(-x)",
}
"""What to write, by the operation that loses the digits and one that its operand comes from."""


def lost_digits(order: Sequence[Value]) -> str:
    """Where the graph, operands first, loses its digits: a sentence, with advice if there is any.

    Empty where no node stands out.
    """
    errors = data_errors(order)
    relative = {node: _relative(errors[node], node.data) for node in order}
    worst, most = None, NOTICED
    for node in order:
        if node.op is None or relative[node] <= ROUNDED:
            continue
        before = max(relative[operand] for operand in node.operands)
        growth = relative[node] / max(before, EPS)
        if growth > most:
            worst, most = node, growth
    if worst is None:
        return ""
    assert worst.op is not None
    kept = -math.log10(min(max(relative[worst], EPS), 1.0))
    digits = "none" if kept < 1.0 else f"{kept:.0f}"
    text = f"{as_code(worst)} = {worst.data:.6g} keeps {digits} of its operands' 16 digits"
    return f"{text}: {_advice(worst)}"


def _relative(error: float, data: float) -> float:
    if error < sys.float_info.min:  # as of a 0 that nothing was rounded to
        return 0.0
    return error / abs(data) if data else math.inf


def _advice(node: Value) -> str:
    assert node.op is not None
    for operand in node.operands:
        for near in (operand, *operand.operands):
            if near.op is not None and (node.op.name, near.op.name) in ADVICE:
                return f"rewrite it: {ADVICE[node.op.name, near.op.name]}"
    return "rewrite it so that nothing cancels"
