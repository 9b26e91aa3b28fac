"""Where the gradient is large

Boxes colored by their gradients: orange above 0, blue below, darker the further from 0. `u` and
`v` both use `h`, so its gradient is a sum over two paths.
"""

import microbp
from microbp import Value

x = Value(1.0, label="x")
h = 2 * x
u, v = h + 1, 3 * h
y = u * v
for value, label in [(h, "h"), (u, "u"), (v, "v"), (y, "y")]:
    value.label = label
y.backward()
microbp.draw(y, color="gradient", theme="auto").save("gradients.svg")
