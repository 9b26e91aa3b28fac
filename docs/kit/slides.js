/* Shares the parts of each section out to slides that they fit on, and shows one slide at a time. */
"use strict";

{
  const root = document.documentElement;
  const main = document.querySelector("main");
  const place = document.getElementById("place");
  const A_LITTLE = [1, 0.93, 0.86, 0.8];
  const ALL = [...A_LITTLE, 0.74, 0.68];
  const FORWARD = ["ArrowRight", "PageDown", " ", "Enter"];
  const BACK = ["ArrowLeft", "PageUp", "Backspace"];
  let slides = [];
  let shown = 0;

  const fits = (body) =>
    body.scrollHeight <= body.clientHeight &&
    [body, ...body.querySelectorAll("pre")].every((one) => one.scrollWidth <= one.clientWidth);

  /* The first of these scales at which all is in sight; false if there is none. */
  function scaled(body, scales) {
    return scales.some((scale) => {
      body.style.setProperty("--scale", String(scale));
      return fits(body);
    });
  }

  /* An empty slide before this one, with its heading. */
  function opened(section, again) {
    const slide = section.cloneNode(true);
    const heading = slide.querySelector("h1, h2");
    slide.querySelector(".body").replaceChildren();
    if (again) {
      slide.classList.remove("title");
      const words = document.createElement("h2");
      const more = document.createElement("small");
      more.textContent = " continued";
      words.append(...heading.childNodes, more);
      heading.replaceWith(words);
    }
    section.before(slide);
    return slide.querySelector(".body");
  }

  /* A cell in two: its pictures go on another slide, or the last of several programs. */
  function halves(cell) {
    const children = [...cell.children];
    let at = children.findIndex((child) => child.matches("img"));
    if (at < 1) at = children.findLastIndex((child) => child.matches(".code"));
    if (at < 1) at = 1;
    const rest = cell.cloneNode(false);
    rest.append(...children.slice(at));
    return [cell, rest];
  }

  /* Whether a slide with nothing else has room for it. */
  function fitsAlone(part, section) {
    const body = opened(section, true);
    body.append(part);
    const found = scaled(body, A_LITTLE);
    body.parentElement.remove();
    return found;
  }

  const introduces = (part) => part.textContent.trim().endsWith(":");

  function share(section) {
    const left = [...section.querySelector(".body").children];
    let body = opened(section, false);
    let scale = "1";
    while (left.length) {
      const part = left.shift();
      const alone = !body.children.length;
      scale = body.style.getPropertyValue("--scale") || "1";
      body.append(part);
      const from = A_LITTLE.filter((one) => one <= Number(scale));
      const whole = part.children.length < 2 || !part.classList.contains("cell");
      if (scaled(body, alone && whole ? ALL : from)) continue;
      if (alone && whole) {
        body.tabIndex = 0; /* to scroll by keys */
        continue;
      }
      part.remove();
      body.style.setProperty("--scale", scale);
      if (!whole && (part.querySelector("img, .code ~ .code") || !fitsAlone(part, section))) {
        left.unshift(...halves(part));
        continue;
      }
      left.unshift(part);
      const last = body.lastElementChild;
      if (body.children.length > 1 && introduces(last)) left.unshift(last);
      body = opened(section, true);
    }
    section.remove();
  }

  function show(number) {
    shown = Math.max(0, Math.min(slides.length - 1, number));
    slides.forEach((slide, at) => slide.classList.toggle("now", at === shown));
    place.textContent = `${shown + 1} of ${slides.length}`;
    history.replaceState(null, "", `#${shown + 1}`);
  }

  function fit() {
    const scale = Math.min(window.innerWidth / 1280, window.innerHeight / 720);
    const x = (window.innerWidth - 1280 * scale) / 2;
    const y = (window.innerHeight - 720 * scale) / 2;
    main.style.setProperty("--fit", `translate(${x}px, ${y}px) scale(${scale})`);
  }

  function pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.closest("button, a") && [" ", "Enter"].includes(event.key);
    if (onButton) return;
    if (FORWARD.includes(event.key)) show(shown + 1);
    else if (BACK.includes(event.key)) show(shown - 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(slides.length - 1);
    else return;
    event.preventDefault();
  }

  const asked = () => show((parseInt(window.location.hash.slice(1), 10) || 1) - 1);

  window.addEventListener("load", () => {
    root.classList.add("measured");
    document.querySelectorAll("img").forEach((image) => {
      image.style.setProperty("--wide", `${1.35 * image.naturalWidth}px`);
    });
    document.querySelectorAll(".slide").forEach(share);
    root.classList.replace("measured", "paged");
    slides = [...document.querySelectorAll(".slide")];
    slides.forEach((slide, at) => slide.setAttribute("aria-label", `Slide ${at + 1}`));
    fit();
    asked();
    window.addEventListener("resize", fit);
    window.addEventListener("hashchange", asked);
    window.addEventListener("keydown", pressed);
    document.getElementById("back").addEventListener("click", () => show(shown - 1));
    document.getElementById("on").addEventListener("click", () => show(shown + 1));
  });
}
