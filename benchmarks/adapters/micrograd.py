"""Karpathy's micrograd."""

from __future__ import annotations

import math

from micrograd.engine import Value

from benchmarks.adapters.base import BaseAdapter

# micrograd has no functions but relu: these are made as its own operations are.


def _node(x: Value, data: float, slope: float, name: str) -> Value:
    out = Value(data, (x,), name)

    def back() -> None:
        x.grad += slope * out.grad

    out._backward = back
    return out


def exp(x: Value) -> Value:
    y = math.exp(x.data)
    return _node(x, y, y, "exp")


def log(x: Value) -> Value:
    return _node(x, math.log(x.data), 1.0 / x.data, "log")


def tanh(x: Value) -> Value:
    y = math.tanh(x.data)
    return _node(x, y, 1.0 - y * y, "tanh")


def sigmoid(x: Value) -> Value:
    y = 1.0 / (1.0 + math.exp(-x.data))
    return _node(x, y, y * (1.0 - y), "sigmoid")


class Adapter(BaseAdapter):
    leaf = Value
    constant = Value
    exp = staticmethod(exp)
    log = staticmethod(log)
    tanh = staticmethod(tanh)
    sigmoid = staticmethod(sigmoid)
    relu = staticmethod(Value.relu)
