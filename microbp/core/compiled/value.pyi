from microbp.core.python.backward import reverse_order as reverse_order
from microbp.core.python.node import was_compared as was_compared
from microbp.core.python.value import Value as Value
from microbp.core.python.value import apply as apply
from microbp.core.python.value import call as call
from microbp.core.python.value import dot as dot
from microbp.core.python.value import leaves as leaves
from microbp.core.python.value import restored as restored
from microbp.core.python.value import unit as unit

SOURCES: str
