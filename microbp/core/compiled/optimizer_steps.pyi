from microbp.core.python.optimizer_steps import adapt as adapt
from microbp.core.python.optimizer_steps import descend as descend
from microbp.core.python.optimizer_steps import gather_momentum as gather_momentum
from microbp.core.python.optimizer_steps import zero_grads as zero_grads
