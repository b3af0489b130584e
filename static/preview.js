// As somebody writes, shows the text as it will be read and what could be remarked about it. The form names the address
// (data-preview) and the space; each box [data-source="n"] has its sheet [data-shown="n"] and its remarks
// [data-remarks="n"]. Without this module the form works the same, with a button [data-check] for the remarks.

const PAUSE_MS = 400;

async function rendered(form, source, signal) {
  const body = new FormData();
  for (const { name, value } of form.querySelectorAll("[name=csrf_token], [name=code], [name=left]")) body.append(name, value);
  body.set("space", form.dataset.space);
  body.set("n", source.dataset.source);
  body.set("of", source.dataset.code);
  body.set("markdown", source.value);
  // Where the text's pictures are: in the change, or in the version that it starts from.
  for (const [name, value] of Object.entries({ change: form.dataset.change, from: source.dataset.code, base: source.dataset.base })) {
    if (value) body.set(name, value);
  }
  const answer = await fetch(form.dataset.preview, { method: "POST", body, signal });
  return answer.ok ? answer.json() : null;
}

function follow(form, source, sheet, remarks) {
  let timer, running, asked = source.value;

  async function show() {
    if (source.value === asked) return;
    asked = source.value;
    running?.abort();
    running = new AbortController();
    try {
      const shown = await rendered(form, source, running.signal);
      // The server sanitised it: the same HTML that the page itself would hold.
      if (shown !== null) sheet.innerHTML = shown.sheet;
      if (shown !== null && remarks) remarks.innerHTML = shown.remarks;
    } catch (error) {
      // A newer text took over, or the network is away: the last sheet stays.
      if (error.name !== "AbortError") asked = null;
    }
  }

  source.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  for (const source of form.querySelectorAll("[data-source]")) {
    const sheet = form.querySelector(`[data-shown="${source.dataset.source}"]`);
    if (sheet) follow(form, source, sheet, form.querySelector(`[data-remarks="${source.dataset.source}"]`));
  }
  for (const check of form.querySelectorAll("[data-check]")) check.hidden = true;
}
