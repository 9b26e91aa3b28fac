"""What works where there are no NumPy, no threads and no programs, and what is said of the rest."""

import sys
import tempfile
import threading
from pathlib import Path

import js

from microbp import Value, draw, explore, record, tanh, train, watch
from microbp.nn import Net
from microbp.optim import Momentum

assert {"tqdm", "numpy", "multiprocessing"}.isdisjoint(sys.modules)
XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
folder = Path(tempfile.mkdtemp())

net = Net(2, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)
optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
for _ in range(2):  # the second goes on from the file
    history = train(net, XOR, optimizer, sweeps=200, checkpoint=folder / "run.json")
print(history.engine)
assert threading.active_count() == 1  # tqdm's monitor would be a second one

y = tanh(Value(0.5, "x") * 2)
assert "<svg" in draw(y).save(folder / "y.svg").read_text()
assert "<iframe" in explore(y)._repr_mimebundle_()["text/html"]
assert "<iframe" in watch(net, XOR, optimizer, sweeps=20)._repr_mimebundle_()["text/html"]
program = record(y, [])
program.save(folder / "y.json")


def refused(attempt):
    try:
        attempt()
    except (ModuleNotFoundError, RuntimeError) as error:
        return error


print(refused(lambda: program.forward([[]])))
print(refused(draw(y).png))
print(refused(history.plot))
del js.microbpGraphviz
print(draw(y)._repr_mimebundle_()["text/html"][:50])
