// Says how a date is read while it is typed, in the hint under its field; what was wrong before is no longer said then.

const PAUSE = 150; // ms

function reader(input) {
  const hint = document.getElementById(`${input.id}-hint`);
  const usual = hint.textContent;
  let timer;
  let asked;

  function mark(wrong) {
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  // Half of a date is no fault while it is typed: what can't be read is told once the field is left.
  async function read(how) {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    try {
      const address = new URL(input.dataset.reads, location);
      address.searchParams.set("typed", input.value);
      const answer = await fetch(address, { signal: asked.signal });
      const { read: said, fault } = await answer.json();
      const told = how === "left" ? fault : "";
      hint.textContent = said || told || usual;
      if (!how) return;
      const before = document.getElementById(`${input.id}-error`);
      if (before) before.hidden = Boolean(said || told);
      mark(told || (before && !said));
    } catch {
      // A newer question came, or there was no answer: saving reads it all the same.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE, "typed");
  });
  input.addEventListener("change", () => read("left"));
  if (input.value) read();
}

export function startReads(root = document) {
  root.querySelectorAll("input[data-reads]").forEach(reader);
}
