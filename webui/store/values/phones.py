"""Phone numbers: kept as typed, with the E.164 form (ITU-T) beside them where that is sure.

The numbering plans are those of phonenumberslite. Judges nothing: an odd number is still somebody's.
"""

import functools
import re

LONGEST = 80

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[\d\s()+./\-\u2010-\u2015]+")


@functools.lru_cache(maxsize=65_536)
def key(phone: str, region: str = "") -> str | None:
    """Return the E.164 form of `phone`, None where it is not sure.

    `region` (ISO 3166-1, as DE) is where a number without a country's code belongs to; '' is nowhere.
    """
    import phonenumbers  # only where a phone is at hand: its plans take a moment to load

    if not _DIGITS.search(phone):
        return None
    try:
        number = phonenumbers.parse(phone, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def digits(phone: str, known: str | None) -> str:
    """Return what a search finds a phone by: the run of its digits, and that of its E.164 form.

    Zeros in front are left out, as `sought` does.
    """
    runs = dict.fromkeys("".join(_DIGITS.findall(each)).lstrip("0") for each in (phone, known or ""))
    return " ".join(run for run in runs if run)


def dialled(phone: str) -> str:
    """Return the digits of `phone`, with the + before them that it begins with; '' without a digit."""
    run = "".join(_DIGITS.findall(phone))
    return f"+{run}" if run and phone.lstrip(" (").startswith("+") else run


def sought(query: str) -> str | None:
    """Return the run of digits that `query` asks for when it looks like part of a phone, else None.

    >>> sought("+49 (30) 123-45"), sought("030 12345"), sought("12a")
    ('493012345', '3012345', None)
    """
    if not _NUMBER.fullmatch(query):
        return None
    run = "".join(_DIGITS.findall(query)).lstrip("0")
    return run if len(run) >= 3 else None


def regions() -> list[str]:
    """Return the regions that `key` knows, by code."""
    import phonenumbers

    return sorted(phonenumbers.SUPPORTED_REGIONS)
