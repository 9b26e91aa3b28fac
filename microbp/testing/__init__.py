"""Strategies and an assertion for test suites that use Hypothesis: pip install 'microbp[testing]'.

Is the derivative of your function right, wherever it has one? Let Hypothesis look for a place
where it is not; `values` draws single numbers, as leaves:

>>> from hypothesis import given
>>> from microbp import Value, sigmoid
>>> from microbp.testing import assert_grad_ok, values

>>> @given(values(min_value=-50.0, max_value=50.0))
... def test_swish(x):
...     assert_grad_ok(lambda x: x * sigmoid(x), x)
>>> test_swish()

Does something of yours hold for every graph: an engine, an optimizer of graphs, a picture?
`expressions` draws graphs, and shrinks one that fails to the two or three operations that matter.
An expression is called with Values or plain numbers, and `leaves` are the numbers it was drawn
for:

>>> from microbp.testing import expressions

>>> @given(expressions(ops=["mul", "tanh", "dot"], max_nodes=8))
... def test_values_and_numbers_give_the_same(expression):
...     assert float(expression(*map(Value, expression.leaves))) == expression(*expression.leaves)
>>> test_values_and_numbers_give_the_same()

Operations of your own are drawn with all others once `microbp.operation` has made them, or by
themselves: `expressions(ops=[square])`. A wrong partial is found by

>>> @given(expressions(smooth=True))
... def test_derivatives(expression):
...     assert_grad_ok(expression)
>>> test_derivatives()

and what Hypothesis reports has the shortest graph that shows it, with a program to run. `smooth`,
as on a kink a sweep may give what is no derivative, even of a function that has one there:
relu(x) - relu(-x) at 0.

    from microbp import gradcheck, sigmoid

    def f(x0):
        y0 = sigmoid(x0)
        return y0

    print(gradcheck(f, 1.0))

`networks` draws nets, whose weights are checked as parameters:

>>> from microbp import total
>>> from microbp.testing import networks

>>> @given(networks(max_units=2, activations=["tanh", "sigmoid"]))
... def test_nets(net):
...     inputs = [0.5] * net.inputs["x"]
...     assert_grad_ok(lambda: total(net(inputs)), parameters=net.parameters())
>>> test_nets()

Hypothesis knows Value and Net as soon as microbp is imported: `from_type(Value)` is `values()`,
`from_type(Net)` is `networks()`, arguments annotated so are drawn, and `hypothesis write
yourmodule.yourfunction` writes tests with Values.

`register_profiles` is for a conftest.py, and nothing is registered before you call it.
"""

from microbp.testing.api import assert_grad_ok as assert_grad_ok
from microbp.testing.api import networks as networks
from microbp.testing.api import register_profiles as register_profiles
from microbp.testing.api import values as values
from microbp.testing.expression import Expression as Expression
from microbp.testing.strategies import expressions as expressions
