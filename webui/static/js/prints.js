// Prints the page by a button; Ctrl P is with the other keys.

export function startPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}
