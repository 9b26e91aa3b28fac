"""Deep graphs, let go of in every way; without precautions, 5,000 nodes would end Pyodide."""

import copy
import gc
import pickle

from microbp import Value, dot, grad, record, tanh

DEPTH = 20_000


def chain(depth=DEPTH):
    x = y = Value(1.0, "x")
    for _ in range(depth):
        y = y + 1.0
    return x, y


def raising():
    y = chain()[1]
    raise ValueError(f"with {y} in the frame")


def yielding():
    y = chain()[1]
    yield y.data


x, y = chain(100_000)
y.backward()
assert x.grad == 1.0
del y

copied = copy.deepcopy(chain()[1])
copied.backward()
del copied

unpickled = pickle.loads(pickle.dumps(chain()[1]))
unpickled.backward()
del unpickled

try:
    raising()
except ValueError as error:
    del error

suspended = yielding()
next(suspended)
del suspended

held = [chain()[1], {"y": chain()[1]}]
del held

x, y = chain()
x.above = y  # a cycle, through an attribute
del x, y
gc.collect()

y = Value(0.5)
for i in range(DEPTH):
    y = dot([y, y, y], [1.0, 0.5, 0.0], 0.25) if i % 2 else tanh(y)
y.backward()
del y

assert grad(lambda x: sum(x * 1.0 for _ in range(10_000)))(2.0) == 10_000.0
x, y = chain(10_000)
assert len(record(y, [x])._recording.code) == 10_000
del x, y
print("done")
