"""Who takes part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """A way to compute, as the command line and the report name it."""

    key: str
    title: str
    peer: str
    """The file in `peers` that knows how."""
    packages: tuple[str, ...] = ()
    """The distributions whose versions the report names."""
    engine: str = ""
    """MICROBP_ENGINE for its process."""
    collector: bool = True
    """Whether Python's garbage collector is on, as it is by default. Where it is off, what it
    would find is collected between the steps, outside of the time."""
    nodes: bool = True
    """Whether it has nodes to weigh and stack: not the same as another contender's, or none."""


CONTENDERS: dict[str, Contender] = {
    contender.key: contender
    for contender in (
        Contender("floats", "plain floats", "floats", nodes=False),
        Contender(
            "microbp-compiled", "microbp, compiled", "microbp", ("microbp",), engine="compiled"
        ),
        Contender("microbp-python", "microbp, Python", "microbp", ("microbp",), engine="python"),
        Contender(
            "microbp-python-nogc",
            "microbp, Python, collector off",
            "microbp",
            ("microbp",),
            engine="python",
            collector=False,
            nodes=False,
        ),
        Contender("micrograd", "micrograd", "micrograd", ("micrograd",)),
        Contender(
            "micrograd-nogc",
            "micrograd, collector off",
            "micrograd",
            ("micrograd",),
            collector=False,
            nodes=False,
        ),
        Contender("microgpt", "microgpt's style", "microgpt"),
        Contender("xad", "XAD", "xad", ("xad",)),
        Contender("autograd", "HIPS autograd", "autograd", ("autograd", "numpy")),
        Contender("casadi", "CasADi", "casadi", ("casadi", "numpy")),
        Contender("torch", "PyTorch", "torch", ("torch",)),
    )
}

REFERENCE = CONTENDERS["floats"]
"""Whose losses all others must find."""
