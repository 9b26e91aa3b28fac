"""The problems of PDP chapter 8, a module each; `run` in it is the experiment.

"Learning internal representations by error propagation", in Parallel Distributed Processing,
vol. 1 (1986), is the paper's companion: `xor`, `parity`, `encoder`, `addition`, `negation`,
`t_c` (T against C) and `sequences`.
"""
