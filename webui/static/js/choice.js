// Typing in the list of choices of a cell, as in its other fields: all that was typed picks the choice that is called so, or
// begins so, however fast it comes. What no choice begins with is for the server to read, and to refuse.

const typed = new WeakMap(); // field -> what was typed in it

const lower = (text) => text.normalize("NFC").toLowerCase();
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// As it stands comes before what looks alike, and the first choice, which says nothing, last.
function called(field, text) {
  const [nothing, ...options] = [...field.options].filter((option) => !("typed" in option.dataset));
  const wanted = text.trimEnd();
  const is = (as) => (each) => as(each.text) === as(wanted);
  const begins = (as) => (each) => as(each.text).startsWith(as(wanted));
  for (const fits of [is(lower), begins(lower), is(folded), begins(folded)]) {
    const found = options.find(fits);
    if (found) return found;
  }
  return is(lower)(nothing) ? nothing : undefined;
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

// Space opens the list, and Backspace does nothing, until something was typed.
export function isTyped(field, key) {
  return field.matches("select") && (key.length === 1 || key === "Backspace") && (![" ", "Backspace"].includes(key) || Boolean(typed.get(field)));
}

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

// Writes a letter as it comes from the keyboard.
export function writeIn(field, text) {
  if (isTyped(field, text)) typeIn(field, text);
  else put(field, text);
}

// Goes on behind what was refused.
export function goOnBehind(field) {
  if (!field.matches("select")) field.setSelectionRange?.(field.value.length, field.value.length);
  else if (field.selectedOptions[0]?.matches("[data-typed]")) typed.set(field, field.value);
}

// Whoever chooses otherwise begins anew.
export function startChoices() {
  document.addEventListener("change", (event) => typed.delete(event.target));
}
