"""The course in the browser, nothing installed and no network but the site: it runs to its end."""

import http.server
import json
import threading
from functools import partial
from pathlib import Path

import pytest

pytestmark = pytest.mark.site
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LEFT_OUT = {
    "01-a-value-and-its-graph": [],
    "02-the-reverse-sweep": [],
    "02b-your-own-value": [],
    "08-can-you-trust-a-gradient": ["curve", "own-code", "own-where-code", "check4"],
}
"""The notebooks that run, and their cells that say that they need what isn't there."""
FAILED = (
    '[data-mime-type="application/vnd.jupyter.error"], '
    '[data-mime-type="application/vnd.jupyter.stderr"]'
)
NUMBERS = "(cells) => cells.map((cell) => cell.querySelector('.jp-InputPrompt').textContent)"
BAD = f"(cells) => cells.map((cell) => cell.querySelector('{FAILED}')?.textContent ?? '')"
TEXTS = "(cells) => cells.map((cell) => cell.textContent)"


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript", ".wasm": "application/wasm",
    }  # fmt: skip

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_notebook_runs_to_its_end(chromium, address, name):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    outside = []

    def only_here(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/notebooks/{name}.html")
    page.click(".try a")
    code = page.locator(".jp-Notebook .jp-CodeCell")
    written = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8"))["cells"]
    cells = [cell for cell in written if cell["cell_type"] == "code"]
    page.wait_for_function(
        f"document.querySelectorAll('.jp-Notebook .jp-CodeCell').length === {len(cells)}"
    )
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('[data-command="runmenu:run-all"]').first.click()
    page.wait_for_function(
        "/\\d/.test([...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].at(-1)"
        ".textContent)"
    )
    assert code.evaluate_all(NUMBERS) == [f"[{i}]:" for i in range(1, len(cells) + 1)]
    assert [bad for bad in code.evaluate_all(BAD) if bad] == []
    said = zip(cells, code.evaluate_all(TEXTS), strict=True)
    assert [cell["id"] for cell, text in said if "Left out: " in text] == LEFT_OUT[name]
    assert outside == []
    context.close()


def test_a_right_answer_is_counted_and_the_notebook_goes_on(chromium, address):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/lite/notebooks/index.html?path=01-a-value-and-its-graph.ipynb")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(
        "from microbp.course import check, right_in\ncheck('01.1', 7)\nprint(right_in('.'))"
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_function(
        "/\\d/.test(document.querySelector('.jp-CodeCell .jp-InputPrompt').textContent)"
    )
    assert cell.locator(".jp-OutputArea").inner_text().splitlines()[-1:] == ["['01.1']"]
    context.close()
