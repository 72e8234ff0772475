// An entry's form beyond what it does without scripts: it saves itself a moment after each change, counts characters,
// and says that a file is too large before it is sent. Words come from the page.
"use strict";

(() => {
  const form = document.getElementById("entry");
  if (!form) return;
  const told = document.getElementById("saving");
  const PAUSE_MS = 1500;
  const MEGABYTE = 1024 * 1024;
  let waiting = 0;
  let isSaving = false;
  let isChanged = false;

  function tell(words) {
    if (told.textContent !== words) told.textContent = words;
  }

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields;
  }

  function remember(marks) {
    const was = form.elements.namedItem("was");
    was.value = JSON.stringify({ ...JSON.parse(was.value), ...marks });
  }

  function showMissing(missing) {
    const list = form.querySelector("[data-missing]");
    list.replaceChildren(...missing.map((each) => {
      const link = document.createElement("a");
      link.href = `#${encodeURIComponent(each.field)}`;
      link.textContent = each.text;
      const line = document.createElement("li");
      line.append(link);
      return line;
    }));
    form.querySelector("[data-complete]").hidden = missing.length > 0;
  }

  async function save() {
    if (isSaving) return later();
    isSaving = true;
    isChanged = false;
    tell(form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST", body: typed(), headers: { accept: "application/json" }, redirect: "error",
      });
      const said = await answer.json();
      if (said.was) remember(said.was);
      if (said.missing) showMissing(said.missing);
      if (!said.is_kept) isChanged = true;
      tell(said.told);
    } catch {
      isChanged = true;
      tell(form.dataset.unsaved);
    } finally {
      isSaving = false;
    }
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE_MS);
  }

  function count(field) {
    const place = document.getElementById(`${field.id}-count`);
    const length = Array.from(field.value.trim()).length;
    const longest = Number(field.dataset.longest);
    const over = length > longest;
    place.textContent = over
      ? place.dataset.over.replace("{by}", length - longest)
      : place.dataset.count.replace("{count}", length).replace("{longest}", longest);
    place.classList.toggle("counted--over", over);
  }

  // A file that fits is sent at once, with everything that was typed.
  function chosen(field) {
    const error = document.getElementById(`${field.id}-error`);
    const file = field.files[0];
    if (!file) return;
    const over = file.size - Number(field.dataset.largest);
    error.hidden = over <= 0;
    if (over > 0) {
      const by = Math.max(over / MEGABYTE, 0.1).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
      const most = Number(field.dataset.largest) / MEGABYTE;
      error.textContent = field.dataset.tooLarge.replace("{by}", by).replace("{most}", most);
      field.value = "";
      return;
    }
    isChanged = false;
    form.requestSubmit(field.closest(".file").querySelector("button"));
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    isChanged = true;
    if (event.target.dataset.longest) count(event.target);
    later();
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") chosen(event.target);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    isChanged = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
  for (const field of form.querySelectorAll("[data-longest]")) count(field);
})();
