// The window never leaves Roster: links to elsewhere open outside, a dropped file opens nothing.

function elsewhere(link) {
  return link.href !== "" && new URL(link.href, location.href).origin !== location.origin;
}

function onClick(event) {
  const link = event.target.closest("a[href]");
  if (!link || !elsewhere(link)) return;
  link.target = "_blank";
  link.relList.add("noopener", "noreferrer");
}

function onDrag(event) {
  if (!event.target.closest?.("[data-drop], input, textarea")) event.preventDefault();
}

export function startLinks() {
  document.addEventListener("click", onClick, { capture: true });
  document.addEventListener("auxclick", onClick, { capture: true });
  document.addEventListener("dragover", onDrag);
  document.addEventListener("drop", onDrag);
}
