"""Make the pictures of the README again: `python docs/make_pictures.py`."""

import tempfile
from pathlib import Path

import microbp
from microbp import Value
from microbp.experiments import symmetry

PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    x, w, b = Value(0.5, label="x"), Value(-3.0, label="w"), Value(2.0, label="b")
    y = microbp.sigmoid(w * x + b)
    y.label = "y"
    y.backward()
    microbp.draw(y).save(PICTURES / "unit.svg")
    with tempfile.TemporaryDirectory() as folder:
        symmetry.run().save(Path(folder))
        for name in ("weights.png", "learning-curve.png"):
            (Path(folder) / name).replace(PICTURES / name)


if __name__ == "__main__":
    main()
