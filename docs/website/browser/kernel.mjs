// The kernel of the notebooks in the browser: Pyodide, Graphviz where microbp looks for it, and a
// setting of IPython.

import { loadPyodide as load } from "./pyodide.mjs";
import { Graphviz } from "./graphviz.mjs";

export async function loadPyodide(options) {
  globalThis.microbpGraphviz = await Graphviz.load();
  const pyodide = await load(options);
  const leftOut = await fetch(new URL("left_out.py", import.meta.url));
  const packages = pyodide.runPython("import sysconfig; sysconfig.get_path('purelib')");
  pyodide.FS.writeFile(`${packages}/left_out.py`, await leftOut.text());
  const profile = `${pyodide.runPython("from pathlib import Path; str(Path.home())")}/.ipython/profile_default`;
  pyodide.FS.mkdirTree(profile);
  const setting = 'get_config().InteractiveShellApp.extensions = ["left_out"]\n';
  pyodide.FS.writeFile(`${profile}/ipython_config.py`, setting);
  return pyodide;
}
