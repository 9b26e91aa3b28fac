"""The alternative text in files and notebooks."""

import pickle
from types import SimpleNamespace

import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from microbp import plots
from microbp.plots.notebook_image import image_html

SAID = "Learning curve: the error falls from 8 at sweep 0 to 1 at sweep 1."


@pytest.fixture
def ax():
    found = plots.learning_curve([8.0, 1.0])
    yield found
    pyplot.close(found.figure)


def test_saved_files_say_what_they_show(ax, tmp_path):
    from PIL import Image

    ax.figure.savefig(tmp_path / "a.png", dpi=30)
    pyplot.savefig(tmp_path / "b.png", dpi=30, metadata={"Author": "me"})
    for name in ("a.png", "b.png"):
        with Image.open(tmp_path / name) as picture:
            assert picture.info["Description"] == SAID
    assert picture.info["Author"] == "me"
    ax.figure.savefig(tmp_path / "c.svg")
    assert SAID in (tmp_path / "c.svg").read_text()
    ax.figure.savefig(tmp_path / "d.jpg", dpi=30)
    assert pickle.loads(pickle.dumps(ax.figure)).axes[0].get_xlabel() == "sweeps"


@pytest.mark.thorough  # it needs IPython
def test_a_notebook_gets_the_picture_with_its_words(ax, monkeypatch):
    def lookup(asked):
        if asked is not Figure:
            raise KeyError(asked)
        return lambda figure: ("cGljdHVyZQ==\n", {"width": 6})

    formatters = {"image/png": SimpleNamespace(lookup_by_type=lookup), "text/html": None}
    shell = SimpleNamespace(display_formatter=SimpleNamespace(formatters=formatters))
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    data, metadata = ax.figure._repr_mimebundle_()
    page = data.pop("text/html")
    assert data == {"image/png": "cGljdHVyZQ==\n", "text/plain": SAID}
    assert page.startswith(f'<img alt="{SAID}" width="6" style="max-width:100%;height:auto" src=')
    assert page.endswith('"data:image/png;base64,cGljdHVyZQ==">')
    assert metadata == {"image/png": {"width": 6, "alt": SAID}}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", "PHN2Zy8+"),
        ("image/png", b"<svg/>"),
        ("image/svg+xml", "<svg/>"),
        ("image/svg+xml", b"<svg/>"),
    ],
)
def test_an_image_in_html_has_words_and_nothing_of_them_is_markup(kind, content):
    image = image_html(kind, content, 'a "b" <i>')
    assert image.startswith('<img alt="a &quot;b&quot; &lt;i&gt;" style=')
    assert image.endswith(f'src="data:{kind};base64,PHN2Zy8+">')


@pytest.mark.thorough
def test_axes_print_nothing_while_their_figure_is_shown_anyway(ax, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    ax._ipython_display_()
    assert shown == []
    pyplot.close(ax.figure)
    ax._ipython_display_()
    assert shown == [ax.figure]
