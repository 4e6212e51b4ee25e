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

// The arrows move in a menu as in a list; `around` goes on at its other end.
export function step(event, menu, around = false, stopAt = "a, button, input:not([type=hidden])") {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !by) return;
  const stops = [...menu.querySelectorAll(stopAt)].filter((each) => each.checkVisibility());
  const next = stops.indexOf(document.activeElement) + by;
  stops[around ? (next + stops.length) % stops.length : next]?.focus();
  event.preventDefault();
}

// Whoever tabs on is behind it, and would not see where.
function leave(event) {
  const menu = event.target.closest?.("[data-placed]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.hidePopover();
}

export function startMenus() {
  document.addEventListener("beforetoggle", place, true); // it does not bubble
  document.addEventListener("keydown", (event) => step(event, event.target.closest?.("[data-placed]"), true));
  document.addEventListener("focusout", leave);
}
