// What a page can do beyond what it does without scripts: copy a value, and lead to the first thing to mend.
"use strict";

function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const word = button.querySelector(".copy__word");
  const before = word.textContent;
  word.textContent = document.body.dataset.copied;
  document.getElementById("heard").textContent = document.body.dataset.copied;
  setTimeout(() => { word.textContent = before; }, 2000);
});

// A link to a folded card opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

window.addEventListener("hashchange", openTarget);
document.addEventListener("htmx:load", (event) => showCopyButtons(event.detail.elt));
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  openTarget();
  document.querySelector("[data-focus]")?.focus();
});
