"""Derivatives of functions: gradients, Jacobians, Hessians and products with them, of any order.

Read `transforms` first; `call`, `reverse` and `forward` do the work; `function` and `arguments`
check what they are given.
"""

from microbp.autodiff.transforms import grad as grad
from microbp.autodiff.transforms import hessian as hessian
from microbp.autodiff.transforms import hvp as hvp
from microbp.autodiff.transforms import jacobian as jacobian
from microbp.autodiff.transforms import jvp as jvp
from microbp.autodiff.transforms import value_and_grad as value_and_grad
from microbp.autodiff.transforms import vjp as vjp
