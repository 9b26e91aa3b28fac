// The page's title: the root's value as it is now, unless that is still to be guessed.

/* global ROOT, SEED, UNKNOWN, byId, now, recorded, revealed, short */
/* exported showTitle, titleNow */

// A name may hold "=" itself, a number can't.
const TITLE_START = recorded.title.slice(0, recorded.title.lastIndexOf("= ") + 1);

/** As Python wrote it, with the number of now: "y = 0.3775". */
function titleNow() {
  const value = now.known[ROOT] ? short(now.values[ROOT]) : UNKNOWN;
  const text = revealed(SEED - 1) ? value : "?";
  return TITLE_START ? `${TITLE_START} ${text}` : text;
}

function showTitle() {
  const title = titleNow();
  if (byId("title").textContent === title) return;
  byId("title").textContent = title;
  document.title = `${title}: microbp explorer`;
}
