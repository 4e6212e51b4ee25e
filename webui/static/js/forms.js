// Forms: the summary of faults takes focus, rows can be added, and a changed form says so (keys.js asks).

function watch(form) {
  form.addEventListener("input", () => (form.dataset.changed = ""));
}

// A row more from the <template> beside the rows; the server also draws an empty one for pages without script.
function addRow(button, event) {
  event.preventDefault();
  const rows = button.closest("[data-rows]");
  const row = rows.querySelector("template").content.cloneNode(true);
  for (const hidden of row.querySelectorAll("[data-with-script]")) hidden.hidden = false;
  for (const input of row.querySelectorAll("[id]")) input.removeAttribute("id");
  button.parentElement.before(row);
  button.parentElement.previousElementSibling.querySelector("input").focus();
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

export function startForms() {
  document.querySelectorAll("form[data-watch]").forEach(watch);
  document.querySelector("[data-summary]")?.focus();
  document.addEventListener("click", onClick);
  // These do nothing without script, so they show only with it.
  for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;
}
