// Columns: the menu over the list, and the edges of heads that one can drag. Without script the menu is a page of its own,
// where widths are numbers.

const NARROWEST = 4; // rem, as the server's
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
const menu = () => document.querySelector("[data-columns-menu]");
const heads = () => [...document.querySelectorAll("[data-list] th[data-sizes]")].filter((head) => head.checkVisibility());

async function open(link) {
  await window.htmx.ajax("GET", link.href, { source: menu(), target: menu(), swap: "innerHTML" });
  menu().showPopover();
  menu().querySelector("input[type=checkbox]")?.focus();
}

// A row changes places in the form; only the button at its foot keeps that.
function move(button) {
  const row = button.closest("[data-column]");
  if (button.name === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  button.focus();
}

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("[data-columns-open]");
  const button = event.target.closest("[data-columns] button:is([name=up], [name=down])");
  if (event.target.closest("[data-edge]")) event.preventDefault(); // the end of a drag is no click on the head
  if (!link && !button) return;
  event.preventDefault();
  if (link) open(link);
  else move(button);
}

// While one edge is dragged all columns stand as they are: only then is one of them as wide as it is drawn.
function onPointerDown(event) {
  const edge = event.target.closest("[data-edge]");
  if (!edge || event.button !== 0) return;
  event.preventDefault();
  const shown = heads();
  const head = edge.closest("th");
  const table = head.closest("table");
  const rows = new Map(shown.map((each) => [each, each.offsetWidth / rem()]));
  for (const [each, width] of rows) each.style.inlineSize = `${width}rem`;
  const others = table.offsetWidth / rem() - [...rows.values()].reduce((sum, width) => sum + width, 0);
  const fit = () => {
    const whole = [...rows.values()].reduce((sum, width) => sum + width, others);
    table.style.minInlineSize = table.style.inlineSize = `${whole}rem`;
  };
  const from = event.clientX;
  const way = getComputedStyle(table).direction === "rtl" ? -1 : 1;
  const began = rows.get(head);
  const drag = (moved) => {
    rows.set(head, Math.max(NARROWEST, began + (way * (moved.clientX - from)) / rem()));
    head.style.inlineSize = `${rows.get(head)}rem`;
    fit();
  };
  edge.setPointerCapture(event.pointerId);
  edge.addEventListener("pointermove", drag);
  edge.addEventListener("lostpointercapture", () => {
    edge.removeEventListener("pointermove", drag);
    if (rows.get(head) !== began) keep(rows);
  }, { once: true });
}

async function keep(widths) {
  const form = new FormData();
  for (const [head, width] of widths) form.append(head.dataset.sizes, width.toFixed(2));
  const answer = await fetch(document.querySelector("[data-columns-open]").dataset.columnsOpen, { method: "POST", body: form });
  if (!answer.ok) return;
  document.querySelector("#column-widths").href = await answer.text();
}

function addEdges() {
  for (const head of document.querySelectorAll("[data-list] th[data-sizes]")) {
    if (head.querySelector("[data-edge]")) continue;
    const edge = document.createElement("span");
    edge.className = "edge";
    edge.dataset.edge = "";
    head.append(edge);
  }
}

export function startColumns() {
  if (!document.querySelector("[data-list]")) return;
  document.addEventListener("click", onClick);
  document.addEventListener("pointerdown", onPointerDown);
  document.addEventListener("htmx:load", addEdges);
  addEdges();
}
