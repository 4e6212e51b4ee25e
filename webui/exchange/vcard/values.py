"""Values and parameters of vCards (RFC 6350 for 4.0, RFC 2426 for 3.0): texts, types, dates. Not for lines.

What a standard parameter can't say exactly stands in one of our own beside it: X-ROSTER-LABEL is a label,
X-ROSTER-TYPED what was typed. Other programs leave them alone.
"""

import functools
import re

from webui.store.values import dates, text

_CONTROLS = {code: "\ufffd" for code in (*range(32), 0x7F) if chr(code) not in "\t\n\r\0"}
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": "", "\0": "", **_CONTROLS})
# Most texts have none of them, and to look is quicker.
_escaped = re.compile(r"[\\,;\x00-\x1f\x7f]").search
_CARETED = re.compile('[\x00-\x1f\x7f"^\ud800-\udfff]')
_BARE = {**_CONTROLS, 0: "\ufffd"}
_CARETS = str.maketrans({"^": "^^", "\n": "^n", '"': "^'", "\r": "", **_BARE})
# How a label that the standard has a word for is read again.
READ = {"home": "Home", "work": "Work", "cell": "Mobile", "fax": "Fax", "pager": "Pager"}
_TYPES = {label.casefold(): known for known, label in READ.items()}
# Words that programs take for something else than a label.
_RESERVED = {
    *READ, "pref", "voice", "text", "video", "textphone", "internet", "x400", "msg", "isdn", "bbs", "modem",
    "car", "pcs", "dom", "intl", "postal", "parcel",
}  # fmt: skip


def escape(said: str) -> str:
    """Return a text as a value or a part of one (3.4)."""
    return said.translate(_ESCAPES) if _escaped(said) else said


def bare(said: str) -> str:
    """Return what has no escapes, as an address of the web: on one line."""
    if said.isprintable() and " " not in said:
        return said
    return text.one_line(text.kept(said)).translate(_BARE)


def quoted(said: str) -> str:
    """Return a text as the value of a parameter, '' for one that says nothing (3.3)."""
    said = bare(said).replace('"', "'")
    return f'"{said}"' if said else ""


def exact(name: str, said: str) -> str:
    """Return a parameter of our own, from which a text comes back as it was (RFC 6868)."""
    if _CARETED.search(said):
        said = text.kept(said, "\ufffd").translate(_CARETS)
    return f';{name}="{said}"'


@functools.lru_cache(maxsize=1_024)
def type_of(label: str | None, *, phone: bool = False) -> str:
    """Return a label as a TYPE parameter: by the names that the standard has, else as it is (5.6, 6.4.1)."""
    if not label:
        return ""
    known = _known(label, phone)
    if known:
        read = " ".join(READ[each] for each in known)
        return f";TYPE={','.join(known)}" + ("" if read == label else exact("X-ROSTER-LABEL", label))
    said = quoted(label)
    plain = said == f'"{label}"' and not {",", "^"} & set(label) and label.casefold() not in _RESERVED
    return (f";TYPE={said}" if said else "") + ("" if plain else exact("X-ROSTER-LABEL", label))


@functools.lru_cache(maxsize=1_024)
def old_type_of(label: str, *, phone: bool = False) -> str | None:
    """Return the same for 3.0, '' for none; None where the label is to stand on a line of its own, as address
    books have it."""
    known = _known(label, phone)
    return "".join(f";TYPE={each.upper()}" for each in known) if known or not label.strip() else None


@functools.lru_cache(maxsize=32_768)  # more than there are days in a life
def date(kept: str | None, typed: str | None) -> str:
    """Return a date as what stands behind the name of a property, with its colon; '' where there is none.

    A part that is unknown is left out (4.3.1); what can't be read as a date is a text.

    >>> date("--03-04", ""), date("1987-03", ""), date("1987-03-04", "4 March 1987")
    (':--0304', ':1987-03', ';X-ROSTER-TYPED="4 March 1987":19870304')
    """
    if kept and _is_date(kept):
        whole = kept.startswith("--") or kept.count("-") == 2
        said = exact("X-ROSTER-TYPED", typed) if typed and typed != kept else ""
        return f"{said}:" + (kept[:2] + kept[2:].replace("-", "") if whole else kept)
    typed = typed or kept
    return f";VALUE=text:{escape(typed)}" if typed else ""


def old_date(kept: str | None, typed: str | None) -> str:
    """Return the same for 3.0, which knows whole dates alone: a day without a year has the year 1604, as
    Apple's address book writes it.

    >>> old_date("--03-04", ""), old_date("1987-03-04", ""), old_date("1987-03", "")
    (';X-APPLE-OMIT-YEAR=1604:1604-03-04', ':1987-03-04', ';VALUE=text:1987-03')
    """
    if kept and _is_date(kept) and kept.startswith("--"):
        return f";X-APPLE-OMIT-YEAR=1604:1604{kept[1:]}"
    if kept and _is_date(kept) and kept.count("-") == 2:
        return f":{kept}"
    said = typed or kept
    return f";VALUE=text:{escape(said)}" if said else ""


def _known(label: str, phone: bool) -> list[str]:
    """Return the standard's words for a label, none where it has no word for a part of it."""
    words = label.casefold().split()
    known = [_TYPES[word] for word in words if word in _TYPES and (phone or word in ("home", "work"))]
    return known if len(known) == len(words) else []


def _is_date(kept: str) -> bool:
    try:
        dates.parts(kept)
    except ValueError:  # another program wrote it
        return False
    return True
