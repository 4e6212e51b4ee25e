"""What templates and static files must not hold: foreign addresses, inline parts, untranslated words.

Read with the Jinja parts taken out. Vendored files, under a folder `vendor`, are not ours to keep in style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

# A scheme with a host, or an address that begins with two slashes inside quotes or brackets.
FOREIGN = re.compile(r"""(?:\b(?:https?|wss?|ftp)://|["'(=]\s*//)[\w-]+(?:\.[\w-]+)+[^\s"'<>)]*""")
NAMESPACE = "http://www.w3.org/"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_LANGUAGE = {"code", "kbd", "script", "style", "samp"}
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "hx-confirm", "data-confirm"}
NAMES = {"Roster"}
WORD = re.compile(r"[^\W\d_]{2,}")


def templates(root: Path) -> Iterator[Path]:
    """The HTML templates of the checkout."""
    yield from sorted((root / "webui" / "templates").rglob("*.html"))


def statics(root: Path) -> Iterator[Path]:
    """Our own style sheets, scripts and drawings."""
    for path in sorted((root / "webui" / "static").rglob("*")):
        if path.suffix in (".css", ".js", ".svg", ".html") and "vendor" not in path.parts:
            yield path


def plain(source: str) -> str:
    """A template without its Jinja parts, line numbers kept; translated blocks go with their text."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n")

    source = re.sub(r"\{#.*?#\}", blank, source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", blank, source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", blank, source, flags=re.DOTALL)


def foreign_addresses(root: Path) -> list[str]:
    """Addresses that leave the machine; the namespaces of XML are names, nothing is fetched from them."""
    complaints = []
    for path in [*templates(root), *statics(root)]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for match in FOREIGN.finditer(line):
                if not match.group().startswith(NAMESPACE):
                    complaints.append(f"{path.relative_to(root)}:{number} {match.group()}")
    return complaints


class _Reader(HTMLParser):
    """Collects what is inline and what is said without translation in one template."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.bare: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(tag)
        names = {name for name, _ in attrs}
        line = self.getpos()[0]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.inline.append(f"{line} <{tag}>")
        for name, value in attrs:
            if (
                name == "style"
                or re.match(r"on[a-z]|hx-on", name)
                or (value or "").strip().startswith("javascript:")
            ):
                self.inline.append(f"{line} {name}")
            if name in SPOKEN:
                self._listen(value or "", line)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not NOT_LANGUAGE.intersection(self._open):
            # a macro may give attributes alone, which stand outside of any tag
            text = re.sub(r"""[\w-]+=("[^"]*"|'[^']*')""", "", data)
            # and a block may give a class alone, in one plain word
            if self._open or not re.fullmatch(r"\s*[a-z-]+\s*", text):
                self._listen(text, self.getpos()[0])

    def _listen(self, text: str, line: int) -> None:
        words = [word for word in WORD.findall(text) if word not in NAMES]
        if words:
            self.bare.append(f"{line} {' '.join(words[:5])}")


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(plain(path.read_text(encoding="utf-8")))
    reader.close()
    return reader


def inline_parts(root: Path) -> list[str]:
    """Script and style written into a page, in elements, attributes or addresses: the CSP refuses them."""
    return [f"{path.relative_to(root)}:{part}" for path in templates(root) for part in _read(path).inline]


def bare_words(root: Path) -> list[str]:
    """Words a person would read that do not go through gettext, in text and in spoken attributes."""
    return [f"{path.relative_to(root)}:{part}" for path in templates(root) for part in _read(path).bare]
