"""Damage to the bytes of a file, as by a bad disk or a slip of an editor."""

import json
import random

PIECES = [
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b",",
    b":",
    b"0",
    b"9",
    b"-",
    b"e9",
    b"NaN",
    b"\0",
    b"\xff",
    b"\n",
]


def garbled(whole, times, seed):
    """The file with one to three places damaged, so many times; never as it was."""
    rng = random.Random(seed)
    for _ in range(times):
        data = whole
        while data == whole:
            for _ in range(rng.randint(1, 3)):
                data = _once(data, rng)
        yield data


def _once(data, rng):
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.randint(0, 8))
    kind = rng.randrange(6)
    if kind == 0:
        return data[:at]  # cut off
    if kind == 1:
        return data[:at] + data[end:]
    if kind == 2:
        return data[:at] + rng.choice(PIECES) + data[end:]
    if kind == 3:
        return data[:at] + rng.randbytes(rng.randint(1, 4)) + data[at:]
    if kind == 4:  # a bit
        return (
            data[:at]
            + bytes(byte ^ 1 << rng.randrange(8) for byte in data[at : at + 1])
            + data[at + 1 :]
        )
    start = rng.randrange(len(data) + 1)
    return data[:at] + data[start : start + rng.randint(1, 40)] + data[at:]  # a piece twice


def same_json(one, other):
    """Whether both are the same to a parser, such as by a space more."""
    try:
        return json.dumps(json.loads(one)) == json.dumps(json.loads(other))
    except (ValueError, RecursionError):
        return False
