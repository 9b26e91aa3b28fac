"""The graph as text for Graphviz, by walking it as `trace` and `draw_dot` do."""

from tests.programs.value_of_micrograd import Value


def trace(root):
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw_dot(root):
    nodes, edges = trace(root)
    lines = []
    for n in nodes:
        lines.append(f'{n.label} [label="{n.label} | data {n.data:.4f} | grad {n.grad:.4f}"]')
        if n._op:
            lines += [f'{n.label}{n._op} [label="{n._op}"]', f"{n.label}{n._op} -> {n.label}"]
    for n1, n2 in edges:
        lines.append(f"{n1.label} -> {n2.label}{n2._op}")
    return "\n".join(["digraph {", "rankdir=LR", *sorted(lines), "}"])


a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
e = a * b
e.label = "e"
d = e + c
d.label = "d"
f = d.tanh()
f.label = "f"
s = f * f
s.label = "s"
L = (s + a).exp()
next(iter(L._prev)).label = "t"
L.label = "L"
L.backward()
print(draw_dot(L))
