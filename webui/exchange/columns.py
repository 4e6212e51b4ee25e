"""Whose header this is, and where each column goes: by names, never by positions.

Not for the values of a row: `people` reads those with what is decided here.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from webui.exchange import headers, relations
from webui.store.errors import Message, Refused
from webui.store.values.text import fold

# Where a column can go: to a field of one value, to a list, to a part of a date or an address; or nowhere,
# then it stays with the person, as the row it came in.
SINGLE = (
    "full_name", "given", "family", "prefix", "additional", "suffix", "display_name", "nickname", "username",
    "organisation", "department", "job_title", "birthday", "birth_year", "birth_month", "birth_day",
)  # fmt: skip
SEVERAL = (
    "email", "phone", "address", *relations.PARTS, "link", "handle", "date", "phonetic", "tags", "note",
    "post",
)  # fmt: skip
FIELDS = (*SINGLE, *SEVERAL)
CHOICES = (*FIELDS, "kept")
HERE, NEW = "own:", "new:"  # before the uid of an own field, before the kind of one that is to be made
# Never chosen by hand.
_BY_RULE = ("file_as", "email_label", "email_type", "detail_label", "uid", "photos", "guard", "ignored")
_MANY = (*SEVERAL, "kept", "email_label", "email_type", "detail_label", "photos", "ignored")

_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+")
_NUMBER = re.compile(r"[-+]?[\d.,\s%$€()]*\d[\d.,\s%$€()]*")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}.*|--\d\d-?\d\d")
_FEW = 3  # cells that may be somebody: a name, and one or two words about them
_EITHER = re.compile("TRUE|FALSE")  # as spreadsheets write it
_PHONE = re.compile(r"(tel:)?[+(]?\d[\d\s()./-]{5,}\d")
_LOOKS = (("email", _EMAIL), ("date", _DATE), ("phone", _PHONE), ("number", _NUMBER), ("either", _EITHER))


@dataclass(frozen=True)
class Column:
    """A column of a file: `index` from 0, its header, its target, and why: name, content, person or none.

    `partner` is the column whose cell is the label of what is in this one, or says which type it has;
    `label` what the header itself says, as Work. Parts of one address have the same `group`.
    """

    index: int
    name: str
    target: str
    by: str
    partner: int | None = None
    label: str = ""
    group: str = ""


def is_header(cells: Sequence[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Tell whether a row is a header: no cell looks like data, and some cell is a known name; or all are
    different words, and the rows `below` hold numbers, days or e-mails where this one has a word."""
    said = [cell.strip() for cell in cells if cell.strip()]
    if any(looks_like(cell) for cell in said):
        return False
    if any(known(cell) for cell in said):
        return True
    if not below and len(said) > _FEW:  # nothing says who any of it would be
        return True
    if len(said) < max(2, len(cells)) or len(set(said)) < len(said):
        return False
    kinds = (_kind([row[index] for row in below if index < len(row)]) for index in range(len(cells)))
    return any(kind not in ("text", "empty") for kind in kinds)


def known(cell: str) -> bool:
    """Tell whether a cell is the name of a column that we know."""
    return _target(headers.key(cell)) is not None


def looks_like(cell: str) -> str | None:
    """Return what kind of data a cell looks like: email, date, phone, number, either; else None."""
    cell = cell.strip()
    return next((kind for kind, pattern in _LOOKS if pattern.fullmatch(cell)), None)


_SOME_OF_OURS = {"username", "guarded"}  # of an export of some columns


def program(header: Sequence[str]) -> str:
    """Return which program wrote a header: google, google-old, outlook, ...; plain for any other."""
    names = {headers.key(name) for name in header}
    if names >= _SOME_OF_OURS and headers.REASON not in names:
        return "roster"
    return next((found for found, wanted in headers.PROGRAMS if wanted <= names), "plain")


def as_typed(program: str, columns: Sequence[Column]) -> bool:
    """Tell whether the days in a file stand as they were typed here: it is ours, and was not sent to someone
    to be edited."""
    return program == "roster" and not any(headers.SENT.fullmatch(headers.key(each.name)) for each in columns)


def by_name(header: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> list[Column]:
    """Return where each column of a header goes. The first `rows` say whether Name, beside one part of it, is
    the other."""
    wrote, found = program(header), []
    has_position = not {"job title", "position"}.isdisjoint(map(headers.key, header))
    for index, name in enumerate(header):
        key = headers.key(name)
        outlook = wrote.startswith("outlook")
        if outlook and key in ("title", "anrede"):
            target: str | None = "prefix"
        elif key == "title" and has_position:
            target = None  # of the name then, if anything: Dr. beside a position
        elif outlook and _target(key) == "email_label":  # SMTP or EX, no label
            target = "email_type"
        elif wrote == "roster" and key == "dates":
            target = "date"
        elif wrote == "google-old" and key == "occupation":  # beside the title of an organisation
            target = None
        else:
            target = _target(key)
        found.append(Column(index, name, target or "kept", "name" if target else "none"))
    return _parted(_settle(found), rows)


def by_content(rows: Sequence[Sequence[str]]) -> list[Column]:
    """Return where the columns of a file without a header go, judged by its first rows."""
    width = max((len(row) for row in rows), default=0)
    kinds = [_kind([row[index] for row in rows if index < len(row)]) for index in range(width)]
    texts = [index for index, kind in enumerate(kinds) if kind == "text"][:3]
    names = dict(zip(texts, _name_targets(rows, texts), strict=False))
    found = []
    for index, kind in enumerate(kinds):
        if kind == "phone" and not any(_is_phone(row[index]) for row in rows if index < len(row)):
            kind = "text"  # a number of a member, or a day without its marks
        target = names.get(index) or (kind if kind in ("email", "phone") else "kept")
        found.append(Column(index, "", target, "none" if target == "kept" else "content"))
    return _settle(found)


def chosen(columns: Sequence[Column], choices: Sequence[str]) -> list[Column]:
    """Return the columns with the targets a person chose, one a column; what is by rule stays.

    Which own fields there are is not known here. Raises Refused for a target there is not, and when two
    columns are to be the same single field.
    """
    found = []
    for column, choice in zip(columns, choices, strict=True):
        if column.target in _BY_RULE or choice == column.target:
            found.append(column)
        elif choice in CHOICES or choice.startswith((HERE, NEW)):
            found.append(replace(column, target=choice, by="person"))
        else:
            raise Refused(Message("import.no_such_field", {"field": choice}))
    counts = Counter(column.target for column in found if column.target in SINGLE)
    if twice := [target for target, count in counts.items() if count > 1]:
        raise Refused(Message("import.field_twice", {"field": twice[0]}))
    return relations.related(found)


def _target(key: str) -> str | None:
    if key in headers.NAMES:
        return headers.NAMES[key]
    numbered = next((target for pattern, target in headers.NUMBERED if pattern.fullmatch(key)), None)
    return numbered or relations.target(key)


def _settle(columns: list[Column]) -> list[Column]:
    """Let a field that takes one column have the first; a second of that name stays with the person, and so
    does a state that is part of no address."""
    seen: set[str] = set()
    found = []
    targets = {column.target for column in columns}
    # Thunderbird's own word for the day, in German, is that for the whole birthday.
    is_day = {"birth_year", "birth_month"} <= targets and "birth_day" not in targets
    numbers = relations.numbers(columns)
    for column in columns:
        target = column.target
        if target == "extra" and relations.last_number(column.name) in numbers:
            target = "street"  # of another address, which has its own city
        if len(parts := targets & {"given", "family"}) == 1 and target in parts:
            target = "full_name" if headers.key(column.name) in headers.WHOLE_WHEN_ALONE else target
        if target == "region" and targets.isdisjoint({"address", "street", "city", "postal_code"}):
            target = "kept"
        if target == "birthday" and is_day:
            target = "birth_day"
        if target in seen and target not in _MANY:
            target = "kept"
        seen.add(target)
        found.append(replace(column, target=target, by=column.by if target != "kept" else "none"))
    return relations.related(found)


def _parted(columns: list[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Let a name beside the only part of it that has a column be the other part, where in most `rows` it does
    not hold that as well."""
    at = {column.target: column for column in reversed(columns)}
    whole, missing = at.get("full_name"), {"given", "family"} - at.keys()
    if whole is None or len(missing) != 1 or headers.key(whole.name) not in headers.PART_BESIDE_PART:
        return columns
    [other], part = missing, at["family" if "given" in missing else "given"].index
    said = [
        tuple(set(fold(row[index]).split()) for index in (part, whole.index))
        for row in rows
        if len(row) > max(part, whole.index) and row[part].strip() and row[whole.index].strip()
    ]
    if not said or 2 * sum(one <= both for one, both in said) >= len(said):
        return columns
    return [replace(each, target=other, by="content") if each is whole else each for each in columns]


def _kind(cells: Sequence[str]) -> str:
    """Return what most of the cells that say something look like: email, phone, ..., text, or empty."""
    said = [looks_like(cell) or "text" for cell in cells if cell.strip()]
    return Counter(said).most_common(1)[0][0] if said else "empty"


def _is_phone(cell: str) -> bool:
    """Tell whether digits are certainly a phone's: written as only phones are."""
    return cell.strip().startswith(("0", "+", "(")) or not set(" /-").isdisjoint(cell.strip())


def _name_targets(rows: Sequence[Sequence[str]], texts: Sequence[int]) -> Sequence[str]:
    """Return what the first columns of text are: a whole name, two parts of it, or all three."""
    if len(texts) < 2:
        return ("full_name",)
    first, *others = texts
    for row in rows:
        whole = row[first].split() if first < len(row) else []
        parts = [row[index] for index in others if index < len(row)]
        if len(parts) == 2 and whole and " ".join(whole) == " ".join(" ".join(parts).split()):
            return ("display_name", "given", "family")
    if any(len(row[first].split()) > 1 for row in rows if first < len(row)):
        return ("full_name",)
    return ("given", "family")
