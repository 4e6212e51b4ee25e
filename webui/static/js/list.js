// Moving the place called "here" through a list; the pane beside it follows, where there is one.
// The page works without: the name of each row is a link, and the server draws the first pane.
import { find, rowOf } from "./cells.js";
import { combination, forgetEarly, inText, isOff, somethingOpen } from "./keys.js";

const PANE_DELAY = 120; // ms: whoever runs down a list does not load every person on the way
const PAGE_STEP = 10; // rows
const MOVES = {
  ArrowDown: (index) => index + 1,
  J: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  K: (index) => index - 1,
  PageDown: (index) => index + PAGE_STEP,
  PageUp: (index) => index - PAGE_STEP,
  Home: () => 0,
  End: (index, last) => last,
};

let waiting;
let left; // where the focus was in a list that goes
let owed = false; // a list that came while a cell was written in

export function rows() {
  return [...document.querySelectorAll("[data-list] [data-row]")];
}

// What of a row has the focus while the row is "here": the name, or where that leads nowhere, the tick.
export const entryOf = (row) => row.querySelector(".who a, [data-entry]") ?? row.querySelector(".tick input");

// What the pane says belongs to someone else until it is loaded, and so do its keys: Delete must not meet the last one.
export function showPane(row) {
  clearTimeout(waiting);
  forgetEarly(); // it was meant for the one who is not here any more
  document.querySelector("#pane").setAttribute("aria-busy", "true");
  waiting = setTimeout(() => {
    if (row.isConnected) window.htmx.ajax("GET", row.dataset.pane, { source: "#pane", target: "#pane", swap: "innerHTML" });
  }, PANE_DELAY);
}

function keepInAddress(row) {
  const address = new URL(location.href);
  if (address.searchParams.get("here") === row.dataset.row) return; // the list came with it
  address.searchParams.set("here", row.dataset.row);
  history.replaceState(history.state, "", address);
}

// One stop for Tab, however long the list: the one here. The arrows do the rest, and the end loads by itself.
function beOneStop() {
  const all = rows();
  const stop = all.find((row) => row.classList.contains("here")) ?? all[0];
  for (const row of all) {
    for (const each of row.querySelectorAll(".tick input, .who a, [data-entry], [data-stop]")) each.tabIndex = row === stop ? 0 : -1;
  }
  for (const further of document.querySelectorAll("[data-list] .further a")) further.tabIndex = -1;
}

export function goTo(row, focus) {
  const before = document.querySelector("[data-list] .here");
  if (before === row) return;
  before?.classList.remove("here");
  row.classList.add("here");
  beOneStop();
  if (row.dataset.pane) {
    keepInAddress(row);
    showPane(row);
  }
  if (focus) entryOf(row).focus();
}

export function inReach(event) {
  const search = event.target.matches("[data-list-search]");
  if (search) return event.key === "ArrowDown";
  if (inText(event.target) || event.target.closest("#pane, [data-region=sidebar], [data-region=strip]")) return false;
  return !isOff(combination(event));
}

function onKey(event) {
  const move = MOVES[combination(event)];
  if (!move || event.defaultPrevented || somethingOpen() || !inReach(event)) return;
  const all = rows();
  if (all.length === 0) return;
  event.preventDefault();
  const index = all.findIndex((row) => row.classList.contains("here"));
  const fromSearch = event.target.matches("[data-list-search]");
  const wanted = fromSearch ? Math.max(index, 0) : move(index, all.length - 1);
  const row = all[Math.min(Math.max(wanted, 0), all.length - 1)];
  goTo(row, false);
  const column = event.target.closest("[data-cell]")?.dataset.cell;
  (find(row, column) ?? entryOf(row)).focus();
}

function onClick(event) {
  const row = event.target.closest("[data-list] [data-row]");
  if (!row || event.target.closest("a, button, input, label, select, textarea, .editing")) return;
  const cell = event.target.closest("[data-cell]");
  goTo(row, !cell);
  cell?.focus();
}

// Whoever went on into the list before the answer came is not thrown out by it, nor is a cell that is written in.
function onComing(event) {
  if (!event.target.matches("#found")) return;
  owed = event.target.querySelector(".editing") !== null;
  if (owed) event.detail.shouldSwap = false;
  const focus = event.target.contains(document.activeElement) ? document.activeElement : undefined;
  left = focus && { row: focus.closest("[data-row]")?.dataset.row, column: focus.closest("[data-cell]")?.dataset.cell };
  if (event.detail.shouldSwap && event.detail.swapOverride !== "none") makeRoom(event.target);
}

// While the old list is there: to scroll the new one would lay it out at once. And htmx says of each element that goes
// that it does, two events each, where only the end of the list has asked it for something.
function makeRoom(list) {
  list.scrollTop = 0;
  for (const row of list.querySelectorAll("[data-row]")) row.remove();
}

// After a search the old "here" is gone: the first row takes its place, focus stays in the box or in its column.
function onSwap(event) {
  if (event.target.matches("#pane")) return paneCame(event.target);
  if (!event.target.matches("#found")) return;
  const [first] = rows();
  if (!first) return clearPane();
  const here = rowOf(left?.row) ?? document.querySelector("[data-list] .here") ?? first;
  goTo(here, false);
  if (left) (find(here, left.column) ?? entryOf(here)).focus();
}

function onCellLeft() {
  if (owed) window.htmx.trigger(document.querySelector("[data-list-search]").form, "submit");
  owed = false;
}

function paneCame(pane) {
  const here = document.querySelector("[data-list] .here");
  const shown = pane.querySelector("[data-shows]");
  if (shown?.dataset.shows !== here?.dataset.row) return;
  pane.removeAttribute("aria-busy");
  document.dispatchEvent(new CustomEvent("pane-came"));
}

function clearPane() {
  clearTimeout(waiting);
  document.querySelector("#pane").replaceChildren();
}

// Whoever moves the one here to the trash goes on at the next one.
function onSubmit(event) {
  if (!event.target.matches("[data-leaves]")) return;
  const all = rows();
  const index = all.findIndex((row) => row.classList.contains("here"));
  const next = all[index + 1] ?? all[index - 1];
  if (!next) return;
  const here = document.createElement("input");
  Object.assign(here, { type: "hidden", name: "here", value: next.dataset.row });
  event.target.append(here);
}

export function startList() {
  if (!document.querySelector("[data-list]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:beforeSwap", onComing);
  document.addEventListener("htmx:afterSwap", onSwap);
  document.addEventListener("cell-left", onCellLeft);
  document.addEventListener("htmx:load", beOneStop);
  beOneStop();
  document.querySelector("[data-list] .here")?.scrollIntoView({ block: "nearest" });
}
