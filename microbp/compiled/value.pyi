from microbp.value import Value as Value
from microbp.value import apply as apply
from microbp.value import call as call
from microbp.value import dot as dot
from microbp.value import leaves as leaves
from microbp.value import restored as restored
from microbp.value import unit as unit

SOURCES: str
