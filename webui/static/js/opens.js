// Buttons that open a dialog of the page, by its id. Without script the page asks by itself. And parts of a page that
// open to be filled in: whoever opened one types at once, and no key of the page is meant.
// A button in there that sends a form of the page works only while the dialog is open: Enter in that form would press it.

function answerable(dialog, open) {
  for (const button of dialog.querySelectorAll("[data-when-open]")) button.disabled = !open;
}

const TYPED = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select, textarea";

function fillAtOnce(more) {
  more.addEventListener("toggle", () => more.querySelector(TYPED)?.focus(), { once: true });
}

export function startOpens() {
  document.addEventListener("click", (event) => {
    const more = event.target.closest("details.more > summary")?.parentElement;
    if (more && !more.open) fillAtOnce(more);
    const button = event.target.closest("[data-opens]");
    if (!button) return;
    const dialog = document.getElementById(button.dataset.opens);
    answerable(dialog, true);
    dialog.addEventListener("close", () => answerable(dialog, false), { once: true });
    dialog.showModal();
  });
  // A dialog says that it was closed only a moment later: Enter may come in between.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.submitter?.matches("[data-when-open]") && !event.submitter.closest("dialog").open) event.preventDefault();
    },
    true,
  );
}
