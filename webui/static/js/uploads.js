// Files that are dropped or pasted go where a file input takes them: at once, or shown until the form is saved.
// Without script the input and its button do the same.

const MOST = 200_000_000; // bytes that are sent at once; far more is refused before anything could say why

function take(input, files) {
  const kept = new DataTransfer();
  for (const file of input.multiple ? files : [...files].slice(0, 1)) kept.items.add(file);
  if (kept.files.length === 0) return;
  input.files = kept.files;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// What was chosen stands in the place of the face. As data: the policy of the page lets no other address in.
function show(input) {
  const [file] = input.files;
  const face = input.closest("[data-drop]").querySelector(".face");
  if (!file?.type.startsWith("image/")) return;
  const reader = new FileReader();
  reader.onload = () => {
    const shown = new Image();
    Object.assign(shown, { className: face.className, alt: "", src: reader.result });
    face.replaceWith(shown);
  };
  reader.readAsDataURL(file);
}

function isTooMuch(input) {
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
  if (size <= MOST) return false;
  input.closest("details")?.setAttribute("open", "");
  input.value = "";
  input.setCustomValidity(input.dataset.tooMuch);
  input.reportValidity();
  input.setCustomValidity("");
  return true;
}

function onChange({ target }) {
  if (!target.matches?.("[data-takes-files]") || target.files.length === 0 || isTooMuch(target)) return;
  if (target.dataset.takesFiles === "send") target.form.requestSubmit();
  else show(target);
}

// A place may name the input that its files are for: the whole page takes what is to be imported.
function inputOf(place) {
  return place?.dataset.drop ? document.getElementById(place.dataset.drop) : place?.querySelector("[data-takes-files]");
}

function onDrag(event) {
  const place = event.target.closest?.("[data-drop]");
  for (const other of document.querySelectorAll("[data-drop].over")) if (other !== place) other.classList.remove("over");
  if (!inputOf(place) || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  place.classList.add("over");
}

function onDrop(event) {
  const place = event.target.closest?.("[data-drop]");
  place?.classList.remove("over");
  if (!inputOf(place)) return;
  event.preventDefault();
  take(inputOf(place), event.dataTransfer.files);
}

// A picture that is pasted is a photo; words that are pasted stay words, also where a picture comes with them.
function onPaste(event) {
  const input = document.querySelector("input[data-pasted]");
  const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
  if (!input || pictures.length === 0 || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  take(input, pictures);
}

// The panel of the photo is left as a menu is: by Escape, or by a click beside it.
function leavePanel(event) {
  const panel = document.querySelector(".photo[open]");
  if (!panel || (event.type === "keydown" ? event.key !== "Escape" : panel.contains(event.target))) return;
  panel.open = false;
  if (event.type !== "keydown") return;
  event.preventDefault();
  panel.querySelector("summary").focus();
}

export function startUploads() {
  document.addEventListener("keydown", leavePanel, { capture: true });
  document.addEventListener("click", leavePanel);
  // What is chosen goes out at once, so there is nothing to press.
  for (const needless of document.querySelectorAll("[data-without-script]")) needless.hidden = true;
  document.addEventListener("change", onChange);
  document.addEventListener("dragover", onDrag);
  document.addEventListener("dragleave", onDrag);
  document.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste);
}
