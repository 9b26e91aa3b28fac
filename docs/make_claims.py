"""Make docs/claims.md from the studies' results: `python docs/make_claims.py`.

What the paper claims, what we measured, and whether they agree. No figure here is typed by hand:
all come from docs/results/studies.csv, which docs/studies.py writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from claims import LISTED, PRINTED, TREES, Found
from studies import SYMMETRY_SETTINGS, TABLE, read

from microbp.experiments.families import RELATIONSHIPS
from microbp.experiments.family_trees import DEVIATIONS
from microbp.experiments.methods import METHODS
from microbp.files import write_whole
from microbp.summaries import Share

PAGE = Path(__file__).parent / "claims.md"


def page(found: Found) -> str:
    """The whole of docs/claims.md."""
    return "\n".join(
        [
            "# What the paper claims, and what we measured",
            "",
            "Made by `python docs/make_claims.py` from [results/studies.csv](results/studies.csv),",
            "which `python docs/studies.py` writes: nothing here is typed by hand. Behind a share",
            "stands its 95 % confidence interval, behind a median the quartiles. Where nothing",
            "else is said, the settings are the experiments' own; `microbp EXPERIMENT --help`",
            'tells them. "Solved" means that all cases were right at some sweep, within the',
            "10,000 sweeps of a study, 1,500 for the family trees, 2,000 for the iterative nets.",
            "",
            *_table(
                ["", "claim", "measured", "agrees?"],
                [[c.where, c.says, c.measured(found), c.agrees(found)] for c in LISTED],
            ),
            "",
            *_tables(found),
        ]
    )


def _tables(found: Found) -> list[str]:
    changed = [("symmetry", "as printed: eps 0.1, alpha 0.9, init 0.3, 2 hidden")]
    for name, values in SYMMETRY_SETTINGS.items():
        changed += [(f"symmetry {name}={value}", f"{name} {value}") for value in values]
    symmetry = [
        [
            told,
            found.share(study, "all", "solved by 1425").percent(),
            found.share(study).percent(),
            found.middle(study, "solved_at"),
            found.share(study, "solved kind=1:2:4").percent(),
        ]
        for study, told in changed
    ]
    without = [(TREES, "with all four")]
    without += [
        (f"{TREES} without={n}", f"without: {what}") for n, what in enumerate(DEVIATIONS, 1)
    ]
    without.append((PRINTED, "with none, as printed"))
    trees = [
        [told, str(found.share(study)), found.middle(study, "solved_at")] for study, told in without
    ]
    kin = []
    for name in RELATIONSHIPS:
        line = found.line(TREES, name)
        if line is not None and line.mean is not None:
            kin.append([name, str(line.number), f"{100 * line.mean:.0f} %"])
    ways = [
        [
            name,
            str(_reached(found, name)),
            found.middle("methods", f"{name}_steps"),
            found.middle("methods", name),
        ]
        for name in METHODS
    ]
    nets = [(f"iterative steps={s} rule={r}", f"shift register, {s} steps, {r}", "")
            for s in (2, 3) for r in ("averaged", "summed")]  # fmt: skip
    nets += [(f"sequences hidden={h}", f"sequences, {h} hidden units", "held_out_right")
             for h in (6, 12, 24)]  # fmt: skip
    nets += [(f"t-c rule={r}", f"T against C, {r}", "") for r in ("averaged", "summed")]
    tied = []
    for study, told, extra in nets:
        line = found.line(study, extra, "solved") if extra else None
        held = f"{line.mean:.1f} of 5" if line is not None and line.mean is not None else ""
        row = [told, str(found.share(study)), found.middle(study, "solved_at"), held]
        tied.append(row)
    return [
        "## Symmetry: what eps, alpha, the initial range and more hidden units change",
        "",
        *_table(
            ["settings", "by sweep 1,425", "by 10,000", "solved at", "1 : 2 : 4 of the solved"],
            symmetry,
        ),
        "",
        "## Family trees: which deviations it takes",
        "",
        *_table(["", "seeds that learn all 100", "at sweep"], trees),
        "",
        "## Family trees: which relationships generalise",
        "",
        *_table(["held out", "seeds", "right"], kin),
        "",
        "## Four ways down: from the first sweep with all 64 right to E < 0.0057",
        "",
        *_table(["", "got there", "steps", "sweeps"], ways),
        "",
        "## Tied weights",
        "",
        *_table(["", "solved", "at sweep", "held out and right, on average"], tied),
        "",
    ]


def _reached(found: Found, name: str) -> Share:
    line = found.line("methods", name, "solved")
    return Share(line.number if line else 0, found.share("methods").number)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [list(head), ["---"] * len(head), *map(list, rows)]
    return [f"| {' | '.join(row)} |" for row in cells]


def main() -> None:
    write_whole(PAGE, page(Found(read(TABLE))))


if __name__ == "__main__":
    main()
