"""Numbers as people write them: 1.234,50 and 1,234.50, 1 234, 1'234, -12; kept as a plain decimal text.

What could be two (1,234) is the one that the caller's sign before fractions makes of it.
"""

import math
import re
from collections.abc import Iterable
from decimal import Decimal

LONGEST = 60
_MOST_DIGITS = 40
_WRITTEN = re.compile(r"([-+−]?)([0-9][0-9.,' \u00a0\u202f’]*|[.,][0-9]+)")
_SPACES = re.compile("[' \u00a0\u202f’]")
_GROUPED = re.compile(r"\d{1,3}(?:[' \u00a0\u202f’]\d{3})*(?:[.,][\d.,]*)?|\d+(?:[.,][\d.,]*)?|[.,]\d+")


def parse(said: str, decimal: str = ".") -> str | None:
    """Return a number as a plain decimal text with the fractions it was written with, None where it is none.

    `decimal` ("." or ",") decides what could be two numbers.

    >>> parse("1.234,50"), parse("1,234.50"), parse("1,234"), parse("1,234", ","), parse("-0.5 ")
    ('1234.50', '1234.50', '1234', '1.234', '-0.5')
    """
    match = _WRITTEN.fullmatch(said.strip())
    if not match or not _GROUPED.fullmatch(match[2]):
        return None
    digits = _SPACES.sub("", match[2])
    mark = _sign(digits)
    if mark is None:
        return None
    if mark == "?":
        mark = decimal
    whole, _mark, fraction = digits.partition(mark) if mark else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(len(each) == 3 for each in groups[1:])):
        return None
    plain = "".join(groups)
    if (plain + fraction and not (plain + fraction).isdecimal()) or len(plain + fraction) > _MOST_DIGITS:
        return None
    plain = (plain.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
    return f"-{plain}" if match[1] in ("-", "−") and plain.strip("0.") else plain


def canonical(written: str) -> str:
    """Return what `parse` gave in the one form that equal numbers have: without zeros at its end."""
    return written.rstrip("0").rstrip(".") if "." in written else written


def decimal_of(samples: Iterable[str]) -> str | None:
    """Return the sign before fractions in the first sample that can be read one way alone, else None."""
    for each in samples:
        if (match := _WRITTEN.fullmatch(each.strip())) and (mark := _sign(match[2])) in (".", ","):
            return mark
    return None


def as_json(value: str) -> int | float | str:
    """Return a number for JSON; the text itself where JSON's numbers can't say it."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value
    found = int(value) if "." not in value and len(value) <= 15 else float(value)
    return found if of_json(found) == value else value


def of_json(given: int | float) -> str:
    """Return a number of JSON as a plain decimal text; what is no number stays a word."""
    if isinstance(given, float) and not math.isfinite(given):
        return str(given)
    return str(given) if isinstance(given, int) else format(Decimal(repr(given)), "f")


def _sign(digits: str) -> str | None:
    """Return which sign stands before the fractions: one of them, '' for no fractions, ? where it could be
    either, None where the signs contradict each other."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        last = "." if digits.rfind(".") > digits.rfind(",") else ","
        return last if digits.count(last) == 1 else None
    if not dots and not commas:
        return ""
    mark = "." if dots else ","
    if digits.count(mark) > 1:
        return ""
    before, _mark, after = digits.partition(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0"):
        return "?"
    return mark
