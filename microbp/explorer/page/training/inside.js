// "Look inside now": the explorer's page of the chosen case at the present weights, over this one.

/* global CASES, LIVE, byId, caseName, chosen, counted, play, training, wanted */

const dialog = /** @type {HTMLDialogElement} */ (byId("inside-dialog"));
const INSIDE = LIVE && typeof DecompressionStream === "function" ? byId("inside").textContent ?? "" : "";

/** The script in which this stands; the explorer's begins as it does. */
const OWN = document.currentScript?.textContent ?? "";

/** The digits of base 85 as Python's b85encode has them, but a comma for "<". */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;,=>?@^_`{|}~";

/** Four bytes of each five digits. @param {string} text */
function bytesIn(text) {
  const values = new Map([...DIGITS].map((digit, value) => [digit, value]));
  const missing = (5 - (text.length % 5)) % 5;
  const whole = text + "~".repeat(missing);
  const view = new DataView(new ArrayBuffer((whole.length / 5) * 4));
  for (let at = 0; at < whole.length; at += 5) {
    let x = 0;
    for (let k = at; k < at + 5; k++) x = 85 * x + (values.get(whole[k]) ?? 0);
    view.setUint32((at / 5) * 4, x);
  }
  return new Uint8Array(view.buffer, 0, view.byteLength - missing);
}

/** The explorer's page, which is compressed, and without the script that both pages share. */
async function explorersPage() {
  const unzipped = new Blob([bytesIn(INSIDE)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const shared = OWN.slice(0, Number(byId("inside").dataset.shared));
  return (await new Response(unzipped).text()).replace("<script>", () => `<script>${shared}`);
}

async function lookInside() {
  play(false);
  wanted.sweep = -1;
  const name = `${caseName(chosen.case)}, after ${counted(training.sweep, "sweep")}`;
  const leaves = [...CASES[chosen.case], ...training.parameters];
  const frame = document.createElement("iframe");
  frame.title = `Explorer of the case ${name}`;
  frame.setAttribute("sandbox", "allow-scripts");
  byId("inside-title").textContent = `Inside the case ${name}`;
  byId("inside-frame").replaceChildren(frame);
  dialog.showModal();
  frame.addEventListener("load", () => {
    frame.contentWindow?.postMessage({ leaves }, "*"); // a sandbox has no origin to name
    frame.focus();
  });
  frame.srcdoc = await explorersPage();
}

byId("look-inside").addEventListener("click", lookInside);
byId("inside-close").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  byId("inside-frame").replaceChildren();
  byId("look-inside").focus();
});
window.addEventListener("message", ({ source, data }) => {
  const frame = byId("inside-frame").querySelector("iframe");
  if (frame && source === frame.contentWindow && data?.microbp === "back") dialog.close();
});

byId("inside-open").hidden = !INSIDE;
byId("inside-none").hidden = Boolean(INSIDE) || !LIVE;
