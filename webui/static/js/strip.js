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

let shown; // what the page knows of, "..." while it asks for what it has done itself

export async function refreshStrip() {
  const strip = document.querySelector("[data-done]");
  if (!strip) return;
  shown = "...";
  await window.htmx.ajax("GET", strip.getAttribute("hx-get"), { target: strip, swap: "outerHTML" });
  shown = done();
}

// What the page knows to have been done last: what is written from it says so.
export function known() {
  return done() ?? "";
}

export function startStrip() {
  shown = done();
  if (shown === undefined) return;
  document.addEventListener("htmx:afterSettle", () => {
    if (shown !== "..." && done() !== shown && !isBeingUsed()) location.reload();
  });
}
