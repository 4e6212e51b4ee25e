// Filters: a chip edits the text in the search box, and the menu writes into it.
// The page works without: chips and the menu's entries are links to the search they make.

import { step } from "./menus.js";

function box() {
  return document.querySelector("[data-list-search]");
}

function searchFor(query) {
  box().value = query;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
}

function select(chip) {
  box().focus();
  box().setSelectionRange(Number(chip.dataset.start), Number(chip.dataset.end));
}

async function openMenu(link) {
  const menu = document.querySelector("[data-filter-menu][popover]");
  await window.htmx.ajax("GET", link.href, { source: menu, target: menu, swap: "innerHTML" });
  menu.showPopover();
  focusFirst(menu);
}

// htmx looks at what came a little later: until then Enter would follow a link of the menu to a page of its own.
function focusFirst(menu) {
  window.htmx.process(menu);
  (menu.querySelector("[autofocus]") ?? menu.querySelector("a"))?.focus();
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || !box()) return;
  const link = event.target.closest("[data-search-for], [data-filter-open]");
  const chip = event.target.closest("[data-chip]");
  if (chip) select(chip);
  if (!link) return;
  event.preventDefault();
  if (link.matches("[data-search-for]")) searchFor(link.dataset.searchFor);
  else openMenu(link);
}

// From the box the arrows go to what is offered: its button is Enter.
function onKey(event) {
  step(event, event.target.closest("[data-filter-menu][popover]"), false, "a, input:not([type=hidden])");
}

// A view keeps what is in the box now.
function onSubmit(event) {
  if (!event.target.matches("[data-save-view]")) return;
  event.target.elements.q.value = box().value;
}

// With script a chip's words are a button that selects them in the box.
function withScript() {
  for (const part of document.querySelectorAll("#filters [data-with-script]")) part.hidden = false;
  for (const part of document.querySelectorAll("#filters [data-without-script]")) part.hidden = true;
}

export function startFilters() {
  if (!box()) return;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:load", withScript);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.matches("[data-filter-menu]:popover-open")) focusFirst(event.target);
  });
  withScript();
}
