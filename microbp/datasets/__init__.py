"""Small data sets to try a net on, as NumPy arrays: `X, y = microbp.datasets.moons()`.

Point clouds (`moons`, `circles`, `spirals`, `clusters`) are drawn from a seed by Python's own
generator, so a seed gives the same points everywhere. Patterns of bits (`xor`, `parity`,
`symmetry`) are all there are. `digits` are scikit-learn's, where that is installed, and `names`
a list of strings. Nothing is downloaded.

X has a row of inputs for each case; y has each case's class, a whole number from 0 on.
"""

from typing import TYPE_CHECKING

from microbp._support.missing_names import refusing
from microbp.datasets.bundled import digits as digits
from microbp.datasets.bundled import names as names
from microbp.datasets.patterns import parity as parity
from microbp.datasets.patterns import symmetry as symmetry
from microbp.datasets.patterns import xor as xor
from microbp.datasets.point_clouds import circles as circles
from microbp.datasets.point_clouds import clusters as clusters
from microbp.datasets.point_clouds import moons as moons
from microbp.datasets.point_clouds import spirals as spirals

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)
