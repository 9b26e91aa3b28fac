"""A lecture's first hour: gradients set by hand, then node by node, then all at once."""

from tests.programs.value_of_micrograd import Value

a = Value(2.0, label="a")
b = Value(-3.0, label="b")
c = Value(10.0, label="c")
product = a * b
product.label = "product"
total = product + c
total.label = "total"
factor = Value(-2.0, label="factor")
result = total * factor
result.label = "result"
print(f"forward: {product.data} {total.data} {result.data}")

a.grad = factor.data * b.data
b.grad = factor.data * a.data
print(f"by hand: {a.grad} {b.grad}")

for node in (a, b, c, product, total, factor):
    node.grad = 0.0
result.grad = 1.0
for node in (result, factor, total, c, product, b, a):
    node._backward()
print("node by node:", [(node.label, node.grad) for node in (a, b, c, product, total, factor)])

for node in (a, b, c, product, total, factor):
    node.grad = 0.0
result.backward()
print("at once:", [(node.label, node.grad) for node in (a, b, c, product, total, factor)])

h = 0.0001
bumped = Value(a.data + h) * b + c
print(f"difference: {((bumped * factor).data - result.data) / h:.6f}")
for leaf in (a, b, c, factor):
    leaf.data += 0.01 * leaf.grad
print(f"after a step: {((a * b + c) * factor).data:.6f}")

x = Value(0.5, label="x")
e = x.exp()
s = e / (e + 1.0)
s.backward()
print(f"sigmoid: {s.data:.6f} {x.grad:.6f} {s.data * (1 - s.data):.6f}")
