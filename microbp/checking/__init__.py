"""gradcheck: is this derivative right? check_gradient asks it of anybody's code (`black_box`).

Read in this order, one idea a file:
- `check`: the question and the answer as a whole; `report` prints it;
- `verdict`: one derivative, asked of differences and of oracles; `judging`: compared with one
  reference;
- `by_differences`: what steps find, by `finite_differences` from `samples` of the function, and
  `extrapolation`; `noise`: how far off its values are, measured;
- `by_oracles`: what the graph tells: `chain_rule`, with partials from `oracles`, which are dual
  numbers (`duals`) and fifty digits (`mpmath_oracle`); `whole_formula`: the derivative without
  any rounding; `cancellation`: where the digits were lost;
- `beside_kinks`: whether a kink hides a fault;
- `error_model`: how large rounding errors may be;
- `invariants`: what else must hold; `blame`: the first wrong partial;
- `directions`, `together`: many inputs at once;
- `step_sizes`: the error of a difference quotient against its step.
"""

from microbp.checking.black_box import check_gradient as check_gradient
from microbp.checking.check import gradcheck as gradcheck
from microbp.checking.report import Report as Report
from microbp.checking.step_sizes import StepCurve as StepCurve
from microbp.checking.step_sizes import step_curve as step_curve
