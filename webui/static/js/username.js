// Suggests a username while the name is typed, until the person writes one of their own.

const PAUSE = 150; // ms

function suggester(form) {
  const username = form.elements.username;
  const sources = ["given", "family", "email"].map((name) => form.elements[name]).filter(Boolean);
  let own = username.value !== "";
  let timer;
  let asked;

  async function suggest() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams(sources.map((input) => [input.name, input.value]));
    try {
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { signal: asked.signal });
      const { username: free } = await answer.json();
      if (!own) username.value = free;
    } catch {
      // A newer question came, or there was no answer: the field stays as it is, to be written by hand.
    }
  }

  username.addEventListener("input", () => (own = username.value !== ""));
  for (const input of sources) {
    input.addEventListener("input", () => {
      if (own) return;
      clearTimeout(timer);
      timer = setTimeout(suggest, PAUSE);
    });
  }
}

export function startUsername() {
  document.querySelectorAll("form[data-suggest]").forEach(suggester);
}
