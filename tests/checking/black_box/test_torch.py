"""check_gradient of PyTorch's objects: custom functions, and tensors as arguments."""

import numpy as np
import pytest
import torch

from microbp import check_gradient

pytestmark = pytest.mark.interop


class Square(torch.autograd.Function):
    factor = 2.0

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x**2 * y

    @staticmethod
    def backward(ctx, upstream):
        x, y = ctx.saved_tensors
        return upstream * Square.factor * x * y, upstream * x**2


class Forgetful(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(y)
        return (x * y).sum()

    @staticmethod
    def backward(ctx, upstream):
        (y,) = ctx.saved_tensors
        return upstream * y, None


AT = (torch.tensor([1.0, 2.0], dtype=torch.float64), torch.tensor([0.5, -1.0]).double())


@pytest.mark.parametrize(
    "at",
    [AT, ([1.0, 2.0], [0.5, -1.0]), (np.array([1.0, 2.0]), np.array([0.5, -1.0])), (1.0, 0.5)],
    ids=["tensors", "lists", "arrays", "numbers"],
)
def test_a_function_right_and_wrong(at, monkeypatch):
    report = check_gradient(Square, at=at)
    assert report.verdict == "pass", str(report)
    assert report.entries[0].name in ("x[0]", "x")
    monkeypatch.setattr(Square, "factor", 2.02)
    wrong = check_gradient(Square, at=at)
    assert {e.name[0] for e in wrong.entries if e.verdict == "fail"} == {"x"}


class SumAndProducts(torch.autograd.Function):
    factor = 1.0

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x.sum() + y.sum(), x * y

    @staticmethod
    def backward(ctx, total, products):
        x, y = ctx.saved_tensors
        return total + products * y * SumAndProducts.factor, total + products * x


def test_a_function_of_several_outputs(monkeypatch):
    report = check_gradient(SumAndProducts, at=AT)
    assert report.verdict == "pass", str(report)
    assert max(entry.output for entry in report.entries) == 2
    monkeypatch.setattr(SumAndProducts, "factor", 1.02)
    wrong = [e for e in check_gradient(SumAndProducts, at=AT).entries if e.verdict == "fail"]
    assert {(e.name, e.output) for e in wrong} == {("x[0]", 1), ("x[1]", 2)}


def test_single_precision():
    at = tuple(x.float() for x in AT)
    assert check_gradient(Square, at=at).verdict in ("pass", "inconclusive")
    report = check_gradient(Forgetful, at=at)
    assert [e.name for e in report.entries if e.verdict == "fail"] == ["y[0]", "y[1]"]


def test_none_from_backward_is_a_gradient_of_0():
    report = check_gradient(Forgetful, at=AT)
    assert report.wrong == ["wrong in y, right in x", "y: all 0: is it forgotten, or cut off?"]


def loss(p):
    return ((torch.tanh(X @ p["W"]) - 0.3) ** 2).mean()


def grad(p):
    leaves = {name: x.detach().requires_grad_() for name, x in p.items()}
    loss(leaves).backward()
    return {name: x.grad for name, x in leaves.items()}


X = torch.linspace(-1.0, 1.0, 12).reshape(4, 3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_functions_of_tensors(dtype, monkeypatch):
    monkeypatch.setitem(globals(), "X", X.to(dtype))
    at = {"W": torch.linspace(-1.0, 1.0, 6, dtype=dtype).reshape(3, 2)}
    assert check_gradient(loss, grad, at).verdict in ("pass", "inconclusive")
    wrong = check_gradient(loss, lambda p: {"W": grad(p)["W"] * 1.1}, at)
    assert wrong.verdict == "fail"
    assert at["W"].requires_grad is False
