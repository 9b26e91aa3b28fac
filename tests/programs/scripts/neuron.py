"""The lecture's neuron: tanh of a weighted sum, by hand and by parts, every gradient printed."""

from tests.programs.value_of_micrograd import Value

x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
b = Value(6.8813735870195432, label="b")
x1w1 = x1 * w1
x1w1.label = "x1*w1"
x2w2 = x2 * w2
x2w2.label = "x2*w2"
both = x1w1 + x2w2
n = both + b
n.label = "n"
e = (2 * n).exp()
o = (e - 1) / (e + 1)
o.label = "o"
o.backward()
for v in (o, n, b, x1w1, x2w2, x1, w1, x2, w2):
    print(f"{v.label or '-':6s} data {v.data:9.6f} grad {v.grad:9.6f}")

o = (x1 * w1 + x2 * w2 + b).tanh()
for v in (x1, w1, x2, w2, b):
    v.grad = 0.0
o.backward()
print(" ".join(f"{v.grad:.6f}" for v in (x1, w1, x2, w2, b)))

a = Value(3.0)
c = a + a
c.backward()
print(a.grad, c.data)
