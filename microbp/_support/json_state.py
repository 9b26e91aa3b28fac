"""Plain data in JSON files of ours: strict, of bounded size, and with a checksum.

Each file is one JSON object. Its last entry, "checksum", is the CRC-32 of the others as
`json.dumps` writes them, so that a damaged number is told as well as damaged syntax, and another
layout or other line ends are not. Without that entry, as when somebody wrote the file by hand,
nothing is compared. Numbers that are not finite, for which JSON has no word, are
{"float": "nan"}, {"float": "inf"} and {"float": "-inf"}.
"""

from __future__ import annotations

import gc
import json
import math
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from microbp._support.atomic_file import FileMismatch
from microbp._support.coerce import shown

LONGEST_INT = 20
"""Digits of an integer in a file: the time to read one grows with the square of its length."""

NOT_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class StateFile(NamedTuple):
    """What a file holds, and the checksum in it, if any."""

    name: str
    state: Any
    checksum: Any

    def check_intact(self) -> None:
        """FileMismatch where the state is not what was written.

        For after everything else has been checked: what is wrong is better told with its place.
        """
        if self.checksum is not None and self.checksum != checksum(self.state):
            raise FileMismatch(
                f"{self.name}: the numbers are not those of its checksum: it is damaged, or was "
                f"edited by hand (then delete the entry 'checksum')"
            )


def checksum(state: Any) -> str:
    """The checksum of a state, as eight digits."""
    return _crc(_dumped(state))


def with_checksum(state: Mapping[str, Any], *, indent: int | None = None) -> str:
    """The text of a file with this state."""
    text = _dumped(state)
    if indent is None and state:
        return f'{text[:-1]}, "checksum": "{_crc(text)}"}}\n'
    content = {**_all_finite(state), "checksum": _crc(text)}
    return json.dumps(content, indent=indent, allow_nan=False) + "\n"


def read_state_file(
    path: Path, most: int, *, what: str = "JSON file", begins: str = r"\s*"
) -> StateFile:
    """What the file holds; nothing in it is executed.

    most: the bytes that it may have. begins: what its first bytes have to match, as a regular
    expression. A larger file, or one that begins otherwise, is refused unread.

    Raises FileMismatch, naming the file, where it is not `what` it should be or no strict JSON:
    no key twice, no NaN, no number that a float can't hold. OSError where it can't be read.
    """
    try:
        state = parsed(_bytes(path, most, what, re.compile(begins.encode())))
    except FileMismatch as error:
        raise FileMismatch(f"{path.name}: {error}") from None
    found = state.pop("checksum", None) if isinstance(state, dict) else None
    return StateFile(path.name, state, found)


def _bytes(path: Path, most: int, what: str, begins: re.Pattern[bytes]) -> bytes:
    data = bytearray()
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            if not data and not begins.match(chunk):
                raise FileMismatch(f"not a {what}")
            data += chunk
            if len(data) > most:
                raise FileMismatch(f"not a {what}: expected at most {most:,} bytes, got more")
    return bytes(data)


def parsed(data: bytes) -> Any:
    """The value of strict JSON; FileMismatch for anything else."""
    collecting = gc.isenabled()
    gc.disable()  # it would look at every list of a large file again and again
    try:
        return json.loads(
            data.decode("utf-8"),
            parse_int=_int,
            parse_float=_float,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except FileMismatch:
        raise
    except RecursionError:
        raise FileMismatch("nested too deeply") from None
    except ValueError as error:
        raise FileMismatch(f"not a JSON file: {error}") from None
    finally:
        if collecting:
            gc.enable()


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs of a JSON object as a dict; FileMismatch for a key that is there twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FileMismatch("an object with the same key twice")
    return found


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = without_repeats(pairs)
    if found.keys() == {"float"} and isinstance(found["float"], str):
        return NOT_FINITE.get(found["float"], found)
    return found


def _int(digits: str) -> int:
    if len(digits) > LONGEST_INT:
        raise FileMismatch(
            f"a whole number of {len(digits)} digits; expected at most {LONGEST_INT}"
        )
    return int(digits)


def _float(digits: str) -> float:
    x = float(digits)
    if math.isinf(x):
        raise FileMismatch(f"no float can hold {shown(digits)}")
    return x


def _no_constant(name: str) -> NoReturn:
    raise FileMismatch(
        f"{name} is not a JSON number; one that is not finite is written with its name as text"
    )


def _dumped(state: Any) -> str:
    try:
        return json.dumps(state, allow_nan=False)
    except ValueError:
        return json.dumps(_all_finite(state), allow_nan=False)


def _all_finite(state: Any) -> Any:
    """The same plain data with objects for the numbers that are not finite."""
    if isinstance(state, float) and not math.isfinite(state):
        return {"float": str(float(state))}
    if isinstance(state, Mapping):
        return {key: _all_finite(value) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return [_all_finite(value) for value in state]
    return state


def _crc(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
