// What a spreadsheet has on the clipboard goes to the server, which shows what it would change.
import { cellsOf } from "./cells.js";
import { rows } from "./list.js";

// Filled is what one sees: the columns and the rows that are drawn, from this cell on.
export function fill(cell, pasted) {
  const bar = document.querySelector(".filterbar");
  const row = cell.closest("tr");
  const values = [["q", bar.elements.q.value], ["sort", bar.elements.sort?.value ?? ""], ["pasted", pasted]];
  const all = rows();
  const ids = all.slice(all.indexOf(row)).map((each) => each.dataset.row);
  const columns = cellsOf(row);
  for (const each of columns.slice(columns.indexOf(cell))) values.push(["column", each.dataset.cell]);
  values.push(["ids", ids.join(",")]);
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: document.querySelector("[data-list]").dataset.list });
  for (const [name, value] of values) {
    const field = document.createElement("textarea"); // an input would lose the ends of lines
    Object.assign(field, { name, value, hidden: true });
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
