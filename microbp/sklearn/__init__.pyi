from .estimators import NetClassifier as NetClassifier
from .estimators import NetRegressor as NetRegressor
