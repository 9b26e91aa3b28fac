"""What is computed. `WORKS` is all of it, in the order of the report."""

from benchmarks.work import Work
from benchmarks.works import elementary, gpt, moons, replays, symmetry

WORKS: dict[str, Work] = {
    work.name: work
    for work in (
        elementary.chain(2_000),
        elementary.LATTICE,
        elementary.PRODUCTS,
        elementary.MIXED,
        moons.MOONS,
        moons.MOONS_NARY,
        symmetry.SYMMETRY,
        symmetry.SYMMETRY_NARY,
        symmetry.SYMMETRY_NET,
        gpt.GPT,
        gpt.GPT_NARY,
        *replays.REPLAYS,
    )
}
