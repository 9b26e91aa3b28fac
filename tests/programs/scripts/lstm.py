"""An LSTM that says whether more ones than zeros have come by."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(7)
H = 3
gates = {
    g: [[Value(random.gauss(0, 0.3)) for _ in range(H + 1)] + [Value(1.0 if g == "f" else 0.0)]
        for _ in range(H)]
    for g in "ifog"
}  # fmt: skip
out = [Value(random.gauss(0, 0.3)) for _ in range(H)]
params = [p for rows in gates.values() for row in rows for p in row] + out


def cell(x, h, c):
    z = [x, *h]
    pre = {g: [sum((w * v for w, v in zip(row, z)), row[-1]) for row in rows]
           for g, rows in gates.items()}  # fmt: skip
    i, f, o = ([v.sigmoid() for v in pre[g]] for g in "ifo")
    c = [fk * ck + ik * gk.tanh() for fk, ck, ik, gk in zip(f, c, i, pre["g"])]
    return [ok * ck.tanh() for ok, ck in zip(o, c)], c


for epoch in range(12):
    total = 0.0
    for _ in range(2):
        bits = [random.randint(0, 1) for _ in range(4)]
        h, c = [Value(0.0)] * H, [Value(0.0)] * H
        for bit in bits:
            h, c = cell(Value(float(bit)), h, c)
        p = sum(w * hk for w, hk in zip(out, h)).sigmoid()
        target = float(sum(bits) > 2)
        loss = -(target * p.log() + (1 - target) * (1 - p).log())
        for q in params:
            q.grad = 0.0
        loss.backward()
        norm = sum(q.grad**2 for q in params) ** 0.5
        for q in params:
            q.data -= 0.3 * min(1.0, 1.0 / (norm + 1e-8)) * q.grad
        total += loss.data
    print(f"epoch {epoch:2d} loss {total / 2:.6f} grad norm {norm:.6f}")
