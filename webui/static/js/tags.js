// Completes the tag that is being typed, behind the commas before it, by the browser's own list.

const PAUSE = 80; // ms

function completer(input) {
  const list = document.getElementById(input.getAttribute("list"));
  let timer;
  let asked;

  async function complete() {
    asked?.abort();
    asked = new AbortController();
    const typed = input.value;
    const before = typed.slice(0, typed.lastIndexOf(",") + 1);
    const query = new URLSearchParams({ typed: typed.slice(before.length) });
    try {
      const answer = await fetch(`${input.dataset.tags}?${query}`, { signal: asked.signal });
      const { tags } = await answer.json();
      const there = new Set(before.split(",").map((tag) => tag.trim().toLowerCase()));
      const further = tags.filter((tag) => !there.has(tag.toLowerCase()));
      list.replaceChildren(...further.map((tag) => new Option("", `${before}${before && " "}${tag}`)));
    } catch {
      // A newer question came, or there was no answer: what is typed is a tag all the same.
    }
  }

  for (const event of ["input", "focus"]) {
    input.addEventListener(event, () => {
      clearTimeout(timer);
      timer = setTimeout(complete, PAUSE);
    });
  }
}

export function startTags() {
  document.querySelectorAll("input[data-tags]").forEach(completer);
}
