// Says how a date is read while it is typed, in the hint under its field.

const PAUSE = 150; // ms

function reader(input) {
  const hint = document.getElementById(`${input.id}-hint`);
  const usual = hint.textContent;
  let timer;
  let asked;

  async function read() {
    asked?.abort();
    asked = new AbortController();
    try {
      const address = new URL(input.dataset.reads, location);
      address.searchParams.set("typed", input.value);
      const answer = await fetch(address, { signal: asked.signal });
      hint.textContent = (await answer.json()).read || usual;
    } catch {
      // A newer question came, or there was no answer: saving reads it all the same.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(read, PAUSE);
  });
  if (input.value) read();
}

export function startReads(root = document) {
  root.querySelectorAll("input[data-reads]").forEach(reader);
}
