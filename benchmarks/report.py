"""A run as tables, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.contenders import CONTENDERS
from benchmarks.results import Results, Spread
from benchmarks.targets import targets
from benchmarks.workloads import WORKLOADS

READING = """\
Each contender runs in a process of its own, and they take turns, round by round. A turn gives
the median of the steps that fit into a tenth of a second, or one step; a figure is the median
over the rounds, followed by the quartiles. A step computes the loss and its gradient, and deletes
the graph. Operations are those of the arithmetic as written: the same divisor for all. A time
counts only if the loss agrees with that of plain floats to 12 digits, and the gradient with their
finite differences. Ratios are medians of the ratios within each round.

The garbage collector is on, as by default, except where the table says it is off: there, garbage
is collected between the steps, and not timed. micrograd's nodes are reference cycles, which only
the collector frees. CasADi's graph is symbolic; a step builds, differentiates and evaluates it, as
for a graph that is new each time. HIPS autograd takes its scalars from one array. Functions that
micrograd lacks were added in its own style.

Workloads with replay or training in their names are sums over cases, where the graph stays the
same. Each contender first prepares in its own way, which is not timed: microbp records a graph,
JAX and the C compiler compile. A step then computes the loss and the whole gradient again from
the same numbers; forward is the loss alone. Operations are those of one case times the number of
cases, as written for plain floats, so ns/op are nanoseconds for each node and case. C, NumPy, JAX
and CasADi with matrices were written by hand for the net or the GPT, all others run the same code
as plain floats. C has the compiled engine's flags, -O3 and -ffp-contract=off, and "this machine's"
-march=native in addition; vectorized, its exp is a polynomial. microbp "compiled" rebuilds each
case's graph.
"""


def report(results: Results) -> str:
    """The whole report."""
    return "\n".join(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    yield "# microbp beside its peers"
    yield ""
    facts = results.machine
    yield (
        f"{results.date}, {facts['processor']} ({facts['cores']} cores, vectors: "
        f"{facts['vectors']}), {facts['system']}, {facts['python']}; {results.rounds} rounds"
        + (", interrupted before their end." if results.interrupted else ".")
    )
    yield ""
    packages = sorted({pair for found in results.versions.values() for pair in found.items()})
    yield "Versions: " + (", ".join(" ".join(pair) for pair in packages) or "no packages") + "."
    for key, reason in results.missing.items():
        yield ""
        yield f"Left out: {CONTENDERS[key].title} ({reason})."
    yield ""
    yield READING
    yield from _targets(results)
    for replayed in (False, True):
        workloads = [name for name in results.times if bool(WORKLOADS[name].replay) is replayed]
        if workloads:
            yield from _overview(results, workloads, replayed)
    for name in results.operations:
        yield from _work(results, name)
    if results.memory:
        yield from _memory(results)
    if results.depth:
        yield from _depth(results)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|---:" * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _overview(results: Results, workloads: Sequence[str], replayed: bool) -> Iterator[str]:
    base = results.baseline(workloads)
    kind = "Replayed steps" if replayed else "Whole steps"
    yield f"## {kind}, in times of {CONTENDERS[base].title}"
    yield ""
    timed = [
        key for key in CONTENDERS if any(key in results.times[workload] for workload in workloads)
    ]
    rows = []
    for key in timed:
        ratios = [results.ratio((workload, key), (workload, base)) for workload in workloads]
        cells = ["" if ratio is None else _figure(ratio.median) for ratio in ratios]
        rows.append([CONTENDERS[key].title, *cells])
    yield from _table(["", *workloads], rows)


def _work(results: Results, name: str) -> Iterator[str]:
    base = results.baseline([name])
    count = results.operations[name]
    replayed = WORKLOADS[name].replay is not None
    parts = ("step", "forward") if replayed else ("forward", "backward")
    yield f"## {name}: {WORKLOADS[name].about}, {count:,} operations"
    yield ""
    rows = []
    for key in CONTENDERS:
        step = results.part(name, key)
        if not step:
            continue
        ratio = results.ratio((name, key), (name, base))
        rows.append(
            [
                CONTENDERS[key].title,
                _spread([seconds * 1e3 for seconds in step]),
                *(_spread_per(results.part(name, key, p), count) for p in parts),
                "" if ratio is None else _in_words(ratio),
            ]
        )
    per = [f"{part}, ns/op" for part in parts]
    head = ["", "step, ms", *per, f"times {CONTENDERS[base].title}"]
    if rows:
        yield from _table(head, rows)
    yield from _left_out(results, name)


def _left_out(results: Results, name: str) -> Iterator[str]:
    """A line for each reason, with all it concerns."""
    reasons = results.left_out.get(name, {})
    for reason in dict.fromkeys(reasons.values()):
        titles = [CONTENDERS[key].title for key in reasons if reasons[key] == reason]
        yield f"Left out: {'; '.join(titles)} ({reason})."
        yield ""


def _spread(numbers: Sequence[float]) -> str:
    return _in_words(Spread.of(numbers)) if numbers else ""


def _spread_per(seconds: Sequence[float], count: int) -> str:
    return _spread([s * 1e9 / count for s in seconds])


def _in_words(spread: Spread) -> str:
    return f"{_figure(spread.median)} ({_figure(spread.low)}–{_figure(spread.high)})"


def _figure(x: float) -> str:
    """Three digits, or all before the point."""
    return f"{x:,.0f}" if x >= 100.0 else f"{x:.3g}"


def _memory(results: Results) -> Iterator[str]:
    yield "## Bytes a node, of a chain of a million products"
    yield ""
    rows = [
        [
            CONTENDERS[key].title,
            f"{found['held']:.0f}",
            f"{found['most']:.0f}" if "most" in found else "",
        ]
        for key, found in results.memory.items()
    ]
    yield from _table(["", "held", "at most, in the backward pass"], rows)
    yield from _left_out(results, "memory")


def _depth(results: Results) -> Iterator[str]:
    yield "## Greatest depth"
    yield ""
    yield "Of a chain built, differentiated and deleted, with Python's default recursion limit."
    yield ""
    rows = [
        [CONTENDERS[key].title, f"{depth:,}" if depth else "none", end]
        for key, (depth, end) in results.depth.items()
    ]
    yield from _table(["", "survived", "then"], rows)


def _targets(results: Results) -> Iterator[str]:
    yield "## Targets"
    yield ""
    rows = [
        [
            target.what,
            f"{'at most' if target.at_most else 'at least'} {target.goal:g}",
            "" if target.measured is None else _in_words(target.measured),
            target.verdict,
        ]
        for target in targets(results)
    ]
    yield from _table(["", "target", "measured", ""], rows)
