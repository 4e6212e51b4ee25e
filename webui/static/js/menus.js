// Puts a menu below the button that opens it, as far as there is room beside; without script it stands where the
// stylesheet says.

const GAP = 4; // pixels

function place(event) {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches("[data-placed]")) return;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  const room = width - (parseFloat(getComputedStyle(menu).width) || 0) - GAP;
  menu.style.insetBlockStart = `${button.bottom + GAP}px`;
  menu.style.insetInlineEnd = `${Math.max(GAP, Math.min(width - button.right, room))}px`;
}

export function startMenus() {
  document.addEventListener("beforetoggle", place, true); // it does not bubble
}
