"""The error model: by how much a right number may be off, in constants that several files use."""

EPS = 2.0**-52
"""The distance from 1 to the next float, twice the relative error of one rounding."""

TINY = 2.0**-1074
"""The smallest float: where results underflow, rounding is no longer relative to them."""

OPERATION = 2.0 * EPS
"""An operation's relative error: the C library's functions are within 1 or 2 units in the last
place (glibc manual, "Known Maximum Errors in Math Functions")."""

PARTIAL = 1024.0 * EPS
"""A right partial's relative error. The worst formula is b * a ** (b - 1), in which rounding
b - 1 counts |log a| times, and that is at most 745 for a float a."""

MARGIN = 4.0
"""How many times an estimated error a difference may be before it counts as one."""
