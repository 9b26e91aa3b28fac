"""The end of the interpreter, and other interpreters: told or safe."""

import pytest

pytestmark = [pytest.mark.thorough, pytest.mark.engine("compiled")]  # it has memory of its own

ALIVE = """
import atexit
from microbp import Value, dot, record
x, w = Value(1.0), Value(0.5)
y = x
for _ in range(300_000):
    y = y * 0.999
y.held = [y]  # a cycle
z = dot([x, y], [y, w], 1.0)
program = record((x * w).tanh(), [x], [w])
program.backward([[1.0]])
"""
AT_EXIT = """
def last():
    z.backward()
    print(program.backward([[float(i % 3)] for i in range(5000)], threads=2) > 0.0, flush=True)
atexit.register(last)
"""
AFTER_IT = """
class Late:
    def __init__(self, *held):
        self.held = held
    def __del__(self):
        z, program = self.held
        z.backward()
        program.backward([[1.0]] * 5000, threads=2)
import sys
sys.late = Late(z, program)
print(True)
"""
THREADS = """
import threading, time
import numpy as np
from microbp import Value, record
x, w = Value(1.0), Value(0.5)
y = x
for _ in range(100):
    y = (y * w).sin()
program = record(y, [x], [w])
cases = np.linspace(0.0, 1.0, 100_000)[:, None]
def work():
    while True:
        program.forward(cases, threads=2)
        program.backward(cases, threads=2)
        (w * x).backward()
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
print(True, flush=True)
"""


@pytest.mark.parametrize("end", ["print(True)", AT_EXIT, AFTER_IT])
def test_graphs_and_programs_alive_at_the_end(python, end):
    ran = python(ALIVE + end)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("True\n", "", 0)


@pytest.mark.parametrize("attempt", range(3))
def test_threads_that_replay_at_the_end(python, attempt):
    ran = python(THREADS)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("True\n", "", 0)


SUBINTERPRETER = """
import warnings
warnings.simplefilter("ignore")
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
from microbp import Value, engine
code = '''
from microbp import Value, engine
assert engine.name == "python", engine.name
x = Value(3.0)
(x * x).backward()
assert x.grad == 6.0
'''
problem = interpreters.run_string(interpreters.create(), code)
assert problem is None, problem
x = Value(3.0)
(x * x).backward()
print(x.grad == 6.0)
"""


def test_a_second_interpreter_gets_plain_python(python):
    ran = python(SUBINTERPRETER, MICROBP_ENGINE="")
    assert (ran.stdout, ran.returncode) == ("True\n", 0), ran.stderr
