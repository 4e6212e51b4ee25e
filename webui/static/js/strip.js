// The strip is fetched anew when the window gets the focus. When something was done meanwhile through another door
// (a command, a browser beside the window), so is the page, unless something is being typed there. Someone who was
// forgotten completely counts as that, though it is no step of undo.

import { somethingOpen } from "./keys.js";

function done() {
  return document.querySelector("[data-done]")?.dataset.done;
}

function isBeingUsed() {
  return somethingOpen() || document.querySelector("form[data-changed]") || document.querySelector("[data-stays]");
}

const known = new Set(); // what the page has shown or done itself
let last; // of that, what it did last

// Keeps what the page itself has done, as the answer to it says, and shows it; whatever else waits for an answer.
export function did(said) {
  last = said;
  known.add(said);
  const strip = document.querySelector("[data-done]");
  if (!strip) return;
  window.htmx.ajax("GET", strip.getAttribute("hx-get"), { source: strip, target: strip, swap: "outerHTML" }).catch(() => {});
}

// What is written from the page says what that knew of.
export function knownLast() {
  return last ?? "";
}

export function startStrip() {
  last = done();
  if (last === undefined) return;
  known.add(last);
  document.addEventListener("htmx:afterSettle", () => {
    if (!known.has(done()) && !isBeingUsed()) location.reload();
  });
}
