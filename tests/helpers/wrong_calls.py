"""What users may write by mistake: rows of a name, the call, and the error with its exact text."""

import random
import traceback

import numpy as np
import pytest

from microbp import Value, nn, record

GRADIENT = 0.5
_made = []


def x(data=1.0):
    return Value(data, "x")


def net(**options):
    """A net with gradients, whose state no wrong call may change."""
    made = nn.Net(2, [2, 1], **options)
    for p in made.parameters():
        p.grad = GRADIENT
    _made.append((made, made.state_dict()))
    return made


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


def wrong_calls(rows):
    """The parameters `call`, `kind` and `text` of a test, one for each row."""
    names = [row[0] for row in rows]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize(("call", "kind", "text"), [row[1:] for row in rows], ids=names)


def check(call, kind, text):
    """The call raises this error, shows no Cython in its traceback, and changes nothing."""
    _made.clear()
    before = random.getstate(), str(np.random.get_state())  # users' own
    with pytest.raises(Exception) as error:  # noqa: PT011  # the kind is checked below
        call()
    assert type(error.value) is kind
    assert str(error.value) == text
    files = {frame.filename for frame in traceback.extract_tb(error.value.__traceback__)}
    assert {file[-3:] for file in files} == {".py"}  # no Cython, which has no source to show
    assert (random.getstate(), str(np.random.get_state())) == before
    for made, state in _made:
        assert made.state_dict() == state
        assert {p.grad for p in made.parameters()} == {GRADIENT}
