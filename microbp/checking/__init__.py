"""gradcheck: is this derivative right?

Read in this order, one idea a file:
- `check`: the question and the answer as a whole; `report` prints it;
- `verdict`: one derivative, compared with a reference;
- `finite_differences`: references from `samples` of the function, by `extrapolation`;
- `oracles`: references where differences cannot tell, from dual numbers (`duals`) and from fifty
  digits (`mpmath_oracle`);
- `noise`: how far off the values of a function are, measured;
- `error_model`: how large rounding errors may be;
- `invariants`: what else must hold; `blame`: the first wrong partial;
- `step_sizes`: the error of a difference quotient against its step.
"""

from microbp.checking.check import gradcheck as gradcheck
from microbp.checking.report import Report as Report
from microbp.checking.step_sizes import StepCurve as StepCurve
from microbp.checking.step_sizes import step_curve as step_curve
