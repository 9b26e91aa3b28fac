"""The backward pass by hand, node by node, and then by a sort of one's own."""

from tests.programs.value_of_micrograd import Value

x1, x2, w1, w2, b = (Value(x) for x in (2.0, 0.5, -3.0, 1.0, 6.7))
x1w1 = x1 * w1
x2w2 = x2 * w2
both = x1w1 + x2w2
n = both + b
o = n.tanh()
o.grad = 1.0
for node in (o, n, both, x2w2, x1w1, b):
    node._backward()
for name, v in (("x1", x1), ("x2", x2), ("w1", w1), ("w2", w2), ("b", b), ("n", n)):
    print(f"{name:3s} {v.grad:+.6f}")


def backward(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(child, False) for child in node._prev]
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    for node in reversed(order):
        node._backward()


L = (o * x1 + w1).relu() + (o**2 * b).exp()
backward(L)
print(" ".join(f"{v.grad:+.6f}" for v in (x1, x2, w1, w2, b)))
