from .assertion import assert_grad_ok as assert_grad_ok
from .expression import Expression as Expression
from .gradient_assertion import assert_gradient_ok as assert_gradient_ok
from .leaves_and_nets import networks as networks
from .leaves_and_nets import values as values
from .profiles import register_profiles as register_profiles
from .strategies import expressions as expressions
