"""A Value as microgpt's readers write it: the operands and the local gradients side by side."""

import math


class Value:
    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(s, (self,), (s * (1 - s),))

    def relu(self):
        return Value(max(0, self.data), (self,), (float(self.data > 0),))

    def sqrt(self):
        y = math.sqrt(self.data)
        return Value(y, (self,), (0.5 / y,))

    def sin(self):
        return Value(math.sin(self.data), (self,), (math.cos(self.data),))

    def cos(self):
        return Value(math.cos(self.data), (self,), (-math.sin(self.data),))

    def abs(self):
        return Value(abs(self.data), (self,), (1.0 if self.data > 0 else -1.0,))

    def softplus(self):
        x = self.data
        return Value(math.log(1 + math.exp(x)), (self,), (1 / (1 + math.exp(-x)),))

    def silu(self):
        s = 1 / (1 + math.exp(-self.data))
        return Value(self.data * s, (self,), (s * (1 + self.data * (1 - s)),))

    def leaky_relu(self, slope=0.01):
        inside = self.data > 0
        y = self.data if inside else slope * self.data
        return Value(y, (self,), (1.0 if inside else slope,))

    def clamp(self, low, high):
        inside = low < self.data < high
        return Value(min(max(self.data, low), high), (self,), (float(inside),))

    def maximum(self, other):
        other = other if isinstance(other, Value) else Value(other)
        first = self.data > other.data
        y = max(self.data, other.data)
        return Value(y, (self, other), (float(first), float(not first)))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        topo, visited = [], set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._children:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1
        for v in reversed(topo):
            for child, local_grad in zip(v._children, v._local_grads, strict=False):
                child.grad += local_grad * v.grad
