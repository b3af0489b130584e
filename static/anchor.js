// Asking about selected words: a selection in the rule (.rule .text) offers a button (its words: data-about) under it.
// Pressed, the words go into the form [data-ask] with what stands around them, and are shown over its box.
// Where the rule says where to propose other words (data-propose, the button's words: data-other), a second button goes there.

const CONTEXT = 200, LONGEST = 2000, LONGEST_IN_ADDRESS = 400;
const form = document.querySelector("form[data-ask]");
const rule = document.querySelector(".rule");
const text = rule?.querySelector(".text");

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

function offered(words, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "primary", textContent: words });
  // Pressing must not take the selection away before it is read.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const range = selected();
    if (range) act(range);
    offer.hidden = true;
  });
  return button;
}

function propose(range) {
  const [prefix, suffix] = around(range).map((side, after) => (after ? side.slice(0, 60) : side.slice(-60)));
  const quote = words(range).trim().slice(0, LONGEST_IN_ADDRESS);
  location.assign(`${rule.dataset.propose}?${new URLSearchParams({ quote, prefix, suffix })}`);
}

const offer = Object.assign(document.createElement("p"), { className: "offer acts", hidden: true });

if (form && text) {
  offer.append(offered(form.dataset.about, take));
  if (rule.dataset.propose) offer.append(offered(rule.dataset.other, propose));
  rule.append(offer);

  document.addEventListener("selectionchange", () => {
    const range = selected();
    offer.hidden = !range;
    if (!range) return;
    const last = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const within = offer.offsetParent?.getBoundingClientRect() ?? { top: 0 };
    offer.style.insetBlockStart = `${last.bottom - within.top + 8}px`;
  });
}
