"""How small a step?

The error of a difference quotient against its step: too large a step is a
coarse one, and too small a one is lost in rounding.
"""

import microbp
from microbp import plots

curve = microbp.step_curve(microbp.exp, 1.0)
plots.save_png("steps.png", lambda ax: plots.step_curve(curve, ax=ax), (7, 4))
