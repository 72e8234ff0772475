// Passkeys (WebAuthn level 3): asks the browser for a new one, or for a signature of one, and sends what it gives in
// the page's own form. Loaded only where there is such a form; without it, the page says what to do instead.
"use strict";

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
}

async function made(asked) {
  const key = await navigator.credentials.create({ publicKey: {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: described(asked.excludeCredentials),
  } });
  return { ...named(key), response: {
    clientDataJSON: text(key.response.clientDataJSON),
    attestationObject: text(key.response.attestationObject),
  } };
}

async function signed(asked) {
  const key = await navigator.credentials.get({ publicKey: {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: described(asked.allowCredentials),
  } });
  return { ...named(key), response: {
    clientDataJSON: text(key.response.clientDataJSON),
    authenticatorData: text(key.response.authenticatorData),
    signature: text(key.response.signature),
  } };
}

function named(key) {
  return { id: key.id, rawId: text(key.rawId), type: key.type };
}

async function answerOf(form) {
  const said = await fetch(form.dataset.ask, {
    method: "POST",
    headers: { "X-CSRF-Token": form.elements._csrf.value },
    redirect: "error",
  });
  if (!said.ok) throw new Error(String(said.status));
  const asked = await said.json();
  return form.dataset.makes === "create" ? made(asked) : signed(asked);
}

async function askAndSend(event) {
  const form = event.target;
  const refused = form.querySelector(".passkey__refused");
  event.preventDefault();
  if (form.dataset.asks) return;
  form.dataset.asks = "yes";
  refused.hidden = true;
  try {
    form.elements.answer.value = JSON.stringify(await answerOf(form));
    form.submit();
  } catch {
    refused.hidden = false;
  } finally {
    delete form.dataset.asks;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form.passkey")) {
    form.hidden = false;
    form.addEventListener("submit", askAndSend);
  }
  for (const words of document.querySelectorAll(".passkey__elsewhere")) words.hidden = true;
});
