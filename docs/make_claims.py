"""Make docs/claims.md from the studies' results.

What the paper claims, what we measured, and whether they agree: `python docs/make_claims.py`. No
figure is typed by hand: all come from docs/results/studies.csv, which docs/studies.py writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from claims import CLAIMS, PRINTED, TREES
from studies import PER_CASE_LR, SYMMETRY_SETTINGS, TABLE, read
from study_results import Results

from microbp._support.atomic_file import write_whole
from microbp.experiments.nature1986.family_data import RELATIONSHIPS
from microbp.experiments.nature1986.family_trees import DEVIATIONS
from microbp.experiments.nature1986.second_order import METHODS
from microbp.studies import Share

PAGE = Path(__file__).parent / "claims.md"


def page(results: Results) -> str:
    """The whole of docs/claims.md."""
    return "\n".join(
        [
            "# What the paper claims, and what we measured",
            "",
            "Made by `python docs/make_claims.py` from [results/studies.csv](results/studies.csv),",
            "which `python docs/studies.py` writes: nothing here is typed by hand. Seeds are 0, 1,",
            "2 and so on. A share is followed by its 95 % confidence interval, a median by its",
            "quartiles. Unless said otherwise, the settings are the experiments' own;",
            '`microbp EXPERIMENT --help` lists them. "Solved" means that all cases were right at',
            "some sweep, within the 10,000 sweeps of a study, 1,500 for the family trees, 2,000",
            "for the iterative nets.",
            "",
            *_table(
                ["", "claim", "measured", "agrees?"],
                [[c.where, c.says, c.measured(results), c.agrees(results)] for c in CLAIMS],
            ),
            "",
            "A net that wasn't right within these sweeps may have been in a local minimum, or on",
            "its way. Exclusive or with one hidden unit and direct connections has no local",
            "minimum that isn't a solution ([Sprinkhuizen-Kuyper & Boers 1996]"
            "(https://doi.org/10.1162/neco.1996.8.6.1301)),",
            "and yet some runs of it take long.",
            "",
            *(
                line
                for heading, table in TABLES.items()
                for line in (f"## {heading}", "", *table(results), "")
            ),
            *_others(results),
        ]
    )


def _others(results: Results) -> list[str]:
    """What others have reproduced, beside ours."""
    line = results.line(TREES, "held_out_right")
    assert line is not None
    return [
        "## Others who did it again",
        "",
        "The family trees are also in Hinton, *Learning distributed representations of concepts*",
        "(Proc. 8th Annual Conf. of the Cognitive Science Society, 1986). [One reproduction]"
        "(https://peiguo.me/posts/hinton-family-tree-experiment/)",
        "reports 74 % of the held-out cases, with batch normalization, AdamW and one more layer.",
        f"Ours, which keeps to the paper's net, has {line.mean:.2f} of 4 right on average.",
        "",
        "The sequences are an example of the simulator Lens,"
        " [rhw-sequence](https://ni.cmu.edu/~plaut/Lens/Manual/Example/rhw-sequence.html) (Rohde",
        "2000), which learns its training set in about 400 sweeps.",
        "",
    ]


def _symmetry(results: Results) -> list[str]:
    changed = [("symmetry", "as printed: lr 0.1, momentum 0.9, init 0.3, 2 hidden")]
    for name, values in SYMMETRY_SETTINGS.items():
        changed += [(f"symmetry {name}={value}", f"{name} {value}") for value in values]
    changed += [(f"symmetry hidden={n} lr=0.02", f"hidden {n}, lr 0.02") for n in (4, 8, 16)]
    changed += [
        (f"symmetry per_case=1 lr={lr} sweeps=1500", f"after each case, lr {lr} (to 1,500)")
        for lr in PER_CASE_LR
    ]
    rows = [
        [
            settings,
            results.share(study, "all", "solved by 1425").percent(),
            results.share(study).percent(),
            results.quartiles(study, "solved_at"),
            results.share(study, "solved kind=1:2:4").percent(),
        ]
        for study, settings in changed
    ]
    return _table(
        ["settings", "by sweep 1,425", "by 10,000", "solved at", "1 : 2 : 4 of the solved"], rows
    )


def _deviations(results: Results) -> list[str]:
    studies = [(TREES, "with all four")]
    studies += [
        (f"{TREES} without={n}", f"without: {what}") for n, what in enumerate(DEVIATIONS, 1)
    ]
    studies.append((PRINTED, "with none, as printed"))
    studies.append((f"{TREES} slow=0", "with all four, but no slow start"))
    rows = [
        [settings, str(results.share(study)), results.quartiles(study, "solved_at")]
        for study, settings in studies
    ]
    return _table(["", "seeds that learn all 100", "at sweep"], rows)


def _relationships(results: Results) -> list[str]:
    rows = []
    for name in RELATIONSHIPS:
        line = results.line(TREES, name)
        if line is not None and line.mean is not None:
            rows.append([name, str(line.number), f"{100 * line.mean:.0f} %"])
    return _table(["held out", "seeds", "right"], rows)


def _methods(results: Results) -> list[str]:
    rows = [
        [
            name,
            str(_reached(results, name)),
            results.quartiles("methods", f"{name}_steps"),
            results.quartiles("methods", name),
        ]
        for name in METHODS
    ]
    return _table(["", "got there", "steps", "sweeps"], rows)


def _tied(results: Results) -> list[str]:
    nets = [(f"iterative steps={s} rule={r}", f"shift register, {s} steps, {r}", "")
            for s in (2, 3) for r in ("averaged", "summed")]  # fmt: skip
    nets += [(f"sequences hidden={h}", f"sequences, {h} hidden units", "held_out_right")
             for h in (6, 12, 24)]  # fmt: skip
    nets += [(f"t-c rule={r}", f"T against C, {r}", "") for r in ("averaged", "summed")]
    rows = []
    for study, net, extra in nets:
        line = results.line(study, extra, "solved") if extra else None
        held = f"{line.mean:.1f} of 5" if line is not None and line.mean is not None else ""
        rows.append([net, str(results.share(study)), results.quartiles(study, "solved_at"), held])
    return _table(["", "solved", "at sweep", "held out and right, on average"], rows)


TABLES = {
    "Symmetry: what lr, momentum, the initial range and more hidden units change": _symmetry,
    "Family trees: which deviations it takes": _deviations,
    "Family trees: which relationships generalize": _relationships,
    "Four ways down: from the first sweep with all 64 right to E < 0.0057": _methods,
    "Tied weights": _tied,
}
"""The tables after the claims, by their headings."""


def _reached(results: Results, name: str) -> Share:
    line = results.line("methods", name, "solved")
    return Share(line.number if line else 0, results.share("methods").number)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [list(head), ["---"] * len(head), *map(list, rows)]
    return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in cells]


def main() -> None:
    """Write the page."""
    write_whole(PAGE, page(Results(read(TABLE))))


if __name__ == "__main__":
    main()
