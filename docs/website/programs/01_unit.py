"""One unit

The graph of a sigmoid unit after its backward pass: the data and the gradient of every node, and on
each arrow the partial. `theme="auto"` follows the reader's colors.
"""

import microbp
from microbp import Value

x, w, b = Value(0.5, label="x"), Value(-3.0, label="w"), Value(2.0, label="b")
y = microbp.sigmoid(w * x + b)
y.label = "y"
y.backward()
microbp.draw(y, theme="auto").save("unit.svg")
