"""Step through a diamond

Two paths lead from x to y: the graph with which the course begins. Press "Predict", and each number
waits for a guess.
"""

import microbp
from microbp import Value

x = Value(1.0, label="x")
h = 2 * x
u = h + 1
v = 3 * h
y = u * v
h.label, u.label, v.label, y.label = "h", "u", "v", "y"
microbp.explore(y, path="diamond.html")
