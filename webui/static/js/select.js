// Selecting people in the list: Space, Shift and the arrows, all of the view. The ticks are plain checkboxes of the
// bar's form, so that one can tick and go on without any of this.
import { combination, somethingOpen } from "./keys.js";
import { goTo, inReach, rows } from "./list.js";

const STEPS = { "Shift+ArrowDown": 1, "Shift+ArrowUp": -1 };

let ticked = 0;
let waits = false;
let last; // the tick that was set last: Shift and a click reach from there

const bar = () => document.querySelector("[data-bulk]");
const shown = () => document.querySelector("[data-tick-shown]");
const every = () => bar().elements.namedItem("all");
const ticks = () => [...document.querySelectorAll("[data-list] .tick input[name=id]")];

function update() {
  if (!bar()) return;
  const all = ticks();
  if (every()?.checked) for (const tick of all) tick.checked = true; // also those who came while one scrolled on
  const count = all.filter((tick) => tick.checked).length;
  if (count !== ticked) document.dispatchEvent(new CustomEvent("ticked", { bubbles: true })); // the foot adds up anew
  ticked = count;
  const said = bar().querySelector("[data-selected]");
  const number = every()?.checked ? bar().dataset.total : count.toLocaleString(document.documentElement.lang);
  said.textContent = said.dataset.selected.replace("{}", number);
  bar().querySelector("fieldset").disabled = count === 0; // their keys belong to the one in the pane then
  if (!shown()) return;
  shown().hidden = false; // it does nothing without script
  shown().checked = count > 0 && count === all.length;
  shown().indeterminate = count > 0 && count < all.length;
}

// An answer brings several parts of the page, and each of them is told by itself.
function updateOnce() {
  if (!waits) queueMicrotask(() => { waits = false; update(); });
  waits = true;
}

function set(some, on) {
  for (const tick of some) tick.checked = on;
  if (!on && every()) every().checked = false;
  update();
}

function onChange({ target }) {
  if (target === shown()) return set(ticks(), target.checked);
  if (target.matches(".tick input[name=id]")) set([target], target.checked);
  else if (bar()?.contains(target)) update();
}

function onClick(event) {
  if (!event.target.matches(".tick input[name=id]")) return;
  const all = ticks();
  const from = all.indexOf(last);
  const to = all.indexOf(event.target);
  if (event.shiftKey && from >= 0) {
    set(all.slice(Math.min(from, to), Math.max(from, to) + 1), event.target.checked);
  }
  last = event.target;
}

// Who was ticked is so again when what would change was looked at and left.
function remember({ target }) {
  if (target !== bar()) return;
  const ids = ticks().filter((tick) => tick.checked).map((tick) => tick.value);
  const ticked = { ids, all: every()?.checked ?? false, path: location.pathname };
  sessionStorage.setItem("ticked", JSON.stringify(ticked));
}

function onLeave(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // opens it elsewhere
  if (!event.target.closest?.("[data-back-to-ticks]")) return;
  for (const name of ["left", "acted"]) sessionStorage.setItem(name, "1");
}

function recall() {
  if (!sessionStorage.getItem("left")) return;
  const { ids = [], all, path } = JSON.parse(sessionStorage.getItem("ticked") ?? "{}");
  sessionStorage.removeItem("left");
  const there = new Set(ticks().map((tick) => tick.value));
  if (path !== location.pathname || !ids.every((id) => all || there.has(id))) return; // never fewer than they were
  if (every()) every().checked = all;
  for (const tick of ticks()) tick.checked = all || ids.includes(tick.value);
}

const tickOf = (row) => row?.querySelector(".tick input");

function extend(step) {
  const all = rows();
  const index = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(Math.max(index + step, 0), all.length - 1)];
  if (!next) return;
  set([tickOf(all[index] ?? next), tickOf(next)], true);
  goTo(next, true);
}

function onKey(event) {
  if (event.defaultPrevented || somethingOpen() || !bar() || event.target.matches("[data-list-search]")) return;
  if (!inReach(event)) return;
  const keys = combination(event);
  const here = tickOf(document.querySelector("[data-list] .here"));
  if (keys in STEPS) extend(STEPS[keys]);
  else if (keys === "Control+A") {
    if (every()) every().checked = true;
    set(ticks(), true);
  } else if (keys === " " && here && !event.target.closest("button, input, summary")) {
    set([here], !here.checked);
    last = here;
  } else {
    if (keys === "T" && here && document.querySelector("[aria-keyshortcuts=T]") && !ticks().some((tick) => tick.checked)) set([here], true); // the tag is for the one here
    return;
  }
  event.preventDefault();
}

export function startSelect() {
  document.addEventListener("click", onLeave);
  if (!bar()) return;
  document.addEventListener("submit", remember);
  recall();
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  document.addEventListener("reset", (event) => event.target === bar() && setTimeout(update));
  for (const event of ["htmx:load", "htmx:oobAfterSwap", "htmx:afterSettle"]) document.addEventListener(event, updateOnce);
  window.addEventListener("pageshow", update); // going back brings the ticks back
  update();
}
