// Sends a form that only says what the page itself shows (data-quiet), such as that its notices are read, and puts it away.

for (const form of document.querySelectorAll("form[data-quiet]")) {
  const body = new FormData(form);
  body.set("quiet", "1");
  fetch(form.action, { method: "POST", body }).then((answer) => { if (answer.ok) form.remove(); }).catch(() => {});
}
