"""`python -m benchmarks.reliability KIND`: attempts of one kind, or of all, and rows of a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks.reliability.kinds import KINDS
from benchmarks.reliability.tally import HEADER, Tally, tallied


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.only is not None:
        tally = Tally(options.kind)
        tally.add(options.seed, options.only)
        print(tally)
        return int(bool(tally.findings))
    tallies = []
    print(HEADER)
    for name in KINDS if options.kind == "all" else [options.kind]:
        tally, interrupted = tallied(name, options.times or KINDS[name].TIMES, options.seed)
        tallies.append(tally)
        print(tally, flush=True)
        if interrupted:
            print("Interrupted: the attempts so far are counted.", file=sys.stderr)
            break
    return int(any(tally.findings for tally in tallies))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reliability",
        description="Try to break microbp. Exits with status 1 where that succeeds.",
    )
    parser.add_argument("kind", choices=["all", *KINDS], metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--times", type=int, help="attempts; default: each kind's own number")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="repeat this attempt alone")
    options = parser.parse_args(arguments)
    if options.only is not None and options.kind == "all":
        parser.error("--only: expected one kind")
    return options


if __name__ == "__main__":
    sys.exit(main())
