"""Step through a unit

Press →, or "next": first forward, then backward, each step as code and as the paper's equation.
Change a leaf, guess the next number, check the gradients.
"""

import microbp
from microbp import Value

weights = [Value(1.5, "w1"), Value(-2.0, "w2")]
activities = [Value(0.8, "x1"), Value(-0.3, "x2")]
y = microbp.sigmoid(microbp.dot(weights, activities, Value(-0.5, "b")))
y.label = "y"
microbp.explore(y, path="unit.html")
