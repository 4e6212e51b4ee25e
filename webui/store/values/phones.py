"""Phone numbers: kept as typed, with the E.164 form (ITU-T) beside them where that is sure.

The numbering plans are those of phonenumberslite. Judges nothing: an odd number is still somebody's.
"""

import functools
import re

LONGEST = 80

_DIGITS = re.compile(r"\d+")
EXTENSION = r"(?:ext|x|#|dw|durchwahl)"  # a word before what is called from inside a house
# That, and what is keyed in once a call is answered.
_BEHIND = re.compile(
    rf"[,;#]|\s*(?<![^\W\d_]){EXTENSION}\.?\s*(?=\d)|(?<=\d{{2}})\s?/\s?\d{{1,3}}$", re.IGNORECASE
)
_MOST_DIGITS = 15  # of E.164
_NUMBER = re.compile(r"[\d\s()+./\-\u2010-\u2015]+")
_PLAIN = re.compile(r"\+[0-9 ()./-]{3,60}")  # no extension, no letters that stand for digits


@functools.lru_cache(maxsize=4_096)
def key(phone: str, region: str = "") -> str | None:
    """Return the E.164 form of `phone`, None where it is not sure.

    `region` (ISO 3166-1, as DE) is where a number without a country's code belongs to; '' is nowhere.
    """
    if _PLAIN.fullmatch(phone):
        return _international(phone, region)
    return _parsed(phone, region) if _DIGITS.search(phone) else None


def _international(phone: str, region: str) -> str | None:
    """Return what `_parsed` does, sooner: an import asks for a hundred thousand of these.

    After a plus and with digits alone there is nothing to look for but the country's code. Whatever its
    plan takes away from the number, or may, is left to `_parsed`.
    """
    import phonenumbers  # only where a phone is at hand: its plans take a moment to load

    run, codes = "".join(_DIGITS.findall(phone)), _codes()
    code = run[:1] if run[:1] in codes else run[:2] if run[:2] in codes else run[:3]
    if code not in codes:
        return _parsed(phone, region) if region else None
    prefix, number = _taken_away(code), run[len(code) :]
    if number[:1] in ("", "0") or not 2 <= len(number) <= 15 or (prefix and prefix.match(number)):
        return _parsed(phone, region)
    known = phonenumbers.is_valid_number(phonenumbers.PhoneNumber(int(code), int(number)))
    return f"+{run}" if known else None


def _parsed(phone: str, region: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(phone, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@functools.cache
def _codes() -> frozenset[str]:
    import phonenumbers

    return frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


@functools.cache
def _taken_away(code: str) -> re.Pattern[str] | None:
    """Return what the plan of a country's code may take from the front of a number, None for nothing."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(int(code))
    plan = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
    prefix = plan.national_prefix_for_parsing if plan else None
    return re.compile(prefix) if prefix else None


def digits(phone: str, known: str | None) -> str:
    """Return what a search finds a phone by: the run of its digits, and that of its E.164 form.

    Zeros in front are left out, as `sought` does.
    """
    run = "".join(_DIGITS.findall(phone)).lstrip("0")
    if not known:
        return run
    runs = dict.fromkeys((run, "".join(_DIGITS.findall(known)).lstrip("0")))
    return " ".join(filter(None, runs))


def dialled(phone: str) -> str:
    """Return the digits of `phone`, with the + before them that it begins with; '' without a digit."""
    run = "".join(_DIGITS.findall(phone))
    return f"+{run}" if run and phone.lstrip(" (").startswith("+") else run


def link(phone: str) -> str:
    """Return what a tel: link of `phone` dials: without its extension and what is keyed in after a pause; ''
    where that is no number, or more than one.

    >>> link("+46 46 12 34 56 ext. 9"), link("030 1234567/68"), link("046 12 34 56 / 070 123 45 67")
    ('+4646123456', '0301234567', '')
    """
    number = dialled(_BEHIND.split(phone.removeprefix("tel:"), maxsplit=1)[0])
    return "" if len(number.lstrip("+")) > _MOST_DIGITS or phone.count("+") > 1 else number


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
