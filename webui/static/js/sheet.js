// The list as a sheet: the arrows reach its cells, Enter writes in one, Tab goes on to the next, and what a spreadsheet has on
// the clipboard fills down after a look. Without script a person's form does the same.
import { startCompletion } from "./completes.js";
import { combination, inText, somethingOpen } from "./keys.js";
import { goTo, rows, showPane } from "./list.js";
import { refreshStrip } from "./strip.js";

let writing; // the cell that is written in, what it held, and what stood in its field
let acting = 0; // how much waits for an answer, one behind the other
let turn = Promise.resolve();
const early = []; // the keys that came before it

const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")].filter((cell) => cell.checkVisibility());
const cellAt = (element) => element.closest?.("[data-list] [data-cell]");
const fieldOf = (cell) => cell.querySelector("[name=value]");
const find = (row, column) => row?.querySelector(`[data-cell="${CSS.escape(column)}"]`);

function begin(cell, editor) {
  const before = writing?.cell === cell ? writing.before : [...cell.childNodes];
  cell.innerHTML = editor;
  cell.classList.add("editing");
  startCompletion(cell);
  const field = fieldOf(cell);
  writing = { cell, before, began: field.value, again: field.matches("[aria-invalid]") };
  field.focus();
  field.select?.();
}

// Whoever types on while an answer is awaited must not lose a letter, nor press a key that means something to the page.
function act(work) {
  acting += 1;
  turn = turn.then(work).catch(() => location.reload()).finally(() => {
    acting -= 1;
    while (early.length > 0 && !acting) repeat(early.shift());
  });
}

function repeat(event) {
  const field = writing && fieldOf(writing.cell);
  const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (field && isLetter && "setRangeText" in field) field.setRangeText(event.key, field.selectionStart, field.selectionEnd, "end");
  else document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
}

function keep(event) {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = event;
  early.push({ key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true });
  event.preventDefault();
}

// A cell as it is now: saving another of its row has made the row anew.
function current(cell) {
  return cell.isConnected ? cell : find(document.querySelector(`[data-list] [data-row="${cell.closest("tr").dataset.row}"]`), cell.dataset.cell);
}

async function edit(wanted, typed) {
  if (writing && !(await save())) return;
  const cell = current(wanted);
  if (!cell) return;
  const row = cell.closest("tr");
  goTo(row, false);
  const address = document.querySelector("[data-list]").dataset.sheet.replace("/0/", `/${row.dataset.row}/`);
  const answer = await fetch(`${address}?${new URLSearchParams({ column: cell.dataset.cell })}`);
  if (!answer.ok) return;
  begin(cell, await answer.text());
  if (typed !== undefined) fieldOf(cell).value = typed;
}

function leave() {
  const { cell, before } = writing;
  writing = undefined; // first: taking the field away takes its focus
  cell.replaceChildren(...before);
  cell.classList.remove("editing");
  return cell;
}

// Returns the cell as it is now, or nothing where something is wrong in it: then it is still written in.
async function save() {
  if (!writing) return undefined;
  const { cell, began, again } = writing;
  if (fieldOf(cell).value === began && !again) return leave();
  const form = cell.querySelector("form");
  const sent = new FormData(form);
  const answer = await fetch(form.action, { method: "POST", body: sent, keepalive: true }); // also when the page is left
  const text = await answer.text();
  if (text.includes("data-cell-form")) {
    begin(cell, text);
    return undefined;
  }
  if (!answer.ok) {
    location.reload();
    return undefined;
  }
  writing = undefined;
  return replace(cell, text);
}

function replace(cell, text) {
  const old = cell.closest("tr");
  const holder = document.createElement("template");
  holder.innerHTML = text.trim();
  const row = holder.content.querySelector("tr");
  row.querySelector(".tick input").checked = old.querySelector(".tick input").checked;
  row.classList.toggle("here", old.classList.contains("here"));
  const focused = old.contains(document.activeElement) && document.activeElement;
  old.replaceWith(row);
  if (focused) (find(row, focused.closest("[data-cell]")?.dataset.cell ?? "") ?? row.querySelector(".who a")).focus();
  window.htmx.process(row);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
  document.dispatchEvent(new CustomEvent("ticked")); // the foot adds up anew
  if (row.classList.contains("here")) showPane(row);
  refreshStrip();
  return find(row, cell.dataset.cell);
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
  const { column, row } = { column: next?.dataset.cell, row: next?.closest("tr").dataset.row };
  const saved = await save();
  if (!saved) return;
  const there = row ? find(document.querySelector(`[data-list] [data-row="${row}"]`), column) : saved;
  if (editing && row) return edit(there);
  goTo(there.closest("tr"), false);
  there.focus();
}

function onKeyInField(event) {
  const { cell } = writing;
  const keys = combination(event);
  if (keys === "Escape") leave().focus();
  else if (keys === "Enter" || keys === "Control+Enter") act(() => goOn(below(cell, 1) ?? cell, false));
  else if (keys === "Tab") act(() => goOn(beside(cell, 1), true));
  else if (keys === "Shift+Tab") act(() => goOn(beside(cell, -1), true));
  else return;
  event.preventDefault();
}

function onKey(event) {
  if (event.isComposing || somethingOpen()) return;
  if (acting) return keep(event);
  if (writing?.cell.contains(event.target)) return onKeyInField(event);
  const row = event.target.closest?.("[data-list] [data-pane]");
  if (!row || inText(event.target) || event.defaultPrevented) return;
  const cell = cellAt(event.target);
  const keys = combination(event);
  const all = cellsOf(row);
  const rightToLeft = getComputedStyle(row).direction === "rtl";
  const step = { ArrowRight: 1, ArrowLeft: -1 }[keys] * (rightToLeft ? -1 : 1);
  if (step) {
    const to = all.indexOf(cell) + step;
    (to < 0 ? row.querySelector(".who a") : all[Math.min(to, all.length - 1)])?.focus();
  } else if (cell && (keys === "Enter" || keys === "F2")) act(() => edit(cell));
  else if (cell && (keys === "Delete" || keys === "Backspace") && !document.querySelector(".tick [name=id]:checked")) act(() => clear(cell));
  else return;
  event.preventDefault();
}

async function clear(cell) {
  await edit(cell, "");
  if (writing?.cell === cell) await goOn(undefined, false);
}

// Whoever goes on elsewhere has meant what stands there.
function onFocusOut(event) {
  if (!writing || acting || writing.cell.contains(event.relatedTarget) || !document.hasFocus()) return;
  if (writing.cell.contains(event.target)) act(save);
}

function onPaste(event) {
  const cell = cellAt(event.target);
  if (!cell || event.target.matches("textarea")) return;
  const pasted = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
  if (/[\n\t]/.test(pasted)) fill(cell, pasted);
  else if (writing?.cell !== cell) act(() => edit(cell, pasted));
  else return;
  event.preventDefault();
}

function fill(cell, pasted) {
  const bar = document.querySelector(".filterbar");
  const values = {
    first: cell.closest("tr").dataset.row,
    column: cell.dataset.cell,
    q: bar.elements.q.value,
    sort: bar.elements.sort?.value ?? "",
    pasted,
  };
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: document.querySelector("[data-list]").dataset.list });
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("textarea"); // an input would lose the ends of lines
    Object.assign(field, { name, value, hidden: true });
    form.append(field);
  }
  document.body.append(form);
  writing = undefined;
  form.submit();
}

function onCopy(event) {
  const cell = cellAt(event.target);
  if (!cell || writing || !getSelection().isCollapsed) return;
  event.clipboardData.setData("text/plain", cell.textContent.trim());
  event.preventDefault();
}

export function startSheet() {
  if (!document.querySelector("[data-list]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("dblclick", (event) => {
    const cell = cellAt(event.target);
    if (cell && writing?.cell !== cell && !event.target.closest("a")) act(() => edit(cell));
  });
  document.addEventListener("focusout", onFocusOut);
  document.addEventListener("paste", onPaste);
  document.addEventListener("copy", onCopy);
}
