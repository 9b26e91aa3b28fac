"""Backward passes in threads, and Ctrl-C."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import microbp
from microbp import Value, dot
from tests.helpers.robustness import at_once


@pytest.mark.engine("compiled")  # its backward pass keeps other threads out
def test_backward_passes_over_shared_leaves_add_up_in_any_number_of_threads():
    x, w = Value(3.0), Value(5.0)

    def work():
        for _ in range(2000):
            y = dot([x, w], [w, x]) - x * w
            y.backward()

    at_once(work)
    assert (x.grad, w.grad) == (4 * 2000 * 5.0, 4 * 2000 * 3.0)


@pytest.mark.engine("compiled")  # its backward pass keeps other threads out
def test_backward_passes_of_one_graph_add_up_in_any_number_of_threads():
    x = Value(1.0)
    y = x
    for _ in range(1000):
        y = y + 0.0
    at_once(lambda: [y.backward() for _ in range(500)])
    assert x.grad == 4 * 500


GOING_BACKWARD = """
import time
from microbp.core.engine import Value
x = Value(1.0)
y = x
for _ in range(1_000_000):
    y = -y
print("ready", flush=True)
try:
    while True:
        y.backward()
except KeyboardInterrupt:
    print(time.time())
assert x.grad == int(x.grad) > 0  # whole passes only
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.engine("compiled")  # plain Python leaves a pass half done
def test_ctrl_c_ends_a_long_run_of_backward_passes_within_a_second_and_leaves_whole_sums():
    home = str(Path(microbp.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(GOING_BACKWARD)],
        cwd=home,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert float(output) - sent < 1.0
