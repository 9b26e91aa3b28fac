from microbp.updates import adapt as adapt
from microbp.updates import descend as descend
from microbp.updates import gather_momentum as gather_momentum
from microbp.updates import zero_grads as zero_grads
