"""Text as people write it, and the forms in which it is compared, searched and sorted.

Not for display: what is shown is always what was typed.
"""

import functools
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator

import pyuca

# Letters that NFKD leaves whole though readers type them without the stroke.
_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_SPACES = re.compile(r"\s+")
# A NUL ends a text for SQLite's own functions; half of a surrogate pair is no letter and can't be encoded.
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
# Nobody sees them, and most files have no way to say them. What is white space among them is treated as such.
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Nor these, of no width, or of the direction of what follows: programs put them around what is copied.
_JOINERS = "\u200c\u200d"
_ALONE = f"\u200b{_JOINERS}\u200e\u200f\ufeff"
_OPENING, _CLOSING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"  # halves of pairs
_UNSEEN = _ALONE + _OPENING + _CLOSING
_ANY_UNSEEN, _OPENS, _CLOSES = (re.compile(f"[{each}]") for each in (_UNSEEN, _OPENING, _CLOSING))
_VIRAMA = 9  # the class of the signs behind which a joiner is a part of the letter, as in Malayalam
_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def keepable(text: str) -> bool:
    """Tell whether each character of `text` can be kept: no NUL, no half of a surrogate pair."""
    return text.isprintable() or not _UNKEEPABLE.search(text)


def kept(text: str, instead: str = "") -> str:
    """Return `text` with `instead` for each character that can't be kept."""
    return _UNKEEPABLE.sub(instead, text)


def stored(value: object) -> str | None:
    """Return what a column of texts holds as a text that can be shown, None where it is NULL.

    Another program may have left bytes or a number there, or a character that can't be kept.
    """
    if value is None or (type(value) is str and "\0" not in value):  # nearly all there are
        return value
    read = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return kept(read, "\ufffd") if "\0" in read else read


def all_stored(values: Iterable[object]) -> list[str | None]:
    """Return the same of each."""
    return [
        value if value is None or (type(value) is str and "\0" not in value) else stored(value)
        for value in values
    ]


def shown(value: object) -> str:
    """Return the same, '' for NULL."""
    return stored(value) or ""


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters, and at its ends without spaces and what nobody
    sees."""
    said = " ".join(text.split())
    return said if said.isprintable() else _ended(" ".join(_CONTROLS.sub("", said).split()))


def _ended(said: str) -> str:
    """Return a text without what nobody sees at its ends. Within it stays: Persian and Hindi are written with
    joiners, and of a pair that turns the direction neither half goes without the other."""
    found = said.strip(f" {_UNSEEN}")
    if len(_OPENS.findall(found)) != len(_CLOSES.findall(found)):
        found = said.strip(f" {_ALONE}")
    behind = said[said.find(found) + len(found) :][:1]
    if behind and behind in _JOINERS and found and unicodedata.combining(found[-1]) == _VIRAMA:
        return found + behind
    return found


def bare(text: str) -> str:
    """Return a phone or an e-mail on one line without anything that nobody sees."""
    said = one_line(text)
    return said if said.isprintable() else one_line(_ANY_UNSEEN.sub("", said))


def lines(text: str) -> str:
    """Return `text` with line ends as newlines, no white space at its end and no control characters."""
    return (text if text.isprintable() else _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))).rstrip()


def key(text: str) -> str:
    """Return the form in which two texts are the same "without case" (Unicode NFKC, casefold).

    >>> key("Åsa") == key("åSA")
    True
    """
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def fold(text: str) -> str:
    """Return `text` as a search compares it: no case, no accents, ligatures taken apart.

    Both what is indexed and what is typed go through here, so zoe finds Zoë and strasse Straße.
    """
    return text.lower() if text.isascii() else text.translate(_folded)


class _Folded(dict[int, str]):
    """What each letter folds to, kept once it is known: folding looks at letters one by one."""

    def __missing__(self, letter: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(letter).casefold().translate(_LETTERS))
        # Taken apart, a letter without case may have one: № is No.
        self[letter] = "".join(each for each in apart if not unicodedata.combining(each)).casefold()
        return self[letter]


_folded = _Folded()


@functools.cache
def _collator() -> pyuca.Collator:
    return pyuca.Collator()


# What its table says of these, so that whoever seeks or writes nothing else need not wait until it is read.
_PLAIN = dict(zip(" -.'0123456789", (0x209, 0x20D, 0x277, 0x305, *range(0x1C3D, 0x1C47)), strict=True))
_PLAIN |= zip(
    "abcdefghijklmnopqrstuvwxyz",
    (0x1C47, 0x1C60, 0x1C7A, 0x1C8F, 0x1CAA, 0x1CE5, 0x1CF4, 0x1D18, 0x1D32, 0x1D4C, 0x1D65, 0x1D77, 0x1DAA,
     0x1DB9, 0x1DDD, 0x1E0C, 0x1E21, 0x1E33, 0x1E71, 0x1E95, 0x1EB5, 0x1EE3, 0x1EF5, 0x1EFF, 0x1F0B, 0x1F21),
    strict=True,
)  # fmt: skip


@functools.lru_cache(maxsize=65_536)
def _word_weights(word: str) -> tuple[bytes, bytes, bytes]:
    """Return the weights of a word on each of the three levels: letters, accents, case."""
    if word.isascii() and _PLAIN.keys() >= set(word.lower()):
        first = b"".join([_PLAIN[letter].to_bytes(2) for letter in word.lower()])
        third = b"".join([b"\0\x08" if letter.isupper() else b"\0\x02" for letter in word])
        return first, b"\0\x20" * len(word), third
    elements = _collator().collation_elements(unicodedata.normalize("NFD", word))
    levels = ([element[level] for element in elements if element[level]] for level in range(3))
    first, second, third = (struct.pack(f">{len(weights)}H", *weights) for weights in levels)
    return first, second, third


def sort_key(text: str) -> bytes:
    """Return bytes that sort names as a reader expects (UTS #10, root locale): Å with A, Ł with L.

    Weights are 16 bits each, big end first; the key is cut at 200 weights. Words are weighed one by
    one, since names share them: no weight depends on what is beyond a space.
    """
    words = [_word_weights(word) for word in one_line(text).split(" ")]
    between = _word_weights(" ")
    levels = (between[level].join([word[level] for word in words]) for level in range(3))
    return b"\0\0".join([*levels, b""])[:400]


def sort_span(text: str) -> tuple[bytes, bytes]:
    """Return from where on, and up to where, the sort keys lie that begin with the letters of `text`."""
    words = [_word_weights(word)[0] for word in one_line(text).split(" ")]
    begin = _word_weights(" ")[0].join(words)
    return begin, begin + b"\xff\xff"  # no letter weighs that much


def words(text: str) -> list[str]:
    """Return the folded words of a search box, at most 12 (more add nothing a person would notice)."""
    return [word for word in _SPACES.split(fold(kept(text, " ")).strip()) if word][:12]


def spans(shown: str, sought: list[str]) -> list[tuple[int, int]]:
    """Return where the folded words `sought` occur in `shown`, as (start, end), in order, not overlapping."""
    folded = fold(shown)
    if not any(word in folded for word in sought):
        return []
    found = sorted((at, at + len(word)) for word in sought if word for at in _places(folded, word))
    if not shown.isascii():  # folded, a letter may be two, or none
        origin = [position for position, letter in enumerate(shown) for _piece in fold(letter)]
        found = [(origin[start], origin[end - 1] + 1) for start, end in found]
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _places(folded: str, word: str) -> Iterator[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + len(word))
