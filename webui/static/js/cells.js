// The cells of the list: where they are, and how a row that the server has drawn anew comes into the one that stands there.

export const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")].filter((cell) => cell.checkVisibility());
export const cellAt = (element) => element.closest?.("[data-list] [data-cell]");
export const rowOf = (id) => document.querySelector(`[data-list] [data-row="${id}"]`);
export const find = (row, column) => (column && row?.querySelector(`[data-cell="${CSS.escape(column)}"]`)) || undefined;

// The browser leaves what gets the focus where it is as soon as a part of it can be seen.
export function showWhole(event) {
  cellAt(event.target)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Only what differs is replaced: whatever is clicked or has the focus meanwhile stays, and so does the tick.
export function update(id, text) {
  const row = rowOf(id);
  if (!row) return undefined;
  const holder = document.createElement("template");
  holder.innerHTML = text.trim();
  const fresh = holder.content.querySelector("tr");
  [...row.cells].forEach((cell, index) => {
    const now = fresh.cells[index];
    if (cell.matches(".tick") || !now || cell.innerHTML === now.innerHTML) return;
    cell.replaceChildren(...now.childNodes);
  });
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
  return row;
}
