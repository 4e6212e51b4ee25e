// Typing in the list of choices of a cell, as in its other fields: all that was typed picks the choice that is called so, or
// begins so, however fast it comes. What no choice begins with is for the server to read, and to refuse.

const typed = new WeakMap(); // field -> what was typed in it

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function called(field, text) {
  const options = [...field.options].filter((option) => option.value && !("typed" in option.dataset));
  const wanted = folded(text.trimEnd());
  return options.find((each) => folded(each.text) === wanted) ?? options.find((each) => folded(each.text).startsWith(wanted));
}

function write(field, text) {
  typed.set(field, text);
  field.querySelector("[data-typed]")?.remove();
  let found = text ? called(field, text) : field.options[0]; // the first says nothing
  if (!found) {
    found = new Option(text, text);
    found.dataset.typed = "";
    field.add(found);
  }
  found.selected = true;
}

export const isTyped = (field, key) => field.matches("select") && (key.length === 1 ? key !== " " || typed.has(field) : key === "Backspace" && typed.has(field));

// Takes a letter, or Backspace, as it comes from the keyboard.
export function typeIn(field, key) {
  const before = typed.get(field) ?? "";
  write(field, key === "Backspace" ? before.slice(0, -1) : before + key);
}

// A value that a list does not offer is for the server to read: "bass " may be one of it.
export function put(field, value) {
  if (field.matches("select") && ![...field.options].some((option) => option.value === value)) field.add(new Option(value, value));
  field.value = value;
  field.setSelectionRange?.(value.length, value.length);
}

// Writes a letter behind what was typed, and anything else in its place.
export function writeIn(field, text) {
  if (isTyped(field, text)) typeIn(field, text);
  else put(field, text);
}

// Whoever chooses otherwise begins anew.
export function startChoices() {
  document.addEventListener("change", (event) => typed.delete(event.target));
}
