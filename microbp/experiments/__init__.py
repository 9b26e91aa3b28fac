"""The experiments of the paper and of PDP chapter 8, and what makes one of your own.

`Experiment` makes an experiment of a function of a seed; `Result` and `Trained` are what it
returns. `load` gives one of ours by the name of its command; `CATALOG` lists them. Each is also
the `run` of its module: `from microbp.experiments.nature1986 import symmetry; symmetry.run()`.
"""

import lazy_loader

from microbp._support.missing_names import refusing

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = refusing(__name__, _find, __all__)
