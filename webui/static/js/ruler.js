// The ruler of time: arrow keys step what was done, Page keys days, Home and End go to its ends, a click to the
// nearest dot. The server draws it anew at each moment; the field beside it says which one that is.

const KEYS = {
  ArrowLeft: { step: -1 }, ArrowDown: { step: -1 }, ArrowRight: { step: 1 }, ArrowUp: { step: 1 },
  PageDown: { day: -1 }, PageUp: { day: 1 }, Home: { moment: 0 }, End: {},
};

let latest = 0;

async function move(ruler, asked, focus) {
  const mine = ++latest;
  const query = new URLSearchParams(asked);
  await window.htmx.ajax("GET", `${ruler.dataset.ruler}?${query}`, { target: "#moment", swap: "outerHTML" });
  if (mine === latest && focus) document.querySelector(focus)?.focus();
}

function onKey(event) {
  const ruler = event.target.closest?.("[data-ruler]");
  if (!ruler || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    return ruler.closest("form").requestSubmit();
  }
  const asked = KEYS[event.key];
  if (!asked) return;
  event.preventDefault();
  const from = "step" in asked || "day" in asked ? { moment: ruler.dataset.moment } : { moment: "now" };
  move(ruler, { ...from, ...asked }, "[data-ruler]");
}

function onClick(event) {
  const stepped = event.target.closest?.("[data-step]");
  const ruler = stepped?.closest("form").querySelector("[data-ruler]") ?? event.target.closest?.("[data-ruler]");
  if (!ruler || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (stepped) {
    const step = stepped.dataset.step;
    return move(ruler, { moment: ruler.dataset.moment, step }, `[data-step="${step}"]`);
  }
  const away = (dot) => Math.abs(dot.getBoundingClientRect().x + dot.r.baseVal.value - event.clientX);
  const nearest = [...ruler.querySelectorAll("[data-at]")].sort((one, other) => away(one) - away(other))[0];
  if (nearest) move(ruler, { moment: nearest.dataset.at }, "[data-ruler]");
}

export function startRuler() {
  if (!document.querySelector("[data-ruler]")) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
}
