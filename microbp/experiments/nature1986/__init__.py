"""The experiments of the paper, a module each; `run` in it is the experiment.

`symmetry` (Fig. 1), `family_trees` (Figs 2-4), `iterative` (Fig. 5), and `second_order`, on the
remark that methods with second derivatives need fewer sweeps than descent.
"""
