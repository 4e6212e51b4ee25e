"""A page in one file: what it is written with. It fetches nothing, runs nothing, and is read in any browser.

Everything said in it goes through `said`. Not for what stands in it.
"""

import base64
import html
import re
import sqlite3
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from webui.store.values import filenames
from webui.store.values.text import shown

# Nothing may be fetched or run, also where something in it is meant to.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 3 * 256 * 1024  # bytes; whole threes, so that the base64 of pieces is that of the whole
# What turns the direction round can't get out of a box of its own: hence inline-block.
_STYLE = """
:root { color-scheme: light dark; --paper: #fdfdfd; --ink: #171e22; --soft: #51595d; --line: #dcdcda;
  --accent: #005e77; --good: #00623a; --good-soft: #e3f6ea; --sunk: #f4f4f2; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14181a; --ink: #ebebe8; --soft: #a9b1b5;
  --line: #343a3d; --accent: #7fc4d8; --good: #83cf9f; --good-soft: #14301f; --sunk: #1d2224; } }
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 15px/1.6 system-ui, sans-serif; padding: 24px;
  overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; }
h1 { font-size: 26px; line-height: 1.25; margin-bottom: 8px; }
h2 { font-size: 18px; margin: 36px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--line);
  break-after: avoid; }
h3 { font-size: 15px; margin: 18px 0 2px; break-after: avoid; }
p + p { margin-top: 8px; }
.lines p + p { margin-top: 2px; }
.soft, dt { color: var(--soft); }
.small { font-size: 13px; }
a { color: var(--accent); }
bdi, .was, .now { display: inline-block; max-width: 100%; white-space: pre-wrap;
  vertical-align: top; }
.photo { display: block; max-width: 160px; max-height: 160px; border-radius: 8px; margin: 16px 0 8px; }
dl { display: grid; grid-template-columns: 10rem minmax(0, 1fr); column-gap: 16px; }
dt, dd { padding: 3px 0; }
dd + dd { grid-column: 2; }
ul, ol { list-style: none; padding: 0; }
li { padding: 8px 0; border-bottom: 1px solid var(--line); }
.lines { font-size: 14px; margin-top: 2px; }
.was { color: var(--soft); text-decoration: line-through; }
.now { color: var(--good); background: var(--good-soft); text-decoration: none; padding: 0 3px; }
pre, .text { white-space: pre-wrap; font-size: 14px; }
pre { font-family: ui-monospace, monospace; font-size: 12.5px; background: var(--sunk); padding: 8px 12px;
  border-radius: 6px; margin-top: 4px; }
@media (max-width: 30rem) { body { padding: 16px; } dl { grid-template-columns: 1fr; }
  dt { padding-bottom: 0; } dd, dd + dd { grid-column: 1; padding-top: 0; } }
@media print { :root { color-scheme: light; --paper: #fff; } body { padding: 0; font-size: 11pt; }
  main { max-width: none; } li, dd, .photo { break-inside: avoid; } pre { border: 1px solid var(--line); } }
@page { margin: 14mm; }
"""


def said(value: object) -> str:
    """Return a text as HTML has it: nothing in it is markup, and nothing is unseen that no text has."""
    return html.escape(_UNSEEN.sub("\ufffd", shown(value).replace("\r\n", "\n").replace("\r", "\n")))


def apart(value: object) -> str:
    """Return the same on its own, whichever direction it is written in."""
    return f'<bdi dir="auto">{said(value)}</bdi>'


def text(value: object) -> str:
    """Return a text of several lines."""
    return f'<div class="text" dir="auto">{said(value)}</div>\n'


def head(title: str, language: str, style: str = "") -> str:
    """Return how a page begins, up to what stands in it; `style` is CSS that it has besides."""
    plain = "".join(letter for letter in title if letter.isprintable())
    return (
        f'<!doctype html>\n<html lang="{said(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{said(plain)}</title>\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n<main>\n"
    )


TAIL = "</main>\n</body>\n</html>\n"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a list of words and what they say, the latter as HTML; '' where there is none."""
    drawn = "".join(f"<dt>{apart(word)}</dt><dd>{what}</dd>\n" for word, what in rows if what)
    return f"<dl>\n{drawn}</dl>\n" if drawn else ""


def change(was: str, now: str) -> str:
    """Return what was and what is, as HTML."""
    found = [f'<del class="was" dir="auto">{said(was)}</del>'] if was else []
    found += [f'<ins class="now" dir="auto">{said(now)}</ins>'] if now else []
    return " → ".join(found)


def link(address: str, text: object) -> str:
    """Return a link where an address is of the web, of mail or of a phone; else the text alone."""
    try:
        kind = urlsplit(address).scheme
    except ValueError:
        kind = ""
    if kind not in ("http", "https", "mailto", "tel") or not address.isprintable():
        return apart(text)
    return f'<a href="{said(address)}" rel="noopener noreferrer">{apart(text)}</a>'


def mail(address: object) -> str:
    """Return an e-mail as a link to write to it."""
    return link(f"mailto:{quote(shown(address), safe='@')}", address)


def image(data: Iterator[bytes], media_type: str, alternative: str) -> Iterator[bytes]:
    """Yield a picture out of its bytes."""
    yield f'<img class="photo" alt="{said(alternative)}" src="data:{media_type};base64,'.encode()
    yield from data
    yield b'">\n'


def download(data: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Yield a link that saves the bytes that are in it. They are never shown: they may be anything."""
    plain = said(filenames.plain(name) or "file")
    yield f'<a download="{plain}" href="data:application/octet-stream;base64,'.encode()
    yield from data
    yield f'">{apart(name)}</a>'.encode()


def embedded(connection: sqlite3.Connection, table: str, column: str, row: int) -> Iterator[bytes]:
    """Yield the base64 of a value, piece by piece: memory never holds all of a large one."""
    with connection.blobopen(table, column, row, readonly=True) as blob:
        while piece := blob.read(_CHUNK):
            yield base64.b64encode(piece)
