"""A phone as a file says it: without what nobody sees in it, apart from others in its cell and from the word
that says which it is, and told of where a spreadsheet rounded it.

Not for its key, nor for what else a person has several of: see `details`.
"""

import re

from webui.exchange import headers
from webui.store.errors import Message
from webui.store.values import person, text
from webui.store.values.phones import EXTENSION

_ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?E\+\d{1,2}", re.IGNORECASE)  # 4,93171E+11: its last digits are gone

_SINGLE = re.compile(r"[\d\s()+.-]*")  # nearly all there are
_INSIDE = rf"{EXTENSION}(?![^\W\d_])"  # stays behind its number
_SURE = re.compile(rf":::|\n|;\s(?!\s{{0,3}}{_INSIDE})", re.IGNORECASE)
# How people put one phone behind another, where what stands between is one each. A comma with a digit close
# behind it, other than 0, is a pause while dialling.
_BETWEEN = re.compile(
    rf"\s*(?:;|,(?=[\s+(0]|[^\W\d]))\s*+(?!{_INSIDE})|\s*\|\s*|\s+/\s+|/(?=[+0])|\s+(?:&|or|and|oder|und|eller|och|ou|et)\s+",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_NUMBER = rf"[+(]{{0,2}}\d(?:[\s()./\u2010-\u2015-]*\d){{5,19}}(?:[;,]?\s*{EXTENSION}\.?\s*\d{{1,6}})?"
_WORDS = r"[^\W\d_][^\d:;,()/<>]{0,39}?"
_ONE = re.compile(
    rf"(?:(?P<before>{_WORDS})\s*[.:]*\s*)?(?P<phone>{_NUMBER})\s*(?:\((?P<said>{_WORDS})\)|(?P<behind>{_WORDS}))?",
    re.IGNORECASE,
)
# Digits: in 038231 / 123456 those of a town stand before it, and +1 555 123 4567, 123456 ends with a code.
_LEAST_BESIDE = 7
_LONG = 11
_CODES = {"pin", "code", "kod", "kode", "koodi", "id", "zugang", "zugangscode", "passcode", "codigo"}
_LONGEST = 500


def plain(cell: str, warnings: list[Message]) -> str:
    """Return a phone on one line, and warn of one that is none any more."""
    said = text.bare(cell)
    if _ROUNDED.fullmatch(said):
        warnings.append(Message("row.no_phone", {"phone": said}))
    return said


def several(cell: str, told: str = "") -> list[tuple[str, str]]:
    """Return label and phone of each in a cell of someone's sheet, under a header that says `told`."""
    if _SINGLE.fullmatch(cell) and "\n" not in cell:
        return [(told, cell)]
    found = []
    for part in filter(str.strip, _SURE.split(cell)):
        for label, phone in apart(text.one_line(part)) or [("", part)]:
            both = f"{told} {label}" if told and label not in ("", told) else label or told
            found.append((both, phone) if len(both) <= person.LONGEST_LABEL else (told, f"{label} {phone}"))
    return found


def apart(said: str) -> list[tuple[str, str]]:
    """Return label and phone of each in a line, `Mobile 070-123 45 67, work: 046 12 34 56`.

    [] where a part of it is anything else, or all of it is one phone with no word beside it.
    """
    if _SINGLE.fullmatch(said):
        return []
    parts = [part for part in _BETWEEN.split(said) if part] if len(said) <= _LONGEST else []
    matches = [match for part in parts if (match := _ONE.fullmatch(part))]
    digits = [len(_DIGIT.findall(match["phone"])) for match in matches]
    least = _LEAST_BESIDE if "/" in said or max(digits, default=0) >= _LONG else 0
    found = [(_label(match), match["phone"].strip()) for match in matches]
    if len(matches) < len(parts) or min(digits, default=0) < least or found == [("", said)]:
        return []
    are_labels = all(
        len(label) <= person.LONGEST_LABEL and headers.key(label) not in _CODES for label, _ in found
    )
    return found if are_labels else []


def _label(match: re.Match[str]) -> str:
    """Return what the words beside a phone say; those for any phone say nothing."""
    words = [match[name].strip(" .") for name in ("before", "said", "behind") if match[name]]
    known = [headers.LABELS.get(headers.key(word), word) for word in words]
    return " ".join(word for word in known if headers.UNLABELLED.get(headers.key(word)) != "phone")
