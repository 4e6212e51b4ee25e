// The keyboard. A key belongs to the element that names it in aria-keyshortcuts, so what the page
// says, what assistive technology reads and what happens cannot differ. Moving inside a list is list.js.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const SAVES = new Set(["Control+S", "Control+Enter"]);
const WORKS_WHILE_TYPING = new Set([...SAVES, "Escape", "F6", "Shift+F6", "Control+P"]);
const WORKS_IN_DIALOGS = new Set(["Control+S", "Control+P"]);
const NOT_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset", "file", "range", "color"]);

export function inText(element) {
  if (element.matches("textarea, select, [contenteditable]")) return true;
  return element.matches("input") && !NOT_TEXT.has(element.type);
}

// "Control+Shift+Z", "N", "?", "Delete": as aria-keyshortcuts spells them. Command counts as Control on a Mac.
export function combination(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const control = MAC ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (control || event.key.length > 1);
  return [control && "Control", event.altKey && "Alt", shift && "Shift", key].filter(Boolean).join("+");
}

// A dialog or a menu that is open has the keyboard to itself.
const opened = () => document.querySelector("dialog[open], :popover-open");
export const somethingOpen = () => opened() !== null;

function owners(keys) {
  return [...(opened() ?? document).querySelectorAll("[aria-keyshortcuts]")].filter(
    (element) =>
      element.getAttribute("aria-keyshortcuts").split(" ").includes(keys) &&
      !element.matches("[hidden], :disabled, [aria-disabled=true], [popover]:not(:popover-open) :not([data-anytime]), details:not([open]) *"),
  );
}

export function owner(keys) {
  return owners(keys)[0];
}

// Of several that save, the one of the form that is written in, as each of two posts has its own Save. Another's never:
// it would leave the page with what was typed. While nothing is written it is for what the page is for.
function saver(keys, target) {
  const all = owners(keys);
  const of = (form) => all.find((element) => element.form === form);
  const form = target.form ?? target.closest("form");
  if (form && (of(form) || (form.method === "post" && inText(target)))) return of(form);
  const changed = [...(opened() ?? document).querySelectorAll("form[data-changed]")];
  return changed.length ? changed.map(of).find(Boolean) : all.find((element) => element.matches(".main"));
}

// What is pressed while the pane still shows the one before is meant for the one who comes.
let early;

export function forgetEarly() {
  early = undefined;
}

function onPane() {
  const element = early && owner(early);
  forgetEarly();
  if (element && !somethingOpen()) use(element);
}

// The settings can switch keys of one letter off, for whoever speaks to the computer or hits keys by accident.
export function isOff(keys) {
  return keys.trim().length === 1 && keys !== "/" && document.documentElement.dataset.letters === "off";
}

function use(element) {
  if (!inText(element)) return element.click();
  element.focus();
  element.select?.();
}

// The pane lies inside main, so the last region around the focus is the innermost.
function nextRegion(backwards) {
  const regions = [...document.querySelectorAll("[data-region]")].filter((region) => region.checkVisibility());
  const current = regions.findLastIndex((region) => region.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  const region = regions[(Math.max(current, backwards ? 0 : -1) + step + regions.length) % regions.length];
  region.tabIndex = -1;
  region.focus();
}

function onKey(event) {
  const keys = combination(event);
  if (event.defaultPrevented || event.isComposing) return;
  if (somethingOpen() && !WORKS_IN_DIALOGS.has(keys) && !owner(keys)?.matches("[data-anytime]")) return;
  if (inText(event.target) && !WORKS_WHILE_TYPING.has(keys)) return;
  if (keys === "Enter" && event.target.closest("a, button, summary")) return;
  if (isOff(keys)) return;
  if (keys === "F6" || keys === "Shift+F6") {
    event.preventDefault();
    nextRegion(event.shiftKey);
    return;
  }
  if (keys === "Control+P") {
    event.preventDefault();
    if (!event.repeat) window.print(); // in Roster's own window nothing else would
    return;
  }
  const element = SAVES.has(keys) ? saver(keys, event.target) : owner(keys);
  if (!element || event.repeat) return;
  event.preventDefault();
  if (keys === "Escape" && inText(event.target) && element.closest(".strip")) return event.target.blur();
  if (element.closest("[aria-busy=true]")) early = keys;
  else use(element);
}

function fitHints(root) {
  for (const hint of root.querySelectorAll("kbd")) {
    if (/^[A-Z0-9]$/.test(hint.textContent)) hint.hidden = isOff(hint.textContent);
    if (MAC) hint.textContent = hint.textContent.replace("Ctrl ", "⌘").replace("Shift ", "⇧");
  }
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("pane-came", onPane);
  document.addEventListener("htmx:afterSwap", (event) => fitHints(event.target));
  fitHints(document);
}
