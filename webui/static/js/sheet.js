// The list as a sheet: the arrows reach its cells, a letter or Enter writes in one, Tab goes on to the next, and what a
// spreadsheet has on the clipboard fills down after a look. Without script a person's form does the same.
import { startCompletion } from "./completes.js";
import { copyWritten } from "./copy.js";
import { combination, inText, isOff, owner, somethingOpen } from "./keys.js";
import { entryOf, goTo, rows, showPane } from "./list.js";
import { cellAt, cellsOf, find, rowOf, showWhole, update } from "./cells.js";
import { forget, isLetter, keep, keepPasted, repeatNext } from "./early.js";
import { goOnBehind, isTyped, put, startChoices, typeIn, writeIn } from "./choice.js";
import { fill } from "./fill.js";
import { did, knownLast } from "./strip.js";

let writing; // the cell that is written in, what it held, and what stood in its field
let acting = 0; // how much waits for an answer, one behind the other
let turn = Promise.resolve();

const list = () => document.querySelector("[data-sheet]");
const fieldOf = (cell) => cell.querySelector("[name=value]");
const forSelected = (keys) => !isOff(keys) && owner(keys)?.closest("[data-bulk]"); // whom T tags, say

function begin(cell, editor) {
  const before = writing?.cell === cell ? writing.before : [...cell.childNodes];
  cell.innerHTML = editor;
  cell.classList.add("editing");
  startCompletion(cell);
  const field = fieldOf(cell);
  const refused = field.matches("[aria-invalid]");
  writing = { cell, before, began: field.value, refused };
  if (refused) refuse(cell);
  if (somethingOpen()) return;
  field.focus();
  if (refused) goOnBehind(field);
  else field.select?.();
}

// What can't be saved is asked about before the page is left, and what was typed behind it is nobody's.
function refuse(cell) {
  forget();
  writing.refused = true;
  cell.querySelector("form").dataset.changed = "";
}

function sayFailed(cell) {
  const told = cell.querySelector(".error") ?? cell.querySelector("form").appendChild(document.createElement("p"));
  told.className = "error";
  told.setAttribute("role", "alert");
  told.textContent = list().dataset.failed;
  refuse(cell);
  fieldOf(cell).focus();
}

// Whoever types on while an answer is awaited must not lose a letter, nor press a key that means something to the page.
function act(work) {
  acting += 1;
  turn = turn.then(work).catch(() => writing && sayFailed(writing.cell)).finally(() => {
    acting -= 1;
    while (!acting && repeatNext(writing && fieldOf(writing.cell)));
  });
}

// A cell as it is now: a list that came meanwhile has made it anew.
function current(cell) {
  return cell.isConnected ? cell : find(rowOf(cell.closest("tr").dataset.row), cell.dataset.cell);
}

function addressOf(cell) {
  const address = list().dataset.sheet.replace("/0/", `/${cell.closest("tr").dataset.row}/`);
  return `${address}?${new URLSearchParams({ column: cell.dataset.cell })}`;
}

// Returns the cell that is written in, or nothing where that did not come to be.
async function edit(wanted, typed, write = put) {
  if (writing && !(await save())) return undefined;
  const cell = current(wanted);
  if (!cell) return undefined;
  goTo(cell.closest("tr"), false);
  const answer = await fetch(addressOf(cell));
  if (!answer.ok) return location.reload();
  const text = await answer.text();
  const there = current(cell); // a list may have come with the answer
  if (!there) return undefined;
  begin(there, text);
  if (typed !== undefined) write(fieldOf(there), typed);
  return there;
}

function leave() {
  const { cell, before } = writing;
  writing = undefined; // first: taking the field away takes its focus
  cell.replaceChildren(...before);
  cell.classList.remove("editing");
  document.dispatchEvent(new CustomEvent("cell-left"));
  return cell;
}

// Returns the cell as it is now, or nothing where something is wrong in it: then it is still written in.
async function save() {
  if (!writing) return undefined;
  const { cell, began, refused } = writing;
  if (fieldOf(cell).value === began && !refused) return leave();
  const form = cell.querySelector("form");
  const sent = new FormData(form);
  sent.append("done", knownLast());
  const answer = await fetch(form.action, { method: "POST", body: sent, keepalive: true }); // also when the page is left
  const text = await answer.text();
  if ([404, 409, 422, 503].includes(answer.status)) {
    begin(cell, text);
    return undefined;
  }
  if (!answer.ok) throw new Error(`${answer.status}`);
  const before = leave();
  did(answer.headers.get("Roster-Done")); // the next one to be saved knows of this one
  if (answer.headers.has("Roster-Meanwhile")) location.reload(); // another door has changed what the page shows
  return saved(before, text);
}

function saved(cell, text) {
  const row = update(cell.closest("tr").dataset.row, text);
  document.dispatchEvent(new CustomEvent("ticked")); // the foot adds up anew
  if (row?.classList.contains("here")) showPane(row);
  return current(cell) ?? cell;
}

// The cell that Tab goes on to: the next of the row, then the first of the next row.
function beside(cell, step) {
  const all = rows().flatMap(cellsOf);
  return all[all.indexOf(cell) + step];
}

function below(cell, step) {
  const all = rows();
  return find(all[all.indexOf(cell.closest("tr")) + step], cell.dataset.cell);
}

async function goOn(next, editing) {
  const done = await save();
  if (!done) return;
  const there = (next && current(next)) ?? done;
  if (editing && next) return edit(there);
  if (!there.isConnected) return;
  goTo(there.closest("tr"), false);
  there.focus();
}

function onKeyInField(event) {
  const { cell } = writing;
  const keys = combination(event);
  if (event.target === fieldOf(cell) && (keys === "Backspace" || isLetter(event)) && isTyped(event.target, event.key)) {
    typeIn(event.target, event.key);
    return event.preventDefault();
  }
  if (keys === "Escape") leave().focus();
  else if (["Enter", "Control+Enter", "Control+S"].includes(keys)) act(() => goOn(below(cell, 1) ?? cell, false));
  else if (keys === "Tab") act(() => goOn(beside(cell, 1), true));
  else if (keys === "Shift+Tab") act(() => goOn(beside(cell, -1), true));
  else if (event.target !== fieldOf(cell) && isLetter(event)) fieldOf(cell).focus(); // no key of the page's here
  else if (event.target === cell) fieldOf(cell).focus();
  else return;
  if (event.target === fieldOf(cell) || !isLetter(event)) event.preventDefault();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || somethingOpen()) return;
  if (acting) return event.target === document.body || list().contains(event.target) ? keep(event) : undefined;
  if (writing?.cell.contains(event.target)) return onKeyInField(event);
  const nowhere = event.target === document.body; // then it is for the one here, as the other arrows are
  const row = nowhere ? list().querySelector(".here") : event.target.closest?.("[data-sheet] [data-row]");
  if (!row || inText(event.target) || event.defaultPrevented) return;
  const cell = cellAt(event.target);
  const keys = combination(event);
  const all = cellsOf(row);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[keys] * (getComputedStyle(row).direction === "rtl" ? -1 : 1);
  if (step) {
    const to = all.indexOf(cell) + step;
    (to < 0 ? entryOf(row) : all[Math.min(to, all.length - 1)])?.focus();
  } else if (cell && (keys === "Enter" || keys === "F2")) act(() => edit(cell));
  else if (cell && (keys === "Delete" || keys === "Backspace")) act(() => clear(cell));
  else if (cell && isLetter(event) && !" /?".includes(event.key) && !forSelected(keys)) act(() => edit(cell, event.key, writeIn));
  else return;
  event.preventDefault();
}

async function clear(cell) {
  if (await edit(cell, "")) await goOn(undefined, false);
}

// Whoever goes on elsewhere has meant what stands there.
function onFocusOut(event) {
  if (!writing || acting || writing.cell.contains(event.relatedTarget) || !document.hasFocus()) return;
  if (writing.cell.contains(event.target)) act(save);
}

function onPaste(event) {
  const cell = cellAt(event.target);
  if (acting && (cell || event.target === document.body)) { // whose field is just being taken away has no focus
    keepPasted(event.clipboardData.getData("text/plain"));
    return event.preventDefault();
  }
  if (!cell || event.target.matches("textarea")) return;
  const pasted = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (/[\n\t]/.test(pasted)) {
    writing = undefined;
    fill(cell, pasted);
  } else if (writing?.cell !== cell) act(() => edit(cell, pasted));
  else return;
  event.preventDefault();
}

function onCopy(event) {
  const cell = cellAt(event.target);
  if (!cell || writing || !getSelection().isCollapsed) return;
  event.preventDefault();
  if (cell.matches("[data-begins]")) copyWritten(addressOf(cell));
  else event.clipboardData.setData("text/plain", cell.dataset.whole ?? cell.textContent.trim());
}

// "Free: mara" in the sentence under the field.
function onTake(event) {
  const button = event.target.closest(".celledit [data-fill]");
  if (!button || !writing) return;
  put(fieldOf(writing.cell), button.value);
  fieldOf(writing.cell).focus();
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function startSheet() {
  if (!list()) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onTake);
  startChoices();
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-cell-form]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act(() => goOn(undefined, false));
  });
  document.addEventListener("dblclick", (event) => {
    const cell = cellAt(event.target);
    if (cell && writing?.cell !== cell && !event.target.closest("a")) act(() => edit(cell));
  });
  document.addEventListener("focusin", showWhole);
  document.addEventListener("focusout", onFocusOut);
  document.addEventListener("paste", onPaste);
  document.addEventListener("copy", onCopy);
  window.addEventListener("pagehide", () => writing && !acting && act(save));
}
