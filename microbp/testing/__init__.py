"""Strategies and assertions for test suites that use Hypothesis: pip install 'microbp[testing]'.

Is the derivative of your function right wherever it has one? Let Hypothesis look for a place
where it is not. `values` draws leaves:

>>> from hypothesis import given
>>> from microbp import Value, sigmoid
>>> from microbp.testing import assert_grad_ok, values

>>> @given(values(min_value=-50.0, max_value=50.0))
... def test_swish(x):
...     assert_grad_ok(lambda x: x * sigmoid(x), x)
>>> test_swish()

Do you test something that must work for every graph, such as an engine or a picture?
`expressions` draws graphs, and shrinks one that fails to the two or three operations that matter.
An expression is a function of Values or plain numbers, and comes with the numbers for its
`leaves`:

>>> from microbp.testing import expressions

>>> @given(expressions(ops=["mul", "tanh", "dot"], max_nodes=8))
... def test_values_and_numbers_give_the_same(expression):
...     assert expression(*map(Value, expression.leaves)).data == expression(*expression.leaves)
>>> test_values_and_numbers_give_the_same()

Custom operations are drawn like the others once `microbp.operation` has made them, or alone by
`expressions(ops=[square])`. This finds a wrong partial:

>>> @given(expressions(smooth=True))
... def test_derivatives(expression):
...     assert_grad_ok(expression)
>>> test_derivatives()

Hypothesis reports the shortest graph that shows it, with a program to run. It must be `smooth`
because at a kink a backward pass may give something else than the derivative, even where the
function has one: relu(x) - relu(-x) at 0.

    from microbp import gradcheck, sigmoid

    def f(x0):
        y0 = sigmoid(x0)
        return y0

    print(gradcheck(f, 1.0))

`networks` draws nets; their weights are checked as parameters:

>>> from microbp import total
>>> from microbp.testing import networks

>>> @given(networks(max_units=2, activations=["tanh", "sigmoid"]))
... def test_nets(net):
...     inputs = [0.5] * net.inputs["x"]
...     assert_grad_ok(lambda: total(net(inputs)), parameters=net.parameters())
>>> test_nets()

A gradient that somebody wrote by hand, in plain Python, NumPy, PyTorch or JAX, needs no Values:

>>> from microbp.testing import assert_gradient_ok
>>> def test_cube():
...     assert_gradient_ok(lambda x: x**3, lambda x: 3 * x**2, at=2.0)
>>> test_cube()

Hypothesis knows Value and Net as soon as microbp is imported: `from_type(Value)` is `values()`,
`from_type(Net)` is `networks()`, arguments with these annotations are drawn, and `hypothesis write
yourmodule.yourfunction` writes tests with Values.

`register_profiles` is for a conftest.py. Nothing is registered before you call it.
"""

import lazy_loader

from microbp._support.missing_names import refusing

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = refusing(__name__, _find, __all__)
