"""A program gives the same bits in every process."""

PROGRAM = """
from microbp import dot, logsumexp, total
from microbp.core.engine import Value
leaves = [Value(0.1 * (i + 1), label=f"x{i}") for i in range(20)]
nodes = list(leaves)
for i in range(300):
    a, b, c = nodes[-1 - i % 7], nodes[(i * i) % len(nodes)], nodes[(7 * i) % len(nodes)]
    nodes.append([a * b + c, (a - b * c).tanh(), dot([a, b, c], [c, a, b]).sigmoid(),
                  total([a, b, c, a]).tanh(), logsumexp([a, b, c]) * 0.1][i % 5])
root = total(nodes[-40:])
root.backward(0.1)
print(*(x.grad.hex() for x in leaves))
"""


def test_a_program_gives_the_same_bits_in_every_process(python):
    runs = [python(PROGRAM, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")]
    assert [ran.stderr for ran in runs] == ["", "", ""]
    assert len(set(runs[0].stdout.split())) == 20
    assert {ran.stdout for ran in runs} == {runs[0].stdout}
