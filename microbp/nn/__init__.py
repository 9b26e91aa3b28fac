"""Units, layers and nets."""

from typing import TYPE_CHECKING

from microbp._support.atomic_file import FileMismatch as FileMismatch
from microbp._support.missing_names import refusing
from microbp.nn.net import Inputs as Inputs
from microbp.nn.net import Net as Net
from microbp.nn.units import ACTIVATIONS as ACTIVATIONS
from microbp.nn.units import Layer as Layer
from microbp.nn.units import Neuron as Neuron

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)
