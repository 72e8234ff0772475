// A juror's marks: digits mark the criterion in which one is, and what is typed is kept by itself. Without this script
// the buttons do the same.
"use strict";

const form = document.getElementById("marks");
const saved = document.getElementById("saved");
const LATER_MS = { change: 600, input: 2500, again: 10000 };
const TEN_WITHIN_MS = 1000;

let waiting = 0;
let saving = null;
let isOvertaken = false;

async function save() {
  clearTimeout(waiting);
  waiting = 0;
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    if (!answer.headers.get("content-type")?.startsWith("application/json")) throw new Error(answer.status);
    const told = await answer.json();
    if (answer.status === 409) isOvertaken = true;
    else if (!answer.ok) throw new Error(answer.status);
    else form.elements.edits.value = told.edits;
    saved.textContent = told.said;
  } catch {
    saved.textContent = saved.dataset.failed;
    saveWithin(LATER_MS.again);
  }
}

function saveWithin(milliseconds) {
  clearTimeout(waiting);
  if (isOvertaken) return;
  waiting = setTimeout(saveOnce, milliseconds);
}

// One at a time: each save has to have seen the one before.
async function saveOnce() {
  while (saving) await saving;
  saving = save();
  await saving;
  saving = null;
}

form.addEventListener("change", () => saveWithin(LATER_MS.change));
form.addEventListener("input", (event) => {
  if (event.target.type !== "radio") saveWithin(LATER_MS.input);
});

// Whoever hands in while something is being kept waits for it, so that nothing looks overtaken.
form.addEventListener("submit", async (event) => {
  clearTimeout(waiting);
  if (!saving) return;
  event.preventDefault();
  const button = event.submitter;
  await saving;
  form.requestSubmit(button);
});

let first = { key: "", at: 0 };

form.addEventListener("keydown", (event) => {
  const criterion = event.target.closest(".criterion");
  if (!criterion || !/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const isTen = first.key === "1" && event.key === "0" && event.timeStamp - first.at < TEN_WITHIN_MS;
  first = { key: event.key, at: event.timeStamp };
  const mark = criterion.querySelector(`input[type="radio"][value="${isTen ? 10 : event.key}"]`);
  event.preventDefault();
  mark.checked = true;
  mark.focus();
  mark.dispatchEvent(new Event("change", { bubbles: true }));
});
