// A toast leaves after a while, but not while someone reads or reaches for it.
// What it offers stays in the strip.

const STAYS = 8000; // ms

function leaveLater(toast) {
  let timer;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), STAYS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

export function say(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = sentence;
  document.querySelector("[data-toasts]").append(toast);
  leaveLater(toast);
  return toast;
}

// What a key stands for that can't be done on this page: said once, however often it is pressed.
function onClick({ target }) {
  const says = target.closest?.("[data-says]")?.dataset.says;
  if (!says) return;
  for (const toast of document.querySelectorAll("[data-toasts] [data-said]")) toast.remove();
  say(says).dataset.said = "";
}

// A part of the page did not come (the program is closing, the file is busy): say so instead of standing still.
function sayFailed(region) {
  if (region.querySelector("[data-failure]")) return;
  say(region.dataset.failed).dataset.failure = "";
}

export function startToasts() {
  const region = document.querySelector("[data-toasts]");
  const toasts = [...(region?.children ?? [])];
  // A live region is read aloud when its content changes, not when it is there from the start.
  region?.replaceChildren();
  requestAnimationFrame(() => {
    region?.append(...toasts);
    toasts.forEach(leaveLater);
  });
  if (!region) return;
  document.addEventListener("click", onClick);
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, () => sayFailed(region));
  }
}
