from .catalog import CATALOG as CATALOG
from .catalog import load as load
from .experiment import Experiment as Experiment
from .result import Result as Result
from .result import Trained as Trained
