// The keys that come before an answer, and what is pasted: kept, and repeated in the field that the answer brought.

import { isTyped, typeIn } from "./choice.js";

const KEPT = new Set(["Enter", "Tab", "Escape", "Backspace", "Delete", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "F2", "Home", "End"]);

let early = [];

const saves = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
export const isLetter = (event) => event.key.length === 1 && ((!event.ctrlKey && !event.metaKey && !event.altKey) || event.altGraph);

export function forget() {
  early = [];
}

export function keep(event) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  const kept = { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true, altGraph: event.getModifierState("AltGraph") };
  if (!isLetter(kept) && !KEPT.has(key) && !saves(kept)) return;
  early.push(kept);
  event.preventDefault();
}

export function keepPasted(text) {
  early.push({ pasted: text });
}

// Returns whether there was one; `field` is what is written in, if anything is.
export function repeatNext(field) {
  const event = early.shift();
  if (event) repeat(event, field);
  return event !== undefined;
}

function repeat(event, field) {
  if (event.pasted !== undefined) paste(event.pasted, field);
  else if (field && "setRangeText" in field && (isLetter(event) || event.key === "Backspace")) {
    const start = event.key === "Backspace" && field.selectionStart === field.selectionEnd ? field.selectionStart - 1 : field.selectionStart;
    field.setRangeText(event.key === "Backspace" ? "" : event.key, Math.max(start, 0), field.selectionEnd, "end");
  } else if (field && (event.key === "Home" || event.key === "End")) {
    const to = event.key === "End" ? field.value?.length : 0;
    field.setSelectionRange?.(to, to);
  } else if (field && (isLetter(event) || event.key === "Backspace") && isTyped(field, event.key)) typeIn(field, event.key);
  else if (field?.matches("select") && event.key.startsWith("Arrow")) choose(field, event.key);
  else document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
}

function paste(text, field) {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  if (!document.activeElement.dispatchEvent(pasted) || !field?.setRangeText) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end"); // what the browser does with a true one
}

// As the browser does it in a list that has the focus.
function choose(field, key) {
  const wanted = field.selectedIndex + ({ ArrowDown: 1, ArrowUp: -1 }[key] ?? 0);
  if (field.options[wanted]) field.selectedIndex = wanted;
}
