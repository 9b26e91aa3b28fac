"""Second derivatives, as the paper remarks: descent is slower than methods that use them.

`python -m microbp.experiments.newton` goes on from where the symmetry net first has all 64
patterns right, in three ways. Descent and momentum use the gradient, one sweep a step. Newton's
method also uses the Hessian, here 17 sweeps a step, and so sees how far each direction goes.
It is not simple, not local, and its cost grows with the square of the weights: the paper's reasons
for descent.
"""

from __future__ import annotations

from collections.abc import Sequence

from microbp.derivatives import grad, hessian
from microbp.engine import Value
from microbp.experiments import symmetry
from microbp.functions import Scalar, dot, sigmoid, total
from microbp.losses import squared_error
from microbp.modes import no_grad
from microbp.optim import Descent, Momentum
from microbp.training import train

FLATTEST = 0.01
LONGEST = 3.0


def error(w: Sequence[Scalar]) -> Value:
    """E of the symmetry net over all 64 cases, as a function of its 17 weights."""
    cases = []
    for bits, targets in symmetry.CASES:
        hidden = [sigmoid(dot(w[k : k + 6], bits, w[k + 6])) for k in (0, 7)]
        cases.append(squared_error([sigmoid(dot(w[14:16], hidden, w[16]))], targets))
    return total(cases)


def newton_step(w: Sequence[float]) -> list[float]:
    """The weights after one step of a damped Newton method; needs NumPy.

    Along each eigenvector of the Hessian it goes by slope / |curvature|, as if the error were a
    parabola, with `FLATTEST` for any smaller curvature; at most `LONGEST` in all; and half as
    far again and again until the error falls.
    """
    import numpy

    curvatures, directions = numpy.linalg.eigh(numpy.array(hessian(error)(list(w))))
    slopes = directions.T @ numpy.array(grad(error)(list(w)))
    step = -directions @ (slopes / numpy.maximum(abs(curvatures), FLATTEST))
    step *= min(1.0, LONGEST / float(numpy.linalg.norm(step)))
    here = _error(w)
    moved: list[float] = (numpy.array(w) + step).tolist()
    while _error(moved) >= here and moved != list(w):
        step /= 2.0
        moved = (numpy.array(w) + step).tolist()
    return moved


def run(
    seed: int = 8, start: int = 376, goal: float = 0.0057, most: int = 4000
) -> dict[str, tuple[int, float]]:
    """How many steps each method needs from sweep `start` of a seed until E is below `goal`.

    For each, the pair (steps, E), after at most `most` sweeps of descent and of momentum.
    """
    found = {}
    for name in ("descent", "momentum"):
        net = symmetry.run(seed, start, progress=False).net
        p = net.parameters()
        optimiser = Descent(p, 0.1) if name == "descent" else Momentum(p, 0.1, 0.9)
        history = train(
            net,
            symmetry.CASES,
            optimiser,
            sweeps=most,
            until=lambda seen: seen.error < goal,
            progress=False,
        )
        found[name] = history[-1].sweep, history[-1].error
    w = [p.data for p in symmetry.run(seed, start, progress=False).net.parameters()]
    steps = 0
    while _error(w) >= goal:
        w = newton_step(w)
        steps += 1
    found["Newton"] = steps, _error(w)
    return found


def _error(w: Sequence[float]) -> float:
    with no_grad():
        return float(error(w))


if __name__ == "__main__":
    print("From the first sweep with all 64 patterns right to E < 0.0057:")
    for name, (steps, e) in run().items():
        print(f"{name:10} {steps:5} steps, E = {e:.4f}")
