// Prints the page, by a button or by Ctrl P, which no engine but that of a browser knows.

export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false; // it does nothing without script, so it shows only with it
    button.addEventListener("click", () => window.print());
  }
}
