"""Checkers of gradients beside each other, on hard cases: `python -m benchmarks.checkers`.

Read in this order, one idea a file:
- `case`: a function that any library computes, at a point, with its gradient to many digits;
- `smooth_cases`, `hidden_cases` and `edge_cases`: the cases;
- `mathematics`: the functions of each library under the same names;
- `checkers`: ours and others', each as a function of a case and a gradient;
- `table`: what they said, as docs/checkers.md.
"""
