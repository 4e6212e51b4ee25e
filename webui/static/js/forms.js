// Forms: the summary of faults takes focus, rows can be added, and what was typed is not left without a question.

import { startReads } from "./reads.js";

let added = 0; // rows, each with ids of its own

function watch(form) {
  form.addEventListener("input", () => (form.dataset.changed = ""));
}

// A row more from the <template> beside the rows; the server also draws an empty one for pages without script.
function addRow(button, event) {
  event.preventDefault();
  const rows = button.closest("[data-rows]");
  const row = rows.querySelector("template").content.cloneNode(true);
  for (const hidden of row.querySelectorAll("[data-with-script]")) hidden.hidden = false;
  added += 1;
  for (const name of ["id", "aria-describedby"]) {
    for (const each of row.querySelectorAll(`[${name}]`)) each.setAttribute(name, each.getAttribute(name).replace("-new", `-new${added}`));
  }
  button.parentElement.before(row);
  const there = button.parentElement.previousElementSibling;
  startReads(there);
  there.querySelector("input:not([name$=-label])").focus(); // the value itself
  button.form.dataset.changed = "";
}

function removeRow(button) {
  const row = button.closest("[data-row-of]");
  const next = row.nextElementSibling;
  row.closest("form").dataset.changed = "";
  row.remove();
  (next?.querySelector("input") ?? next)?.focus();
}

// "Free: mara" in the sentence under a field puts that value into the field.
function fill(button, event) {
  event.preventDefault();
  const input = document.getElementById(button.dataset.fill);
  input.value = button.value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-add-row]")) addRow(button, event);
  else if (button.matches("[data-remove-row]")) removeRow(button);
  else if (button.matches("[data-fill]")) fill(button, event);
}

// One choice for all that are alike; what it can't be for stays as it was.
function chooseForAll(event) {
  if (!event.target.closest("[data-for-all]")) return;
  for (const each of event.target.form.querySelectorAll(`[type=radio][value=${event.target.value}]`)) each.checked = true;
}

// A form that can be left as a draft is, and stands there again as it was. Files are chosen anew.
async function leave(form, go) {
  if (!form.matches("[data-draft]")) return ask(form, go);
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  body.set("draft", "1");
  try {
    if (!(await fetch(location.pathname, { method: "POST", body })).ok) return ask(form, go);
  } catch {
    return ask(form, go);
  }
  form.removeAttribute("data-changed");
  go();
}

// Leaving a page with something typed asks first, since no undo brings it back.
function ask(form, go) {
  const dialog = document.getElementById("leaving");
  dialog.querySelector("[data-leave]").onclick = () => {
    form.removeAttribute("data-changed");
    go();
  };
  dialog.showModal();
}

function onLink(event) {
  const form = document.querySelector("form[data-changed]");
  const link = event.target.closest("a[href]");
  if (!form || !link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  if (link.target === "_blank" || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  leave(form, () => location.assign(link.href));
}

// Another form's button, as Undo in the strip, leaves the page too.
function onSubmit(event) {
  const form = document.querySelector("form[data-changed]");
  const other = event.target;
  if (!form || other === form || other.method === "dialog" || other.matches("[hx-get], [hx-post]")) return;
  event.preventDefault();
  leave(form, () => other.requestSubmit(event.submitter));
}

// Forms within `root`, which htmx has put into the page, as a post that is changed in its place.
export function prepareForms(root) {
  root.querySelectorAll("form[data-watch]").forEach(watch);
  for (const hidden of root.querySelectorAll("[data-with-script]")) hidden.hidden = false;
  root.querySelector("[autofocus]")?.focus();
}

// What was answered at a row, or in a form, comes back to it: the focus stays where the answer is now. The browser goes to
// the row in a first frame of its own, and takes the focus away from whatever else had it.
function comeBack() {
  const place = document.querySelector("tr:target, form:target");
  if (!place) return;
  place.tabIndex = -1;
  (place.querySelector("button[aria-pressed=true]") ?? place).focus();
}

export function startForms() {
  document.addEventListener("click", onLink);
  document.addEventListener("submit", onSubmit);
  document.querySelectorAll("form[data-watch]").forEach(watch);
  document.querySelector("[data-summary]")?.focus();
  addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(comeBack)));
  document.addEventListener("click", onClick);
  document.addEventListener("change", chooseForAll);
  // These do nothing without script, so they show only with it.
  for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;
}
