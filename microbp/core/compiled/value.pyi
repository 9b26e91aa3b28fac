from microbp.core.python.backward import reverse_order as reverse_order
from microbp.core.python.layers import activities as activities
from microbp.core.python.layers import activities_into as activities_into
from microbp.core.python.layers import layer as layer
from microbp.core.python.layers import paired as paired
from microbp.core.python.layers import squared_error as squared_error
from microbp.core.python.layers import unit as unit
from microbp.core.python.node import was_compared as was_compared
from microbp.core.python.value import Value as Value
from microbp.core.python.value import apply as apply
from microbp.core.python.value import call as call
from microbp.core.python.value import dot as dot
from microbp.core.python.value import leaves as leaves
from microbp.core.python.value import restored as restored

SOURCES: str
