"""Run a notebook's cells, and print what came of each as a line of JSON.

An error is told as the site's kernel would, by the program that it is given for this.
"""

import ast
import base64
import contextlib
import html
import io
import json
import re

import js


def run(source, names):
    """Run a cell; the words in the picture of a graph, if its last line shows one."""
    lines = ast.parse(source).body
    last = lines.pop() if lines and isinstance(lines[-1], ast.Expr) else None
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    if last is None:
        return None
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    if not hasattr(shown, "_repr_mimebundle_"):
        return None
    frame = shown._repr_mimebundle_()["text/html"]
    picture = re.search(r'src="data:image/svg\+xml;base64,(.*?)"', frame)
    svg = base64.b64decode(picture[1]).decode() if picture else ""
    return [html.unescape(word) for word in re.findall("<text[^>]*>(.*?)</text>", svg, re.DOTALL)]


given = json.loads(js.argument)
kernel = {}
exec(given["left_out"], kernel)
left_out = kernel["LeftOut"]()
names = {"__name__": "__main__"}
for cell in given["cells"]:
    printed, raised, words = io.StringIO(), "", None
    with contextlib.redirect_stdout(printed):
        try:
            words = run(cell, names)
        except Exception as error:
            raised = left_out.words(error, cell) or f"{type(error).__name__}: {error}"
    print(json.dumps({"raised": raised, "printed": printed.getvalue(), "words": words}))
