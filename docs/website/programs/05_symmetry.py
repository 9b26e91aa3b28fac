"""The paper's symmetry net

Fig. 1 of the paper: six inputs, two hidden units. Mirror inputs have opposite weights, in the ratio
1 : 2 : 4. (Seed 8 is shown for its outcome.)
"""

from microbp import plots
from microbp.experiments.nature1986 import symmetry

net = symmetry.run(seed=8, progress=False).net
plots.save_png("weights.png", lambda ax: plots.weights_as_net(net, ax=ax), (7, 4.5))
plots.save_png("hinton.png", lambda ax: plots.hinton_layer(net, "hidden", ax=ax), (7, 2.5))
