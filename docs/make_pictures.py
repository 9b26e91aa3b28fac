"""Make the pictures of the README again: `python docs/make_pictures.py`."""

import random
import tempfile
from pathlib import Path

import microbp
from microbp import Value
from microbp.experiments import symmetry
from microbp.experiments.family_trees import family_net
from microbp.losses import squared_error

PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    x, w, b = Value(0.5, label="x"), Value(-3.0, label="w"), Value(2.0, label="b")
    y = microbp.sigmoid(w * x + b)
    y.label = "y"
    y.backward()
    microbp.draw(y).save(PICTURES / "unit.svg")
    relatives = family_net(random.Random(8))
    someone = {"person": [1.0] + [0.0] * 23, "relation": [1.0] + [0.0] * 11}
    error = squared_error(relatives(someone), [0.0] * 24)
    error.backward()
    microbp.draw(error, fold="layer", rankdir="TB").save(PICTURES / "layers.svg")
    with tempfile.TemporaryDirectory() as folder:
        symmetry.run().save(Path(folder))
        for name in ("weights.png", "learning-curve.png"):
            (Path(folder) / name).replace(PICTURES / name)


if __name__ == "__main__":
    main()
