"""Make docs/claims.md, and the README's table, from the studies' results.

What the paper claims, what we measured, and whether they agree: `python docs/make_claims.py`. No
figure is typed by hand: all come from docs/results/studies.csv, which docs/studies.py writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from claims import LISTED, PRINTED, TREES
from found import Found
from studies import PER_CASE_LR, SYMMETRY_SETTINGS, TABLE, read

from microbp._support.atomic_file import write_whole
from microbp.experiments.nature1986.family_data import RELATIONSHIPS
from microbp.experiments.nature1986.family_trees import DEVIATIONS
from microbp.experiments.nature1986.second_order import METHODS
from microbp.studies import Share

PAGE = Path(__file__).parent / "claims.md"
README = Path(__file__).parents[1] / "README.md"

BEGIN, END = "<!-- made by docs/make_claims.py -->", "<!-- until here -->"
"""Between these lines of the README stands the table of the paper's own claims."""


def page(found: Found) -> str:
    """The whole of docs/claims.md."""
    return "\n".join(
        [
            "# What the paper claims, and what we measured",
            "",
            "Made by `python docs/make_claims.py` from [results/studies.csv](results/studies.csv),",
            "which `python docs/studies.py` writes: nothing here is typed by hand. Seeds are 0, 1,",
            "2 and so on. Behind a share stands its 95 % confidence interval, behind a median the",
            "quartiles. Where nothing else is said, the settings are the experiments' own;",
            '`microbp EXPERIMENT --help` tells them. "Solved" means that all cases were right at',
            "some sweep, within the 10,000 sweeps of a study, 1,500 for the family trees, 2,000",
            "for the iterative nets.",
            "",
            *_table(
                ["", "claim", "measured", "agrees?"],
                [[c.where, c.says, c.measured(found), c.agrees(found)] for c in LISTED],
            ),
            "",
            *_tables(found),
        ]
    )


def with_table(readme: str, found: Found) -> str:
    """The README with the table of the paper's own claims, without those of chapter 8."""
    before, begin, rest = readme.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"\n{END}")
    if not begin or not end:
        raise ValueError(f"expected the lines {BEGIN} and {END} in the README")
    rows = [[c.says, c.measured(found), c.agrees(found)] for c in LISTED if c.where != "ch. 8"]
    table = "\n".join(_table(["the paper", "measured", "agrees?"], rows))
    return f"{before}{begin}\n{table}\n{end}{after}"


def _tables(found: Found) -> list[str]:
    changed = [("symmetry", "as printed: lr 0.1, momentum 0.9, init 0.3, 2 hidden")]
    for name, values in SYMMETRY_SETTINGS.items():
        changed += [(f"symmetry {name}={value}", f"{name} {value}") for value in values]
    changed += [(f"symmetry hidden={n} lr=0.02", f"hidden {n}, lr 0.02") for n in (4, 8, 16)]
    changed += [
        (f"symmetry per_case=1 lr={lr} sweeps=1500", f"after each case, lr {lr} (to 1,500)")
        for lr in PER_CASE_LR
    ]
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
    without.append((f"{TREES} slow=0", "with all four, but no slow start"))
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
        "## Symmetry: what lr, momentum, the initial range and more hidden units change",
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
        "## Family trees: which relationships generalize",
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
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in cells]


def main() -> None:
    """Write the page, and the table in the README."""
    found = Found(read(TABLE))
    write_whole(PAGE, page(found))
    write_whole(README, with_table(README.read_text(encoding="utf-8"), found))


if __name__ == "__main__":
    main()
