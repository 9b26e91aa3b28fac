"""gradcheck: is this derivative right? What it knows, and how, one idea a file.

`check` puts the question and reports; `numeric` finds derivatives by differences, with a bound on
their error, from `samples` of the function; `findings` weighs them against the sweep's. Where
differences can't tell, `oracles` may: dual numbers (`duals`) and 50 digits (`precise`). `structure`
looks at what else must hold, `suspects` for the first wrong partial, and `report` says it all.
"""

from microbp.checking.check import gradcheck as gradcheck
from microbp.checking.report import Report as Report
from microbp.checking.step_sizes import StepCurve as StepCurve
from microbp.checking.step_sizes import step_curve as step_curve
