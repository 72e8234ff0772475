// What a page can do beyond what it does without scripts: copy a value, lead to the first thing to mend, show a part of
// a result at once, and count down to when one may ask again.
"use strict";

function say(words) {
  document.getElementById("heard").textContent = words;
}

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
  say(document.body.dataset.copied);
  setTimeout(() => { word.textContent = before; }, 2000);
});

// A link to a folded card, or to something within one, opens it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (target.closest("details")) target.scrollIntoView();
}

// Seconds come from the server, so that a clock that is wrong counts as well as any. Nobody is read each second: what
// is said aloud is only that the time has come.
let mayAskAt = 0;

function left(seconds) {
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function countDown() {
  const form = document.querySelector("[data-wait-s]");
  if (!form) return;
  if (!form.dataset.counted) {
    form.dataset.counted = "yes";
    mayAskAt = performance.now() + 1000 * Number(form.dataset.waitS);
  }
  const seconds = Math.ceil((mayAskAt - performance.now()) / 1000);
  for (const place of document.querySelectorAll(".wait")) {
    place.textContent = seconds > 0 ? form.dataset.left.replace("{time}", left(seconds)) : "";
  }
  if (seconds > 0) return;
  for (const button of document.querySelectorAll("[data-waits]")) button.hidden = false;
  say(form.dataset.over);
  delete form.dataset.waitS;
}

function showPart(part) {
  if (!part.dataset?.said) return;
  say(part.dataset.said);
  if (document.activeElement === document.body) part.focus({ preventScroll: true });
}

setInterval(countDown, 1000);
window.addEventListener("hashchange", openTarget);
document.addEventListener("htmx:load", (event) => {
  showCopyButtons(event.detail.elt);
  showPart(event.detail.elt);
  countDown();
});
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  openTarget();
  countDown();
  document.querySelector("[data-focus]")?.focus();
});
