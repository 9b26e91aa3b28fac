"""Nets as estimators of scikit-learn: for its pipelines, grid searches and scores.

>>> from microbp.sklearn import NetClassifier
>>> from sklearn.datasets import make_moons
>>> X, y = make_moons(200, noise=0.1, random_state=1)
>>> NetClassifier(random_state=1).fit(X, y).score(X, y) > 0.95
True

scikit-learn is imported with the first estimator; ImportError says so where it is missing.
"""

import lazy_loader

from microbp._support.missing_names import refusing

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = refusing(__name__, _find, __all__)
