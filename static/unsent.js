// Keeps what somebody typed and has not sent. On a form marked data-unsent it warns before the page is left, keeps a
// copy in this tab, and offers it back: data-offer is the sentence, data-take and data-drop the words of its two buttons.
// data-kept says that the words on the page are those that the server keeps.

const SENT = "unsent sent";
const forms = [...document.querySelectorAll("form[data-unsent]")];

const name = (form) => `unsent ${location.pathname} ${forms.indexOf(form)}`;
const boxes = (form) => [...form.querySelectorAll("textarea")];
const typed = (form) => JSON.stringify(boxes(form).map((box) => box.value));

function keep(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // The tab's store is full or refused; the warning before leaving is still there.
  }
}

function button(words, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "plain", textContent: words });
  made.addEventListener("click", act);
  return made;
}

function offer(form, copy) {
  const notice = document.createElement("p");
  notice.className = "notice acts";
  const take = button(form.dataset.take, () => {
    JSON.parse(copy).forEach((words, at) => {
      const box = boxes(form)[at];
      if (!box) return;
      box.value = words;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
    notice.remove();
    boxes(form)[0].focus();
  });
  const drop = button(form.dataset.drop, () => {
    keep(name(form), null);
    notice.remove();
  });
  notice.append(form.dataset.offer, take, drop);
  form.prepend(notice);
}

function watch(form, sent) {
  const key = name(form), before = typed(form), copy = sessionStorage.getItem(key);
  // A page that shows the very words that were sent is a refusal: they are still unsent, unless it says that they are kept.
  const unsaved = "unsaved" in form.dataset;
  let dirty = unsaved || (sent === key && copy === before && !("kept" in form.dataset));
  if (sent === key) keep(key, dirty ? before : null);
  else if (copy && copy !== before) offer(form, copy);

  form.addEventListener("input", () => {
    dirty = unsaved || typed(form) !== before;
    keep(key, dirty ? typed(form) : null);
  });
  form.addEventListener("submit", () => {
    dirty = false;
    keep(SENT, key);
  });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

const sent = sessionStorage.getItem(SENT);
keep(SENT, null);
// Any other page after sending means that the words were taken, unless it is one that refuses (data-refused): they are
// offered back where they were typed.
if (sent && !document.querySelector("[data-refused]") && !forms.some((form) => name(form) === sent)) keep(sent, null);
for (const form of forms) watch(form, sent);
