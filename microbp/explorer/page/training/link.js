// Links that name a state: the settings that differ from the page's own, the sweep and the case.

/* global CASES, FIRST_CASE, LIVE, before, chosen, data, goTo, startAgain, training, wake */
/* exported followLink, linkSoon */

const NAMES = ["seed", "init", "lr", "momentum", "decay", "changePerCase", "batch"];
/** The state as the address has it, such as #seed=3&lr=0.2@100&sweep=376&case=30: that step size from sweep 100 on. */
function linkOf() {
  const words = [];
  let known = data.settings;
  for (const { from, settings } of training.log ?? []) {
    for (const key of NAMES) {
      const value = settings[key];
      if (JSON.stringify(value) === JSON.stringify(known[key])) continue;
      const text = Array.isArray(value) ? "schedule" : value === null ? "all" : String(value);
      words.push(`${key}=${text}${from ? `@${from}` : ""}`);
    }
    known = settings;
  }
  words.push(`sweep=${LIVE ? training.sweep : data.frames.sweeps[training.sweep]}`);
  if (CASES.length && chosen.case !== FIRST_CASE) words.push(`case=${chosen.case}`);
  return `#${words.join("&")}`;
}

let linking = 0;
function linkSoon() {
  clearTimeout(linking); // browsers dislike hundreds of changes
  linking = setTimeout(() => {
    try {
      history.replaceState(null, "", linkOf());
    } catch {
      // a frame in a notebook has no address of its own
    }
  }, 200);
}

/** The value that a link names, or undefined where it is no such value. @type {(key: string, text: string) => any} */
function valueIn(key, text) {
  if (key === "changePerCase") return text === "true" ? true : text === "false" ? false : undefined;
  if (key === "batch") return text === "all" ? null : /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined;
  if (text === "schedule") return data.settings[key] ?? undefined;
  const x = Number(text);
  return text !== "" && Number.isFinite(x) && (x >= 0 || key === "lr") ? x : undefined;
}

/** Bring about the state that the address names; what makes no sense in it is passed over. */
function followLink() {
  /** @type {Record<string, any>} */
  const begun = Object.fromEntries(NAMES.map((key) => [key, data.settings[key]]));
  /** @type {{from: number, key: string, value: any}[]} */
  const changes = [];
  let sweep = 0;
  for (const word of location.hash.slice(1).split("&")) {
    const [, key = "", text = "", at = "0"] = /^(\w+)=([^@]*)@?(\d{1,7})?$/.exec(word) ?? [];
    if (key === "sweep" && /^\d{1,7}$/.test(text)) sweep = Number(text);
    else if (key === "case" && /^\d{1,7}$/.test(text)) chosen.case = Math.max(0, Math.min(CASES.length - 1, Number(text)));
    else if (NAMES.includes(key) && valueIn(key, text) !== undefined) {
      if (Number(at)) changes.push({ from: Number(at), key, value: valueIn(key, text) });
      else begun[key] = valueIn(key, text);
    }
  }
  if (LIVE) {
    startAgain(begun);
    before.seen = null;
    let { settings } = training.log[0];
    for (const { from, key, value } of changes.sort((a, b) => a.from - b.from)) {
      settings = { ...settings, [key]: value };
      training.log.push({ from, settings });
    }
    goTo(sweep);
  } else goTo(Math.max(0, data.frames.sweeps.findLastIndex((/** @type {number} */ s) => s <= sweep)));
  wake();
}

window.addEventListener("hashchange", followLink);
