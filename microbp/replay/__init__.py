"""A graph recorded once and replayed, forward and backward, over many cases at a time."""

from microbp.replay.program import Program as Program
from microbp.replay.program import record as record
