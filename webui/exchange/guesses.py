"""What kind of own field a column of a file would be, from the first cells in it."""

import re
from collections import Counter
from collections.abc import Sequence

from webui.store.values import numbers, own, text

_MOST_CHOICES = 12  # different ones in the first cells
_LONGEST_CHOICE = 40

# 2024-01-05 10:11, 01-05-24: digits enough for a phone, and none.
_DAY = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}(\D.*)?")

# 4.3., 1987-05, 05/1987, 2024-01-05, 4/3/1987, March 1987: numbers that nobody takes for those of members, of
# invoices or of a range, as 0001, 2023-1, 1/2024 and 10-12. A year is one beside others that are sure.
_DATED = re.compile(
    r"[12]\d{3}(-\d\d)?|\d\d[./-][12]\d{3}|--.*|\d{1,2}\.\s*\d{1,2}\."
    r"|(?!0\d{3})\d{1,4}\s*([-./])\s*\d{1,2}\s*\2\s*\d{1,4}\.?|.*[^\W\d_]{3}.*"
)


def guess(samples: Sequence[str]) -> own.Rule:
    """Return the kind that all of `samples` have, and what it needs to be read: text where none has."""
    given = [each.strip() for each in samples if each.strip()]
    if not given:
        return own.Rule("text")
    if _are_several(given):
        return own.Rule("choices")
    decimal = numbers.decimal_of(given) or "."
    for kind in ("yes_no", "number", "date", "email", "link", "phone"):
        rule = own.Rule(kind, decimal=decimal)
        if kind == "phone" and not all(map(_dialled, given)):
            continue
        if kind == "date" and not all(map(_DATED.fullmatch, given)):
            continue
        if kind == "number" and any(_keeps_zeros(each) or each.startswith("+") for each in given):
            continue  # a name, or a phone
        if kind == "yes_no" and not _says_either(given):
            continue
        if all(_fits(rule, each) for each in given):
            return rule
    if _is_chosen(given):
        return own.Rule("choice")
    longest = max(map(len, given))
    return own.Rule("long_text" if longest > 200 or any("\n" in each for each in given) else "text")


def _dialled(said: str) -> bool:
    return sum(map(str.isdigit, said)) >= 6 and not _DAY.fullmatch(said)


def _are_several(given: Sequence[str]) -> bool:
    """Tell whether there are several in one cell, divided as Google and our own tables do."""
    parts = [each for said in given for each in said.split(" ::: ")]
    return len(parts) > len(given) and all(len(each) <= _LONGEST_CHOICE for each in parts)


def _is_chosen(given: Sequence[str]) -> bool:
    """Tell whether texts are a few words again and again, as one of a list is."""
    said = Counter(map(text.key, given))
    return (
        len(said) <= _MOST_CHOICES
        and 2 * len(said) <= len(given)
        and all(len(each) <= _LONGEST_CHOICE and any(map(str.isalpha, each)) for each in said)
    )


def _says_either(given: Sequence[str]) -> bool:
    """Tell whether texts are yes and no rather than marks: a column of - says nothing."""
    said = set(map(str.casefold, given))
    if all(map(str.isdigit, said)):
        return said == {"0", "1"}
    return len(said) > 1 or not said <= {"x", "y", "n", "j", "-"}


def _fits(rule: own.Rule, said: str) -> bool:
    """Tell whether a text is of a kind; a day that can be two is a day all the same."""
    fault = own.read(rule, said).fault
    return fault is None or fault.id == "date.either"


def _keeps_zeros(said: str) -> bool:
    """Tell whether a text of digits is a name rather than a number: 004 is not 4."""
    return len(said) > 1 and said.startswith("0") and said.isdigit()
