"""Notebook 8: can you trust a gradient?"""

from __future__ import annotations

import math
from typing import Any

from microbp._support.coerce import shown
from microbp.checking import check_gradient, gradcheck
from microbp.core import floats
from microbp.core.engine import Value
from microbp.course.answers import called, check_parameters, number
from microbp.course.verdicts import NotRight, NotYet


def one_side(my_step: Any) -> str:
    h = number(my_step)
    if h <= 0.0:
        raise NotRight("a step is above 0")
    above = 1.0 + h
    if above == 1.0:
        raise NotRight(f"{h:g} is so small that 1 + {h:g} is 1 for the computer")
    if h > 100.0:
        raise NotRight("that is the truncation: the step is much too large")
    off = abs((math.exp(above) - math.e) / h - math.e)
    if off < 1e-7:
        return f"off by {off:.1e}"
    arm = "the truncation: the step is too large" if h > 1e-8 else "the rounding: it is too small"
    raise NotRight(f"off by {off:.1e}. That is {arm}")


def bug(wrong_at: Any) -> str:
    x = number(wrong_at)

    def hurried(leaf: Value) -> Value:
        slope = 1.0 if leaf.data > 4.0 else floats.sigmoid(leaf.data)
        return Value(floats.softplus(leaf.data), (leaf,), (slope,))

    report = gradcheck(hurried, x)
    (entry,) = report.entries
    if report.verdict == "fail":
        return f"backward says {entry.backward:.6g}, and gradcheck {entry.reference:.6g}"
    if x <= 4.0:
        raise NotRight(f"at {x:g} the slope is the sigmoid, {entry.backward:.4g}, as it should be")
    off = floats.sigmoid(-x)  # 1 - sigmoid(x), with all its digits
    if off < 1e-16:
        raise NotRight(f"at {x:g} the sigmoid is 1, too, to all sixteen digits. Try a smaller x")
    raise NotRight(
        f"at {x:g} the slope is wrong, but by {off:.0e} only, which is too little for gradcheck "
        "to be sure. Try a smaller x"
    )


def softplus_slope(slope: Any) -> str:
    points = (0.0, 3.0, -3.0, 40.0, -40.0, 800.0, -800.0)
    for x in points:
        found = called(slope, floats, x, gives="a formula")
        if isinstance(found, float) and math.isnan(found):
            raise NotRight(
                f"at x = {x:g} you say nan. Infinity divided by infinity has no value: let no "
                "large exp arise"
            )
        mine = number(found, f"at x = {x:g}, what you return")
        _judge_slope(x, mine)
    return "gradcheck passes it at " + ", ".join(f"{x:g}" for x in points)


def _judge_slope(x: float, mine: float) -> None:
    report = gradcheck(lambda leaf: Value(floats.softplus(leaf.data), (leaf,), (mine,)), x)
    true = floats.sigmoid(x)
    if report.verdict == "pass" and math.isclose(mine, true, rel_tol=1e-9, abs_tol=1e-300):
        return
    wrong = f"at x = {x:g} you say {mine:.4g}, and gradcheck {true:.4g}"
    if x == -40.0 and mine == 0.0:
        wrong += ". You take the difference of two numbers that are 1 to all digits"
    raise NotRight(wrong)


def own_gradient(my_gradient: Any, net_error: Any, weights: Any) -> str:
    if my_gradient is ... or ... in getattr(
        getattr(my_gradient, "__code__", None), "co_consts", ()
    ):
        raise NotYet("put formulas in place of the ...")
    if not callable(my_gradient):
        raise NotRight(f"expected your function, got {shown(my_gradient)}")
    check_parameters(my_gradient, tuple(weights))
    try:
        report = check_gradient(net_error, my_gradient, weights)
    except ValueError as error:
        raise NotRight(f"the shapes don't fit: {error}") from None
    if report.verdict == "pass":
        return "check_gradient passes all entries"
    why = "; ".join(report.wrong)
    if "wrong in W1" in why:
        why += "; begin with d_hidden, since dW1 and db1 are made of it"
    raise NotRight(why)


JUDGES = (one_side, bug, softplus_slope, own_gradient)
