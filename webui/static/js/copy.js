// Copies a value into the clipboard, by a click or by the key its button names, and says so.

import { say } from "./toast.js";

const BEGINNING = 60; // letters of a long text that is said to be copied

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

const words = () => document.querySelector("[data-toasts]").dataset;

async function copyAndSay(text, said) {
  say((await copy(text)) ? said : words().uncopied);
}

async function asked(address) {
  const answer = await fetch(address).catch(() => undefined);
  return answer?.ok ? answer.text() : "";
}

// What a cell shows may be the beginning alone: all of it is in the field in which it is written.
export async function copyWritten(address) {
  const held = document.createElement("template");
  held.innerHTML = await asked(address);
  const text = held.content.querySelector("textarea")?.value;
  if (text) await copyAndSay(text, words().copied.replace("{}", `${text.slice(0, BEGINNING)}…`));
  else say(words().failed);
}

// What would make the page long is asked for once it is wanted.
async function copyFrom(address, said) {
  const text = await asked(address);
  if (text) await copyAndSay(text, said);
  else say(words().failed);
}

function onClick(event) {
  const button = event.target.closest("[data-copy], [data-copies], [data-copies-from]");
  if (!button) return;
  const { copy: value, copies, copiesFrom, said } = button.dataset; // `copies`: the id of an area, too long to be said
  if (copiesFrom) {
    button.closest("[popover]")?.hidePopover();
    copyFrom(copiesFrom, said);
    return;
  }
  const text = value ?? document.getElementById(copies).value;
  copyAndSay(text, said ?? words().copied.replace("{}", text));
}

export function startCopy() {
  document.addEventListener("click", onClick);
}
