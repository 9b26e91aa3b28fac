"""What thirty students hand in: the gradient of a sigmoid unit's error, right, wrong and otherwise.

docs/teach/grade-a-class.md has the hand-out, of which `LOSS` is the first part.
"""

LOSS = """\
import math

CASES = [((0.5, -1.0), 1.0), ((1.5, 0.25), 0.0), ((-1.0, 2.0), 1.0)]


def output(w, inputs):
    x = w[0] * inputs[0] + w[1] * inputs[1] + w[2]
    return 1 / (1 + math.exp(-x))


def loss(w):
    return 0.5 * sum((output(w, inputs) - d) ** 2 for inputs, d in CASES)


"""


def loop(step, before="    g = [0.0, 0.0, 0.0]\n", after="    return g\n"):
    """A gradient as most students write it: a loop over the cases."""
    lines = "".join(f"        {line}\n" for line in step)
    head = "    for (a, b), d in CASES:\n        y = output(w, (a, b))\n"
    return f"{LOSS}def grad(w):\n{before}{head}{lines}{after}"


def by(dx, rule="+="):
    """A loop that adds up dE/dx times each input, with this dE/dx."""
    return loop([f"dx = {dx}", f"g[0] {rule} dx * a", f"g[1] {rule} dx * b", f"g[2] {rule} dx"])


RIGHT = by("(y - d) * y * (1 - y)")
AT_THE_SHEETS_POINT = "[0.2, -0.4, 0.1]"
HAND_INS = {
    "adam": RIGHT,
    "aisha": RIGHT.replace("dx", "delta"),
    "ben": by("(d - y) * y * (1 - y)"),
    "carla": loop(["e, slope = y - d, y * (1 - y)", "g[0] += e * slope * a",
                   "g[1] += e * slope * b", "g[2] += e * slope"]),
    "chen": LOSS + """\
import numpy as np


def grad(w):
    X = np.array([[a, b, 1.0] for (a, b), _ in CASES])
    d = np.array([target for _, target in CASES])
    y = 1 / (1 + np.exp(-X @ np.array(w)))
    return X.T @ ((y - d) * y * (1 - y))
""",
    "dana": by("(y - d)"),
    "david": by("(y - d) * y * (1 - y) / len(CASES)"),
    "elif": RIGHT.replace("def grad(w):", "def grad(w)"),
    "emma": by("2 * (y - d) * y * (1 - y)"),
    "felix": loop(["dx = (y - d) * y * (1 - y)", "g = [g[0] + dx * a, g[1] + dx * b, g[2] + dx]"],
                  after="    return tuple(g)\n"),
    "fatima": by("(y - d) * y * (1 - y)", rule="="),
    "george": RIGHT.replace("def grad", "def gradient"),
    "hana": RIGHT.replace("    return g\n", "    print(g)\n"),
    "ivan": LOSS + """\
def grad(w):
    found = []
    for i in range(3):
        up, down = list(w), list(w)
        up[i] += 1e-5
        down[i] -= 1e-5
        found.append((loss(up) - loss(down)) / 2e-5)
    return found
""",
    "jack": RIGHT + """

w = [0.2, -0.4, 0.1]
while loss(w) > 0:
    w = [number - 0.5 * slope for number, slope in zip(w, grad(w))]
""",
    "julia": by("(y - d) * (1 - y * y)"),
    "kenji": LOSS + """\
import microbp
from microbp import Value


def grad(w):
    leaves = [Value(number) for number in w]
    for inputs, d in CASES:
        y = microbp.sigmoid(microbp.dot(leaves[:2], inputs, leaves[2]))
        (0.5 * (y - d) ** 2).backward()
    return [leaf.grad for leaf in leaves]
""",
    "lena": loop(["dx = (y - d) * y * (1 - y)", "g[0] += dx * a", "g[1] += dx * b"]),
    "lucas": RIGHT + f"\n\nprint('mine at the point on the sheet:', grad({AT_THE_SHEETS_POINT}))\n",
    "maria": loop(["dx = (y - d) * y * (1 - y)", "g[0] += dx * b", "g[1] += dx * a", "g[2] += dx"]),
    "mehmet": LOSS + """\
def grad(w):
    return [0.3162070866086403, -0.17602561779200723, -0.08674134631184437]
""",
    "nora": RIGHT.replace("import math", "import math\n\nname = input('Your name: ')", 1),
    "olga": LOSS + """\
def dE_dx(w, case):
    inputs, d = case
    y = output(w, inputs)
    return (y - d) * y * (1 - y)


def grad(w):
    return [
        sum(dE_dx(w, case) * (*case[0], 1.0)[i] for case in CASES)
        for i in range(3)
    ]
""",
    "pablo": loop(["dx = (y - d) * y * (1 - y)", "return [dx * a, dx * b, dx]"]),
    "priya": by("(y - d) * y * (1 - y)").replace("g[2] += dx", "g[2] += dx * 1.0"),
    "quinn": loop(["dx = (y - d) * y * (1 - y)", "g[0] += dx * a", "g[1] += dx * b"],
                  before="    g = [0.0, 0.0]\n"),
    "rosa": RIGHT.replace("dx = (y - d)", "dx = (y - t)"),
    "sam": RIGHT.replace("import math", "import my_helpers\nimport math", 1),
    "tariq": by("(y - d) * (y - y * y)"),
    "yuki": '{"cells": [{"cell_type": "code", "outputs": [], "execution_count": null}]}\n',
}  # fmt: skip
"""Name and file of each student."""
