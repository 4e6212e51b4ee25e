// Says how a date is read while it is typed, in the hint under its field; what was wrong before is no longer said then.

const PAUSE = 150; // ms

function reader(input) {
  const hint = document.getElementById(`${input.id}-hint`);
  const usual = hint.textContent;
  let timer;
  let asked;

  function wrong(is) {
    const error = document.getElementById(`${input.id}-error`);
    if (!error) return;
    error.hidden = !is;
    if (is) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  async function read(typing) {
    asked?.abort();
    asked = new AbortController();
    try {
      const address = new URL(input.dataset.reads, location);
      address.searchParams.set("typed", input.value);
      const answer = await fetch(address, { signal: asked.signal });
      const { read: said } = await answer.json();
      hint.textContent = said || usual;
      if (typing) wrong(!said);
    } catch {
      // A newer question came, or there was no answer: saving reads it all the same.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE, true);
  });
  if (input.value) read(false);
}

export function startReads(root = document) {
  root.querySelectorAll("input[data-reads]").forEach(reader);
}
