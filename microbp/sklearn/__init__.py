"""Nets as estimators of scikit-learn: for its pipelines, grid searches and scores.

>>> from microbp.sklearn import NetClassifier
>>> from sklearn.datasets import make_moons
>>> X, y = make_moons(200, noise=0.1, random_state=1)
>>> NetClassifier(random_state=1).fit(X, y).score(X, y) > 0.95
True

scikit-learn is imported with the first estimator; ImportError says so where it is missing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
