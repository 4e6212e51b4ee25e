// After what was done from a list, or left undone, the keyboard is in it again and not at the beginning of the page.
// That it was left says select.js.

import { entryOf } from "./list.js";

function onSubmit(event) {
  if (event.target.method === "post") sessionStorage.setItem("acted", "1");
}

function arrive() {
  const acted = sessionStorage.getItem("acted");
  sessionStorage.removeItem("acted");
  const list = document.querySelector("[data-list]");
  // What asks for the focus by itself may get it only after this.
  const asks = [...document.querySelectorAll("[autofocus]")].some((each) => each.checkVisibility());
  if (!acted || !list || asks || document.activeElement !== document.body) return;
  const row = list.querySelector(".here") ?? list.querySelector("[data-row]");
  if (row) return entryOf(row).focus();
  const heading = document.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
}

export function startArrival() {
  document.addEventListener("submit", onSubmit);
  arrive();
}
