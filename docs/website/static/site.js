// A page opened from a file may not fetch others: search then shows titles without summaries.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Python in the browser needs a server, too.
addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector('.try a[href*="/lite/notebooks/"]');
  if (!button || location.protocol !== "file:") return;
  const words = document.createElement("span");
  words.append("To try it in the browser, serve this site: ");
  words.append(Object.assign(document.createElement("code"), { textContent: "python -m http.server" }));
  button.replaceWith(words);
});

// A table that is too wide is set smaller. What still scrolls sideways can be reached with the keyboard.
function fit() {
  for (const box of document.querySelectorAll("pre, .table-wrapper, div.math")) {
    const scrolls = () => box.scrollWidth > box.clientWidth;
    if (box.matches(".table-wrapper")) {
      box.classList.remove("wide");
      box.classList.toggle("wide", scrolls());
    }
    if (scrolls()) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("DOMContentLoaded", fit);
addEventListener("resize", fit);
