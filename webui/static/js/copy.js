// Copies a value into the clipboard, by a click or by the key its button names, and says so.

import { say } from "./toast.js";

// Some web engines have no clipboard for pages; a text that is chosen can be copied in all of them.
function copyChosen(text) {
  const area = document.createElement("textarea");
  const before = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus();
  return copied;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyChosen(text);
  }
}

async function onClick(event) {
  const button = event.target.closest("[data-copy], [data-copies]");
  if (!button) return;
  const { copy: value, copies, said } = button.dataset; // `copies`: the id of an area, too long to be said
  const text = value ?? document.getElementById(copies).value;
  const region = document.querySelector("[data-toasts]");
  if (await copy(text)) say(said ?? region.dataset.copied.replace("{}", text));
}

export function startCopy() {
  document.addEventListener("click", onClick);
}
