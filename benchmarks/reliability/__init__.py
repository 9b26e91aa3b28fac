"""Attempts to break microbp, counted: `python -m benchmarks.reliability`.

A kind is a file here and a line in `kinds.py`. It says in `WHAT` what an attempt is and in `TIMES`
how often that is usual, and has a function `attempt(rng)`: it takes its random choices from `rng`
and returns the outcome in a word or two, such as "told" or "unchanged", to be counted. Whatever it
raises is a finding. An attempt that may crash or block the interpreter runs in a child.
"""
