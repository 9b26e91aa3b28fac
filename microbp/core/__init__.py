"""A Value, its operations, and the backward pass, in two engines of one behavior.

Read `ops` (the table of operations), then `python/value.py` and `python/backward.py`.
"""
