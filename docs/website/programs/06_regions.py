"""Decision regions

What a net with two inputs answers in each point of the plane.
"""

import microbp
from microbp import datasets, plots
from microbp.nn import Net

X, y = datasets.moons()
net = Net(2, [8, 1], activation="tanh", output="sigmoid", seed=1)
microbp.train(net, (X, y), lr=0.03, sweeps=300, progress=False)
plots.save_png("regions.png", lambda ax: plots.decision_regions(net, (X, y), ax=ax), (6, 4.5))
