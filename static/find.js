// Results as somebody types, under the front page's box ([data-search]): the first ones of the page of results itself,
// so that nothing is found here that is not found there. The last lines lead to it, and to asking the same words.
// The list lies over the page, so nothing below moves; how many there are is said politely, once typing rests.

const PAUSE_MS = 250, SAY_MS = 900, MOST = 6, SHORTEST = 2;
const box = document.querySelector("[data-search]");

async function found(form, words, signal) {
  const address = `${form.action}?${new URLSearchParams({ q: words })}`;
  const answer = await fetch(address, { signal });
  if (!answer.ok) return { links: [], said: "" };
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const hits = [...page.querySelectorAll(".hit h3 a")].slice(0, MOST);
  const said = page.querySelector(".results")?.textContent ?? words;
  const all = Object.assign(document.createElement("a"), { href: address, className: "note", textContent: said });
  const links = [...hits.map(shown), all];
  if (page.querySelector("#ask")) links.push(Object.assign(document.createElement("a"), { href: `${address}&ask=1`, textContent: form.dataset.asks }));
  return { links, said };
}

function shown(hit) {
  const link = document.importNode(hit, true);
  link.className = hit.closest(".warm-ground") ? "of-practice" : "of-rule";
  const { language } = hit.closest(".hit").dataset;      // where it is not the reader's
  if (language) link.append(", ", Object.assign(document.createElement("span"), { className: "note", lang: link.hreflang, textContent: language }));
  return link;
}

function follow(input, list, status) {
  let timer, telling, running;

  async function show() {
    const words = input.value.trim();
    running?.abort();
    if (words.length < SHORTEST) return list.replaceChildren();
    running = new AbortController();
    try {
      const { links, said } = await found(input.form, words, running.signal);
      list.replaceChildren(...links);
      clearTimeout(telling);
      telling = setTimeout(() => { status.textContent = said; }, SAY_MS);
    } catch {
      // A newer text took over, or the network is away: the button still searches.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
}

if (box) {
  const input = box.querySelector("input");
  const list = Object.assign(document.createElement("div"), { className: "suggestions" });
  const status = Object.assign(document.createElement("p"), { className: "hidden" });
  status.setAttribute("role", "status");
  box.append(list, status);
  follow(input, list, status);
  // The arrows walk through what was found; Escape goes back to the box and puts it away.
  box.addEventListener("keydown", (event) => {
    const stops = [input, ...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (event.key === "Escape") list.replaceChildren(), input.focus();
    else if (step && next) event.preventDefault(), next.focus();
  });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) list.replaceChildren(); });
}
