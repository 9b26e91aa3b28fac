"""Units, layers and nets."""

from microbp.nn.layers import ACTIVATIONS as ACTIVATIONS
from microbp.nn.layers import FileMismatch as FileMismatch
from microbp.nn.layers import Inputs as Inputs
from microbp.nn.layers import Layer as Layer
from microbp.nn.layers import Net as Net
from microbp.nn.layers import Neuron as Neuron
