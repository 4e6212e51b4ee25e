// The list of keys behind "?": read from the page itself, so it only names keys that work here.

import { isOff } from "./keys.js";

function label(element) {
  const named = element.getAttribute("aria-label");
  if (named) return named;
  const copy = (element.querySelector("h2") ?? element).cloneNode(true); // of a card, what stands over it
  for (const hint of copy.querySelectorAll("kbd, svg")) hint.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function entry(keys, text) {
  const term = document.createElement("dt");
  for (const part of keys.replace("Control", "Ctrl").split("+")) {
    const key = document.createElement("kbd");
    key.textContent = part;
    term.append(key);
  }
  const meaning = document.createElement("dd");
  meaning.textContent = text;
  return [term, meaning];
}

function fill(dialog) {
  const seen = new Set();
  const entries = [];
  for (const element of document.querySelectorAll("[aria-keyshortcuts]:not([hidden], [popover] :not([data-anytime]), details:not([open]) *)")) {
    const keys = element.getAttribute("aria-keyshortcuts").split(" ")[0];
    if (seen.has(keys) || isOff(keys)) continue;
    if (element.matches(":disabled:not([aria-keyshortcuts=T])")) continue; // while nobody is selected T is for the one here
    seen.add(keys);
    entries.push(...entry(keys, label(element)));
  }
  dialog.querySelector("[data-found-keys]").replaceChildren(...entries);
  dialog.querySelector("[data-list-keys]").hidden = !document.querySelector("[data-list]");
  dialog.querySelector("[data-tick-keys]").hidden = !document.querySelector("[data-bulk]");
  dialog.querySelector("[data-sheet-keys]").hidden = !document.querySelector("[data-sheet]");
}

// The strip brings its button anew each time it is fetched.
export function startShortcuts(root = document) {
  const dialog = document.querySelector("#keys");
  const button = root.querySelector("[data-show-keys]");
  if (!dialog || !button) return;
  button.hidden = false; // it does nothing without script, so it shows only with it
  button.addEventListener("click", () => {
    fill(dialog);
    dialog.showModal();
  });
}
