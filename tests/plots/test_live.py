import base64
import io
import random
import sys
from types import ModuleType, SimpleNamespace

import pytest

from microbp._support import progress
from microbp.nn import Net
from microbp.optim import Descent
from microbp.plots import live
from microbp.training import train

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


def xor_net():
    return Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)


@pytest.fixture
def notebook(monkeypatch):
    """A stand-in for a Jupyter kernel: what its cell would show, picture after picture."""
    shown = []

    class Handle:
        def update(self, data, *, metadata, raw):
            assert raw
            shown.append((data, metadata))

    def display(data, *, metadata, raw, display_id):
        assert not shown, "only one picture is displayed; then it is updated"
        assert display_id is True
        handle = Handle()
        handle.update(data, metadata=metadata, raw=raw)
        return handle

    module, displays = ModuleType("IPython"), ModuleType("IPython.display")
    module.version_info = (9, 0)  # which Matplotlib wants to know
    module.get_ipython = lambda: SimpleNamespace(kernel=object())
    displays.display = display
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", displays)
    return shown


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by a tenth of a second with each look."""
    now = [0.0]

    def look():
        now[0] += 0.1
        return now[0]

    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=look))


def trained(net, sweeps, **options):
    descent = Descent(net.parameters(), lr=0.5)
    return train(net, XOR, descent, sweeps=sweeps, progress="curve", **options)


def words(shown):
    return [data["text/plain"] for data, _ in shown]


def test_a_short_run_shows_one_picture_at_its_end(notebook, capfd):
    history = trained(xor_net(), 3)
    ((data, metadata),) = notebook
    png = base64.b64decode(data["image/png"])
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        assert picture.info["Description"].startswith("Learning curve")
        assert picture.width == 1.6 * metadata["image/png"]["width"]
    right = f"{history[-1].right} of 4 cases are right at the end"
    said = f"to {history[-1].error:.4g} at sweep 3; {right}. (all sweeps done)"
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert data["text/plain"].endswith(said)
    assert capfd.readouterr() == ("", "")  # and no bar


def test_pictures_follow_one_another_after_a_pause(notebook, clock):
    trained(xor_net(), 50)
    pictures = words(notebook)
    assert 3 < len(pictures) < 12
    assert ["of 50)" in text for text in pictures] == [True] * (len(pictures) - 1) + [False]


def test_a_slow_picture_makes_the_pauses_longer(notebook, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(live, "time", SimpleNamespace(monotonic=lambda: now[0]))
    picture = live.as_png

    def slow(*arguments):
        now[0] += 10.0
        return picture(*arguments)

    def tick(seen):
        now[0] += 1.0

    monkeypatch.setattr(live, "as_png", slow)
    trained(xor_net(), 100, until=tick)
    assert len(notebook) == 4  # at 1, 52 and 93, and the last


def test_a_run_that_ends_badly_leaves_its_curve(notebook):
    def until(seen):
        if seen.sweep == 5:
            raise RuntimeError("oh")

    with pytest.raises(RuntimeError, match="oh"):
        trained(xor_net(), 50, until=until)
    assert words(notebook)[-1].endswith("(stopped by RuntimeError)")


def test_an_interrupted_run_says_so(notebook):
    def until(seen):
        if seen.sweep == 5:
            raise KeyboardInterrupt

    history = trained(xor_net(), 50, until=until)
    assert history.stopped == "interrupted"
    assert words(notebook)[-1].endswith("cases are right at the end. (interrupted)")


def test_no_sweeps_at_all(notebook):
    trained(xor_net(), 0)
    assert words(notebook)[-1].endswith("cases are right at the end. (all sweeps done)")


def test_outside_of_a_notebook_there_is_the_bar(capfd, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    trained(xor_net(), 3)
    assert "3/3" in capfd.readouterr().err


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["none", "a terminal's"])
def test_a_shell_without_a_kernel_is_no_notebook(shell, monkeypatch, capfd):
    module = ModuleType("IPython")
    module.get_ipython = lambda: shell
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert not progress.in_notebook()


def test_without_matplotlib_it_says_so_before_any_training(notebook, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    net = xor_net()
    before = net.state_dict()
    with pytest.raises(ModuleNotFoundError, match="needs Matplotlib, which is not"):
        trained(net, 3)
    assert net.state_dict() == before


@pytest.mark.parametrize("progress", ["bar", None, 2, "Curve"])
def test_any_other_progress_is_refused(progress):
    net = xor_net()
    with pytest.raises(ValueError, match=r"progress: expected True, False or 'curve', got"):
        train(net, XOR, Descent(net.parameters()), sweeps=1, progress=progress)


def test_training_as_always_loads_neither_matplotlib_nor_ipython(python):
    done = python(
        """
import random, sys
from microbp.nn import Net
from microbp.optim import Descent
from microbp.training import train
net = Net(2, rng=random.Random(1)).add("output", 1)
for progress in (False, True, "curve"):
    train(net, [([0, 1], [1])], Descent(net.parameters()), sweeps=3, progress=progress)
print([name for name in ("matplotlib", "IPython") if name in sys.modules])
"""
    )
    assert done.stdout == "[]\n", done.stderr


CELL = """
import random, time
import microbp
from microbp.nn import Net
from microbp.optim import Momentum
net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
microbp.train(
    net, xor, optimizer, sweeps=80, until=lambda seen: time.sleep(0.02), progress="curve"
);
"""


@pytest.mark.thorough
def test_in_a_real_notebook(python):
    done = python(
        """
import sys, warnings
warnings.simplefilter("default")  # Jupyter's own are no concern of ours
import json, nbclient, nbformat
cell = nbformat.v4.new_code_cell(sys.argv[1])
notebook = nbformat.v4.new_notebook(cells=[cell])
kinds = []

class Client(nbclient.NotebookClient):
    def process_message(self, message, cell, number):
        kinds.append(message["msg_type"])
        return super().process_message(message, cell, number)

Client(notebook, timeout=60, kernel_name="python3").execute()
print(json.dumps([kinds, notebook.cells[0].outputs]))
""",
        CELL,
    )
    import json

    assert done.returncode == 0, done.stderr
    kinds, outputs = json.loads(done.stdout)
    assert kinds.count("display_data") == 1
    assert 1 <= kinds.count("update_display_data") <= 8
    (output,) = outputs
    assert set(output["data"]) == {"image/png", "text/html", "text/plain"}
    assert output["metadata"]["image/png"]["alt"].endswith("at the end. (all sweeps done)")
