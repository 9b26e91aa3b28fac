// Runs a program in Pyodide, with no network: node run.mjs WHEELS PROGRAM ARGUMENT

import { Graphviz } from "@hpcc-js/wasm-graphviz";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const [wheels, program, argument] = process.argv.slice(2);

globalThis.fetch = (address) => {
  throw new Error(`no network here: ${address}`);
};
globalThis.microbpGraphviz = await Graphviz.load();

const pyodide = await loadPyodide();
for (const name of readdirSync(wheels)) {
  pyodide.unpackArchive(new Uint8Array(readFileSync(join(wheels, name))), "wheel");
}
globalThis.argument = argument;
try {
  await pyodide.runPythonAsync(readFileSync(program, "utf8"));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
