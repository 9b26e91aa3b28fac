// The kernel of the notebooks in the browser: Pyodide, and Graphviz where microbp looks for it.

import { loadPyodide as load } from "./pyodide.mjs";
import { Graphviz } from "./graphviz.mjs";

export async function loadPyodide(options) {
  globalThis.microbpGraphviz = await Graphviz.load();
  return load(options);
}
