"""Make the pictures of the README and the pages here: `python docs/make_pictures.py`.

benchmarks.png is apart: `python -m benchmarks` writes it.
"""

import random
import shutil
import sys
import tempfile
from pathlib import Path

import microbp
from microbp import Value
from microbp.experiments.nature1986 import symmetry
from microbp.experiments.nature1986.family_trees import family_net
from microbp.losses import squared_error

PICTURES = Path(__file__).parent / "pictures"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    x, w, b = Value(0.5, label="x"), Value(-3.0, label="w"), Value(2.0, label="b")
    y = microbp.sigmoid(w * x + b)
    y.label = "y"
    y.backward()
    microbp.draw(y, theme="auto").save(PICTURES / "unit.svg")
    net = family_net(random.Random(8))
    case = {"person": [1.0] + [0.0] * 23, "relation": [1.0] + [0.0] * 11}
    error = squared_error(net(case), [0.0] * 24)
    error.backward()
    layers = microbp.draw(error, fold="layer", rankdir="TB", theme="auto")
    layers.save(PICTURES / "layers.svg")
    with tempfile.TemporaryDirectory() as folder:
        symmetry.run().save(Path(folder))
        for name in ("weights.png", "learning-curve.png"):
            (Path(folder) / name).replace(PICTURES / name)
    explorer(PICTURES / "explorer.png")


def explorer(path: Path) -> None:
    """Screenshot of the page of a unit, in the middle of its backward pass."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit(f"{path.name} is a screenshot and needs Chromium: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit(f"{path.name} needs Playwright: pip install '.[browser]'")
    weights = [Value(1.5, "w1"), Value(-2.0, "w2")]
    activities = [Value(0.8, "x1"), Value(-0.3, "x2")]
    y = microbp.sigmoid(microbp.dot(weights, activities, Value(-0.5, "b")))
    y.label = "y"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "unit.html"
        microbp.explore(y, page_file)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1240, "height": 680},
            device_scale_factor=2,
            color_scheme="light",
            reduced_motion="reduce",  # otherwise colors are still changing
        )
        page.goto(f"{page_file.as_uri()}#step=6")
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    main()
