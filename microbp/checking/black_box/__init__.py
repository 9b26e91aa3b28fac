"""check_gradient: is the gradient in anybody's code right?

f and its gradient are black boxes, which can only be called. Read in this order:
- `check`: the question and the answer as a whole;
- `inputs` and `outputs`: the numbers that go in and come out, and their names;
- `adapters` and `frameworks`: what f and its gradient may be;
- `behavior`: whether they are functions at all: random numbers, leftovers of earlier calls;
- `lines`: f along a line; `judge`: one derivative, compared with differences;
- `screen`: every entry, at one value of f each; `directions`: all entries at once;
- `patterns`: what the wrong entries have in common.

PyTorch, JAX and NumPy are never imported here: whoever has their objects has imported them.
"""

from microbp.checking.black_box.check import check_gradient as check_gradient
