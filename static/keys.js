// The / key goes to the search box. The box [data-keys] at the foot of the page says so and turns it off, for people
// whose voice or hand types keys by accident (WCAG 2.1.4); the choice stays in this browser.

const STORE = "keys";
const box = document.querySelector("[data-keys]");
const find = document.querySelector("[role='search'] [type='search']");

function wanted() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function isTyping(element) {
  return element.isContentEditable || element.matches("input, textarea, select");
}

if (box && find) {
  const input = box.querySelector("input");
  input.checked = wanted();
  box.hidden = false;
  input.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, input.checked ? "on" : "off");
    } catch {
      // Nothing is kept, so the choice holds for this page only.
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!input.checked || isTyping(event.target)) return;
    event.preventDefault();
    find.focus();
    find.select();
  });
}
