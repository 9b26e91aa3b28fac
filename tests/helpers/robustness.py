"""For the tests of core under strain: what is refused, counted and run at once."""

import gc
import sys
import threading
from pathlib import Path

from microbp import Value, dot, logsumexp
from microbp.core import ops
from microbp.replay.program import record

REFUSALS = (TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError)


def counts(*shared):
    """The references to what every node holds one to."""
    gc.collect()  # of exceptions, whose frames hold it
    table = [ops.MUL, ops.ADD, ops.TANH, ops.DOT, ops.TOTAL, ops.LOGSUMEXP]
    return [sys.getrefcount(thing) for thing in (Value, *table, *shared)]


def resident():
    """This process's memory in bytes."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


def some_junk():
    return [
        *(None, "x", 3, -1, 2.5, 1j, b"", [], [1.0], (), {}, object()),
        *(Value, Value(1.0), ops.ADD, len),
    ]


def at_once(work, threads=4):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        crew = [threading.Thread(target=work) for _ in range(threads)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
    finally:
        sys.setswitchinterval(interval)


def everyday(x, w):
    y = (w * x + 1.0).tanh() * dot([w, x], [x, w], w) + logsumexp([x, w * 2.0])
    return record([y, (x + 3.0).log()], [x], [w])


def interrupted_at(step, act, ours, *, opcodes=False):
    """Run it, with a KeyboardInterrupt at that step; True if it came so far.

    A step is a call, a line or a return, or with `opcodes` an instruction, for which
    `ours(frame, event)` is true.
    """
    steps = iter(range(step, -1, -1))

    def trace(frame, event, argument):
        frame.f_trace_opcodes = opcodes
        if ours(frame, event) and next(steps, None) == 0:
            raise KeyboardInterrupt
        return trace

    tracer = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(tracer)
    return False
