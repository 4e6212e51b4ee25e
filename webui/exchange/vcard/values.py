"""Values and parameters of vCard 4.0 (RFC 6350): escaped texts, types, dates. Not for whole lines."""

import functools

from webui.store.values import dates, text

_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": "", "\0": ""})
_TYPES = {"home": "home", "work": "work", "mobile": "cell", "fax": "fax", "pager": "pager"}


def escape(said: str) -> str:
    """Return a text as a value or a part of one (3.4)."""
    return str(said).translate(_ESCAPES)


def quoted(said: str) -> str:
    """Return a text as the value of a parameter, '' for one that says nothing (3.3)."""
    said = text.one_line(text.kept(said)).replace('"', "'")
    return f'"{said}"' if said else ""


@functools.lru_cache(maxsize=1_024)
def type_of(label: str | None, *, phone: bool = False) -> str:
    """Return a label as a TYPE parameter: by the names that the standard has, else as it is (5.6, 6.4.1)."""
    words = (label or "").casefold().split()
    known = [_TYPES[word] for word in words if word in _TYPES and (phone or word in ("home", "work"))]
    if words and len(known) == len(words):
        return f";TYPE={','.join(known)}"
    return f";TYPE={said}" if (said := quoted(label or "")) else ""


def date(kept: str | None, typed: str | None) -> str:
    """Return a date as what stands behind the name of a property, with its colon; '' where there is none.

    A part that is unknown is left out (4.3.1); what can't be read as a date is a text.

    >>> date("--03-04", ""), date("1987-03", ""), date("1987-03-04", "")
    (':--0304', ':1987-03', ':19870304')
    """
    if kept and _is_date(kept):
        whole = kept.startswith("--") or kept.count("-") == 2
        return ":" + (kept[:2] + kept[2:].replace("-", "") if whole else kept)
    typed = typed or kept
    return f";VALUE=text:{escape(typed)}" if typed else ""


def _is_date(kept: str) -> bool:
    try:
        dates.parts(kept)
    except ValueError:  # another program wrote it
        return False
    return True
