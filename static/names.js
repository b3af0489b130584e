// Completes names after an @ in a box marked data-names (the address that knows them). Arrows choose, Enter or Tab takes,
// Escape puts the list away. Without this module the full name works all the same.

const PAUSE_MS = 150;
const TYPED = /(?:^|[\s(«"])@(\p{L}[^\n@]{0,60})$/u;

function listFor(box, number) {
  const list = Object.assign(document.createElement("ul"), { id: `names-${number}`, className: "suggestions names", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  const said = Object.assign(document.createElement("p"), { className: "hidden" });
  said.setAttribute("role", "status");
  const frame = Object.assign(document.createElement("div"), { className: "completed" });
  box.replaceWith(frame);
  frame.append(box, list, said);
  for (const [name, value] of [["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", list.id], ["autocomplete", "off"]]) box.setAttribute(name, value);
  return { list, said };
}

function complete(box, number) {
  const focused = document.activeElement === box;
  const { list, said } = listFor(box, number);
  if (focused) box.focus();
  const taken = new Set();
  let timer, running, at = 0;

  const afterAt = () => TYPED.exec(box.value.slice(0, box.selectionStart))?.[1] ?? "";
  // What stands behind a name that was taken is the sentence going on, not more of the name.
  const isTaken = (words) => [...taken].some((name) => words.startsWith(`${name} `));
  const typed = () => (isTaken(afterAt()) ? "" : afterAt());
  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    said.textContent = "";
    box.removeAttribute("aria-activedescendant");
  }

  function choose(to) {
    at = (to + options().length) % options().length;
    options().forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    box.setAttribute("aria-activedescendant", options()[at].id);
    options()[at].scrollIntoView({ block: "nearest" });
  }

  function take(name) {
    const end = box.selectionStart, start = end - typed().length;
    box.setRangeText(`${name} `, start, end, "end");
    taken.add(name);
    close();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(found) {
    list.replaceChildren(...found.items.map(({ name }, index) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, textContent: name });
      option.setAttribute("role", "option");
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
      return option;
    }));
    if (!found.items.length) return close();
    list.hidden = false;
    said.textContent = found.said;
    choose(0);
    list.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const words = typed();
    running?.abort();
    if (!words) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.names}?${new URLSearchParams({ q: words })}`, { signal: running.signal });
      if (answer.ok && words === typed()) show(await answer.json());
    } catch {
      // A newer text took over, or the network is away: the full name can still be typed.
    }
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (!typed()) return close();
    timer = setTimeout(ask, PAUSE_MS);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(at + step);
    else if (event.key === "Enter" || event.key === "Tab") take(options()[at].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("[data-names]").forEach(complete);
