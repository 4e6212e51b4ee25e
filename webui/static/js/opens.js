// Buttons that open a dialog of the page, by its id. Without script the page asks by itself.

export function startOpens() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]");
    if (button) document.getElementById(button.dataset.opens).showModal();
  });
}
