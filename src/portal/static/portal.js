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

// A deadline stands there on the city's clock; beside it, in place of UTC, its reader's own time where that differs.
function tongue() {
  return { fi: "fi-FI", sv: "sv-FI", en: "en-GB" }[document.documentElement.lang];
}

function tellHere() {
  const language = tongue();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shape = { dateStyle: "long", timeStyle: "short", hourCycle: "h23" };
  for (const time of document.querySelectorAll("time[data-here]")) {
    const when = new Date(time.dateTime);
    const here = new Intl.DateTimeFormat(language, shape).format(when);
    const told = time.dataset.here.replace("{time}", `${here} (${zone.split("/").pop().replaceAll("_", " ")})`);
    time.nextElementSibling.textContent = zone === time.dataset.zone ? "" : told;
  }
}

// How long until a deadline, as the server's clock has it; the reader's may be wrong.
const leftShown = performance.now();

function units(language, seconds) {
  const parts = { day: Math.floor(seconds / 86400), hour: Math.floor(seconds / 3600) % 24,
    minute: Math.floor(seconds / 60) % 60, second: seconds % 60 };
  const told = Object.entries(parts).filter(([, count]) => count).slice(0, 2);
  return told.map(([unit, count]) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" })
    .format(count)).join(" ");
}

function countToDeadline() {
  for (const place of document.querySelectorAll("[data-left-s]")) {
    const seconds = Math.ceil(Number(place.dataset.leftS) - (performance.now() - leftShown) / 1000);
    const told = place.dataset.left.replace("{time}", units(tongue(), seconds));
    place.textContent = seconds > 0 ? told : place.dataset.over;
    place.hidden = false;
  }
}

setInterval(countDown, 1000);
setInterval(countToDeadline, 1000);
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
  tellHere();
  countToDeadline();
  document.querySelector("[data-focus]")?.focus();
});
