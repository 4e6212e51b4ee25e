// Completes the tag or the person that is being typed, behind the commas before it, by the browser's own list.

const PAUSE = 80; // ms

// A name with a comma stands in quotes, as the server takes it apart.
function quoted(tag) {
  return tag.includes(",") || tag.startsWith('"') ? `"${tag.replaceAll('"', '""')}"` : tag;
}

// What stands before the name that is being typed: up to the last comma outside quotes.
function begun(typed) {
  return typed.match(/^(?:\s*(?:"(?:[^"]|"")*"|[^",][^,]*)?,)*/)[0];
}

// What the answer offers: [value, what is said of it].
function offered({ tags = [], people = [] }) {
  return [...tags.map((tag) => [quoted(tag), ""]), ...people.map(({ username, name }) => [quoted(username), name])];
}

function completer(input) {
  const list = document.getElementById(input.getAttribute("list"));
  const address = input.dataset.tags ?? input.dataset.people;
  let timer;
  let asked;

  async function complete() {
    asked?.abort();
    asked = new AbortController();
    const typed = input.value;
    const before = begun(typed);
    const query = new URLSearchParams({ typed: typed.slice(before.length).replaceAll('"', "") });
    try {
      const answer = await fetch(`${address}?${query}`, { signal: asked.signal });
      const there = new Set(before.split(",").map((each) => each.trim().toLowerCase()));
      const further = offered(await answer.json()).filter(([value]) => !there.has(value.toLowerCase()));
      list.replaceChildren(...further.map(([value, said]) => new Option(said, `${before}${before && " "}${value}`)));
    } catch {
      // A newer question came, or there was no answer: what is typed counts all the same.
    }
  }

  for (const event of ["input", "focus"]) {
    input.addEventListener(event, () => {
      clearTimeout(timer);
      timer = setTimeout(complete, PAUSE);
    });
  }
}

export function startCompletion(root = document) {
  root.querySelectorAll("input[data-tags], input[data-people]").forEach(completer);
}
