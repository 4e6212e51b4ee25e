// The ruler of time: arrow keys step what was done, Page keys days, Home and End go to its ends, a click to the
// nearest dot. The server draws it anew at each moment; the field beside it says which one that is.

const KEYS = {
  ArrowLeft: { step: -1 }, ArrowDown: { step: -1 }, ArrowRight: { step: 1 }, ArrowUp: { step: 1 },
  PageDown: { day: -1 }, PageUp: { day: 1 }, Home: { moment: 0 }, End: {},
};

const ruler = () => document.querySelector("[data-ruler]");

// One after the other: a key that is pressed before the answer to the last one came goes on from there.
let moving = Promise.resolve();

function move(asked, focus) {
  moving = moving.then(async () => {
    const from = "step" in asked || "day" in asked ? { moment: ruler().dataset.moment } : { moment: "now" };
    const query = new URLSearchParams({ ...from, ...asked });
    await window.htmx.ajax("GET", `${ruler().dataset.ruler}?${query}`, { source: "#moment", target: "#moment", swap: "outerHTML" });
    document.querySelector(focus)?.focus();
  });
}

function onKey(event) {
  if (!event.target.closest?.("[data-ruler]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const asked = KEYS[event.key];
  if (!asked && event.key !== "Enter") return;
  event.preventDefault();
  if (asked) move(asked, "[data-ruler]");
  else moving = moving.then(() => ruler().closest("form").requestSubmit());
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const step = event.target.closest?.("[data-step]")?.dataset.step;
  if (!step && !event.target.closest?.("[data-ruler]")) return;
  event.preventDefault();
  if (step) return move({ step }, `[data-step="${step}"]`);
  const away = (dot) => Math.abs(dot.getBoundingClientRect().x + dot.r.baseVal.value - event.clientX);
  const nearest = [...ruler().querySelectorAll("[data-at]")].sort((one, other) => away(one) - away(other))[0];
  if (nearest) move({ moment: nearest.dataset.at }, "[data-ruler]");
}

export function startRuler() {
  if (!ruler()) return;
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
}
