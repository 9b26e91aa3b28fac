"""Damage to the bytes of a file, as by a bad disk or a slip of an editor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

PIECES = [
    *(b"[", b"]", b"{", b"}", b'"', b",", b":", b"0", b"9", b"-", b"e9", b"NaN", b"\0", b"\n"),
    *(b"\xff", b"\\", b"true", b"null", b"1e999", b"[" * 5000, b'{"a":' * 5000, b"9" * 5000),
]


def garbled_once(whole: bytes, rng: Random) -> bytes:
    """The file with one to three places damaged; not as it was."""
    data = whole
    while data == whole:
        for _ in range(rng.randint(1, 3)):
            data = _damaged(data, rng)
    return data


def garbled(whole: bytes, times: int, seed: int) -> Iterator[bytes]:
    """So many files, each damaged in its own way."""
    rng = Random(seed)
    return (garbled_once(whole, rng) for _ in range(times))


def _damaged(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.randint(0, 8))
    start, length = rng.randrange(len(data) + 1), rng.randint(1, 40)
    return rng.choice(
        [
            data[:at],  # cut off
            data[:at] + data[end:],
            data[:at] + rng.choice(PIECES) + data[end:],
            data[:at] + rng.randbytes(rng.randint(1, 4)) + data[at:],
            data[:at]
            + bytes(b ^ 1 << rng.randrange(8) for b in data[at : at + 1])
            + data[at + 1 :],
            data[:at] + data[start : start + length] + data[at:],  # a piece twice
            data[:at] + bytes(length) + data[at + length :],  # a block of zeros
        ]
    )


def same_json(one: bytes, other: bytes) -> bool:
    """Whether both are the same to a parser, such as by a space more."""
    try:
        return json.dumps(json.loads(one)) == json.dumps(json.loads(other))
    except (ValueError, RecursionError):
        return False
