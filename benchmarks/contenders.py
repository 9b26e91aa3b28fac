"""The contenders: microbp and the libraries it is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from benchmarks.workload import Workload


@dataclass(frozen=True)
class Contender:
    """A way to compute, as the command line and the report name it."""

    key: str
    title: str
    adapter: str
    """Its file in `adapters`."""
    packages: tuple[str, ...] = ()
    """The distributions whose versions the report names."""
    engine: str = ""
    """MICROBP_ENGINE for its process."""
    collector: bool = True
    """Whether Python's garbage collector is on, as it is by default. Where it is off, what it
    would find is collected between the steps, outside of the time."""
    nodes: bool = True
    """Whether to measure the memory and depth of its nodes: not if it has none, or the same as
    another contender's."""
    options: tuple[str, ...] = ()
    """The arguments of its Adapter."""
    replays: bool = False
    """Whether it only runs replay workloads, prepared once."""

    def runs(self, workload: Workload) -> bool:
        """Whether it takes part in this workload."""
        return (
            not self.replays if workload.replay is None else self.key in workload.replay.contenders
        )


_replaying = partial(Contender, nodes=False, replays=True)

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
        _replaying(
            "microbp-replay",
            "microbp, replayed",
            "microbp_replay",
            ("microbp", "numpy"),
            engine="compiled",
        ),
        _replaying("c", "C by hand", "c"),
        _replaying("c-native", "C by hand, this machine's", "c", options=("plain", "native")),
        _replaying("c-vectorized", "C by hand, vectorized", "c", options=("vectorized",)),
        _replaying(
            "c-vectorized-native",
            "C by hand, vectorized, this machine's",
            "c",
            options=("vectorized", "native"),
        ),
        _replaying("numpy", "NumPy by hand", "numpy", ("numpy",)),
        _replaying("jax", "JAX, jit", "jax", ("jax", "jaxlib")),
        _replaying("casadi-sx", "CasADi, built once", "casadi_vm", ("casadi", "numpy")),
        _replaying(
            "casadi-mx",
            "CasADi, built once of matrices",
            "casadi_vm",
            ("casadi", "numpy"),
            options=("matrices",),
        ),
    )
}

REFERENCE = CONTENDERS["floats"]
"""Every other contender has to find the same losses."""
