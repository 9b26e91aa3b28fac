"""What is computed. `WORKLOADS` lists it all, in the order of the report."""

from benchmarks.workload import Workload
from benchmarks.workloads import gpt, moons, replay, symmetry, synthetic

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        synthetic.chain(2_000),
        synthetic.LATTICE,
        synthetic.PRODUCTS,
        synthetic.MIXED,
        moons.MOONS,
        moons.MOONS_NARY,
        symmetry.SYMMETRY,
        symmetry.SYMMETRY_NARY,
        symmetry.SYMMETRY_NET,
        gpt.GPT,
        gpt.GPT_NARY,
        *replay.REPLAYS,
    )
}
