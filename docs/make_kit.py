"""Make the teacher's kit: `python docs/make_kit.py [worksheets] ...`; it goes into build/kit.

docs/teach has a page for each part. Slides and solutions need `pip install '.[docs]'` and npm.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kit import PARTS, make

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}; default: all"
    )
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "kit", metavar="FOLDER")
    given = parser.parse_args()
    for part in given.parts:
        if part not in PARTS:
            parser.error(f"expected one of {', '.join(PARTS)}, got {part!r}")
    for part in given.parts or PARTS:
        for path in make(part, given.to / part):
            print(path)


if __name__ == "__main__":
    main()
