"""The page that shows where each column of a file goes, and lets a person send it elsewhere."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask_babel import lazy_gettext as _l

from webui import words
from webui.exchange import columns, csv_file, encodings, importing
from webui.pages.drafts import Draft
from webui.store.errors import Message

SAMPLES = 3
ENCODINGS = (
    "utf-8", "utf-16-le", "cp1252", "cp1250", "cp1251", "iso8859-2", "mac-roman", "cp932", "gb18030",
)  # fmt: skip
TARGETS = {
    "full_name": _l("Name, first and last"),
    "given": _l("First name"),
    "family": _l("Last name"),
    "prefix": _l("Prefix"),
    "additional": _l("Middle name"),
    "suffix": _l("Suffix"),
    "display_name": _l("Shown as"),
    "nickname": _l("Nickname"),
    "username": _l("Username"),
    "email": _l("E-mail"),
    "tags": _l("Tags"),
    "note": _l("Note"),
    "organisation": _l("Organisation (stays with the person)"),
    "phone": _l("Phone (stays with the person)"),
    "kept": _l("No field yet (stays with the person)"),
}
# What goes by rule and is not chosen by hand.
RULED = {
    "file_as": _l("Shown as, without another name"),
    "email_label": _l("What kind of e-mail it is"),
    "email_type": _l("What kind of e-mail it is"),
    "uid": _l("Who it is, in Roster"),
    "guard": _l("Left out"),
    "ignored": _l("Left out"),
}
_DELIMITERS = {",": _l("Comma"), ";": _l("Semicolon"), "\t": _l("Tab"), "|": _l("Vertical line")}


def page(draft: Draft, fault: Message | None = None, choices: Sequence[str] | None = None) -> str:
    """Return the page, with `choices` kept where a fault stands in their way. Raises Refused."""
    sheet, found = importing.look(draft.file, draft.options)
    choices = choices or [column.target for column in found]
    samples = [_samples(sheet, index) for index in range(len(found))]
    return render_template(
        "imports/columns.html",
        draft=draft,
        columns=list(zip(found, choices, samples, strict=True)),
        known=sum(1 for column in found if column.target in columns.FIELDS),
        program=columns.program(sheet.header),
        targets=TARGETS,
        ruled=RULED,
        read={"encoding": sheet.encoding, "delimiter": sheet.delimiter, "header": bool(sheet.header)},
        encodings=[(codec, encodings.name(codec)) for codec in dict.fromkeys([sheet.encoding, *ENCODINGS])],
        delimiters=_DELIMITERS,
        fault=words.sentence(fault) if fault else None,
    )


def options(asked: Mapping[str, str]) -> csv_file.Options:
    """Return how a person says that the file is to be read; what is unknown is found as before."""
    encoding, delimiter = asked.get("encoding"), asked.get("delimiter")
    return csv_file.Options(
        encoding if encoding in ENCODINGS else None,
        delimiter if delimiter in csv_file.DELIMITERS else None,
        {"yes": True, "no": False}.get(asked.get("header", "")),
    )


def _samples(sheet: csv_file.Sheet, index: int) -> list[str]:
    said = (row[index].strip() for row in sheet.first if index < len(row))
    return [each[:80] for each in said if each][:SAMPLES]
