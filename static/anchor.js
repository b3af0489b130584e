// Asking about selected words: a selection in the rule (.rule .text) offers a button (its words: data-about) under it.
// Pressed, the words go into the form [data-ask] with what stands around them, and are shown over its box.

const CONTEXT = 200, LONGEST = 2000;
const form = document.querySelector("form[data-ask]");
const text = document.querySelector(".rule .text");

// The rule's own words: the counts in its margin are not among them.
function words(range) {
  const part = range.cloneContents();
  for (const count of part.querySelectorAll(".count, td.margin")) count.remove();
  return part.textContent;
}

function around(range) {
  const before = document.createRange(), after = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  return [words(before).slice(-CONTEXT), words(after).slice(0, CONTEXT)];
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const quote = words(range).trim();
  return text.contains(range.commonAncestorContainer) && quote && quote.length <= LONGEST ? range : null;
}

function take(range) {
  const [prefix, suffix] = around(range);
  fill(words(range).trim(), prefix, suffix);
  form.elements.body.focus();
  form.scrollIntoView({ block: "nearest" });
}

function fill(quote, prefix = "", suffix = "") {
  Object.assign(form.elements.quote, { value: quote });
  Object.assign(form.elements.prefix, { value: prefix });
  Object.assign(form.elements.suffix, { value: suffix });
  const shown = form.querySelector("[data-quoted]");
  shown.querySelector("q").textContent = quote;
  shown.hidden = !quote;
}

if (form) {
  const drop = form.querySelector("[data-drop]");
  drop.hidden = false;
  drop.addEventListener("click", () => fill(""));
}

if (form && text) {
  const offer = Object.assign(document.createElement("button"), { type: "button", className: "offer primary", hidden: true });
  offer.textContent = form.dataset.about;
  document.querySelector(".rule").append(offer);

  document.addEventListener("selectionchange", () => {
    const range = selected();
    offer.hidden = !range;
    if (!range) return;
    const last = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const within = offer.offsetParent?.getBoundingClientRect() ?? { top: 0 };
    offer.style.insetBlockStart = `${last.bottom - within.top + 8}px`;
  });
  // Pressing must not take the selection away before it is read.
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", () => {
    const range = selected();
    if (range) take(range);
    offer.hidden = true;
  });
}
