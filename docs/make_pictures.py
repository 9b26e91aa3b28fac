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
    microbp.animate(y, PICTURES / "backward.gif")
    microbp.draw(diamond(), theme="auto").save(PICTURES / "diamond.svg")
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
    training(PICTURES / "training.png")


def diamond() -> Value:
    """The graph of notebook 1, for the lesson that begins with it."""
    x = Value(1.0, label="x")
    h = 2 * x
    u, v = h + 1, 3 * h
    y = u * v
    h.label, u.label, v.label, y.label = "h", "u", "v", "y"
    return y


def explorer(path: Path) -> None:
    """Screenshot of the page of a unit, in the middle of its backward pass."""
    weights = [Value(1.5, "w1"), Value(-2.0, "w2")]
    activities = [Value(0.8, "x1"), Value(-0.3, "x2")]
    y = microbp.sigmoid(microbp.dot(weights, activities, Value(-0.5, "b")))
    y.label = "y"
    screenshot(path, microbp.explore(y).html, "#step=6", height=680, sharp=2.0)


def training(path: Path) -> None:
    """Screenshot of the page of the symmetry net, when its weights have come to 1 : 2 : 4."""
    page = symmetry.run.watch()
    screenshot(path, page.html, "#sweep=500", height=1010, sharp=1.0)


def screenshot(path: Path, html: str, fragment: str, height: int, sharp: float) -> None:
    """A page as Chromium shows it, with this step or sweep in its address."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit(f"{path.name} is a screenshot and needs Chromium: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit(f"{path.name} needs Playwright: pip install '.[browser]'")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "page.html"
        page_file.write_text(html, "utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1240, "height": height},
            device_scale_factor=sharp,
            color_scheme="light",
            reduced_motion="reduce",  # otherwise colors are still changing
        )
        page.goto(f"{page_file.as_uri()}{fragment}")
        page.wait_for_timeout(2000)  # a training takes some frames to reach its sweep
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    main()
