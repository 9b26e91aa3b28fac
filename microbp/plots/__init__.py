"""Plots of training, weights and errors, by Matplotlib; each function returns its axes.

Each draws on `ax`, or on new axes, and describes its picture in words: `alt_text(ax)`.
"""

import lazy_loader

from microbp._support.missing_names import refusing

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = refusing(__name__, _find, __all__)
