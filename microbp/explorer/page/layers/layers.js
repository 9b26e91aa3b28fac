// A net as its layers: forward from layer to layer, and back.

{ // so that these names are its own
  const svgs = [...document.querySelectorAll("#picture > svg")];
  const ids = [...svgs[0].querySelectorAll(".node")].map((box) => box.id.slice((box.closest("svg")?.dataset.prefix ?? "").length));

  /** One layer, in every picture and in the table. @type {(id: string) => Element[]} */
  const parts = (id) => [
    ...svgs.map((svg) => svg.querySelector(`[id="${/** @type {SVGElement} */ (svg).dataset.prefix}${id}"]`)),
    document.querySelector(`tr[data-box="${id}"]`),
  ].filter((part) => part !== null);

  const layers = ids.map((id) => {
    const found = parts(id);
    const texts = found.flatMap((part) => [...part.querySelectorAll(".data, .grad")]);
    return {
      parts: found,
      texts: texts.map((text) => ({
        text,
        written: text.textContent ?? "",
        squeezed: text.getAttribute("textLength"),
        grad: text.classList.contains("grad"),
      })),
      tint: [...found[0].classList].find((name) => name.startsWith("tint")) ?? "",
      name: found[0].querySelector("text:not(.key, .data, .grad)")?.textContent ?? "",
      leaf: found.some((part) => part.matches(".input, .parameter, .constant, [data-leaf]")),
    };
  });
  const forward = layers.filter((layer) => !layer.leaf);
  const backward = [...layers].reverse();
  const LAST = forward.length + backward.length;
  let at = LAST;

  /** Show the net as it is after step s. @type {(s: number) => void} */
  function go(s) {
    at = Math.max(0, Math.min(LAST, s));
    const now = at === 0 ? undefined : at <= forward.length ? forward[at - 1] : backward[at - forward.length - 1];
    for (const layer of layers) {
      const computed = layer.leaf || forward.indexOf(layer) < at;
      const reached = backward.indexOf(layer) < at - forward.length;
      for (const { text, written, grad, squeezed } of layer.texts) {
        const known = grad ? reached : computed;
        text.textContent = known ? written : "·";
        if (squeezed && known) text.setAttribute("textLength", squeezed);
        else text.removeAttribute("textLength");
      }
      for (const part of layer.parts) {
        part.classList.toggle("pending", !computed);
        part.classList.toggle("lit", layer === now);
        if (layer.tint && part.localName === "g") part.classList.toggle(layer.tint, reached);
      }
    }
    const back = at > forward.length;
    say("phase", at === 0 ? "Start" : back ? "Backward pass" : "Forward pass");
    say("step", `Step ${at} of ${LAST}`);
    say("words", !now ? "Only the leaves have numbers: the inputs, weights and biases." : back
      ? `${now.name}: its gradients are there, by the chain rule from all that it feeds.`
      : `${now.name}: its numbers are computed from those before it.`);
  }

  /** @type {(id: string, words: string) => void} */
  function say(id, words) {
    const element = document.getElementById(id);
    if (element) element.textContent = words;
  }

  /** @type {Record<string, () => void>} */
  const MOVES = { first: () => go(0), back: () => go(at - 1), next: () => go(at + 1), last: () => go(LAST) };
  for (const [id, move] of Object.entries(MOVES)) document.getElementById(id)?.addEventListener("click", move);
  /** @type {Record<string, string>} */
  const KEYS = { Home: "first", ArrowLeft: "back", ArrowRight: "next", End: "last" };
  document.addEventListener("keydown", (event) => {
    const move = KEYS[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    MOVES[move]();
  });
  document.body.classList.add("steps");
  go(0);
}
