// As somebody writes, shows the text as it will be read. The form names the address (data-preview) and the space;
// each box [data-source="n"] has its sheet [data-shown="n"]. Without this module the form works the same, unseen.

const PAUSE_MS = 400;

async function rendered(form, markdown, signal) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set("space", form.dataset.space);
  body.set("markdown", markdown);
  const answer = await fetch(form.dataset.preview, { method: "POST", body, signal });
  return answer.ok ? answer.text() : null;
}

function follow(form, source, sheet) {
  let timer, running, asked = source.value;

  async function show() {
    if (source.value === asked) return;
    asked = source.value;
    running?.abort();
    running = new AbortController();
    try {
      const html = await rendered(form, asked, running.signal);
      // The server sanitised it: the same HTML that the page itself would hold.
      if (html !== null) sheet.innerHTML = html;
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
    if (sheet) follow(form, source, sheet);
  }
}
