// Tells politely when something was said since the page was opened, on whatever is marked data-news (an address) and
// data-last (how far the page shows). Nothing moves until the reader asks: then the parts (data-parts) that are new are put in
// their places, taken from the page itself, so that they look as they would after coming back.

const EVERY_MS = 20_000, RAREST_MS = 300_000;

function bar(box, show) {
  const made = Object.assign(document.createElement("p"), { className: "notice live acts", hidden: true });
  made.setAttribute("role", "status");
  const words = document.createElement("span");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: box.dataset.show });
  button.addEventListener("click", show);
  made.append(words, button);
  box.append(made);
  return (said) => {
    if (words.textContent !== said) words.textContent = said;
    made.hidden = !said;
  };
}

async function bring(box) {
  const answer = await fetch(location.href.split("#")[0]);
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(box.id);
  let before = null, first = null;
  for (const part of fresh.querySelectorAll(box.dataset.parts)) {
    const here = document.getElementById(part.id);
    const made = here && !("swap" in box.dataset) ? here : document.importNode(part, true);
    if (here && made !== here) here.replaceWith(made);
    else if (!here) before ? before.after(made) : box.querySelector("[data-first]").before(made);
    if (!here) first ??= made;
    before = made;
  }
  box.dataset.last = fresh.dataset.last;
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
}

function watch(box) {
  let pause = EVERY_MS, timer, etag = "", asked = box.dataset.last;
  const tell = bar(box, async () => {
    tell("");
    await bring(box);
    etag = "";
  });

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return;
    if (asked !== box.dataset.last) asked = box.dataset.last, etag = "";
    try {
      const answer = await fetch(`${box.dataset.news}?after=${asked}`, { headers: etag ? { "If-None-Match": etag } : {} });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag") ?? "";
        tell((await answer.json()).words);
      } else if (answer.status !== 304) return;       // no longer for this reader
      pause = EVERY_MS;
    } catch {
      pause = Math.min(pause * 2, RAREST_MS);         // the network is away: ask more rarely
    }
    timer = setTimeout(look, pause);
  }

  document.addEventListener("visibilitychange", look);
  timer = setTimeout(look, pause);
}

for (const box of document.querySelectorAll("[data-news]")) watch(box);
