// The strip is fetched anew when the window gets the focus. When something was done meanwhile through another door
// (a command, a browser beside the window), so is the page, unless something is being typed there.

import { somethingOpen } from "./keys.js";

function done() {
  return document.querySelector("[data-done]")?.dataset.done;
}

function isBeingUsed() {
  return somethingOpen() || document.querySelector("form[data-changed]") || document.querySelector("[data-stays]");
}

export function startStrip() {
  const shown = done();
  if (shown === undefined) return;
  document.addEventListener("htmx:afterSettle", () => {
    if (done() !== shown && !isBeingUsed()) location.reload();
  });
}
