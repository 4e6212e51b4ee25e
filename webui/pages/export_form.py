"""What the form of an export asks for, and the words it asks with. Not for the writing."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from webui import labels
from webui.exchange import formats
from webui.exchange.formats import Format
from webui.exchange.out import choice
from webui.exchange.out.wanted import Wanted
from webui.held import Words
from webui.pages import chosen
from webui.store.chosen import Chosen

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

EVERYONE = Chosen(q="")
_SEPARATORS = {"comma": ",", "semicolon": ";"}


def who(form: "MultiDict[str, str]") -> Chosen:
    """Return whom the form means: those ticked, a view, or everyone."""
    asked = form.get("who", "ticked")
    if asked == "all":
        return EVERYONE
    return Chosen(q=form.get("q", "")[:1000]) if asked == "view" else chosen.of_form(form)


def format_of(form: "MultiDict[str, str]") -> tuple[str, Format]:
    """Return the name of the file and its format. Raises Refused."""
    kind = form.get("kind", "")
    if kind == "csv" and form.get("separator") == "tab":
        kind = "tsv"
    if kind == "vcf" and "each" in form:
        kind = "zip"
    name = f"roster-people.{kind[:20]}"
    return name, formats.by_suffix(Path(name))


def wanted(form: "MultiDict[str, str]", format_: Format, connection: sqlite3.Connection) -> Wanted:
    """Return how the file is to be written; without columns in the form it has all of them."""
    asked = Wanted(
        safe="raw" not in form,
        delimiter=_SEPARATORS.get(form.get("separator", ""), ","),
        merge=format_.is_table and form.get("kind", "") in form.getlist("merge"),
        comes_back=format_.is_table and form.get("kind", "") in form.getlist("comes_back"),
        version="3.0" if form.get("version") == "3" else "4.0",
        words=Words(),
    )
    if format_.is_whole or "column" not in form:
        return asked
    return choice.only(asked, form.getlist("column"), connection)


def columns(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what each column is called on the page."""
    called = {
        **{name: str(word) for name, word in labels.VALUES.items()},
        "uid": _("Number in exports"),
        "tags": _("Tags"),
        "emails": _("Further e-mails"),
        "phones": _("Phones"),
        "addresses": _("Addresses"),
        "links": _("Web pages"),
        "handles": _("Messengers"),
        "dates": _("Dates"),
        "relations": _("Whom they know"),
        "posts": _("Posts"),
        "kept": _("Kept as it came in files"),
        "created_at": _("Added"),
        "updated_at": _("Changed"),
    }
    return {key: called.get(key, name) for key, name in choice.every(connection).items()}


def kinds() -> dict[str, tuple[str, str, str]]:
    """Return each kind of file: its name, what it is for, and what of a person it can't hold."""
    return {
        "csv": (
            _("CSV"),
            _("A table for a spreadsheet; lists and tags are in one cell each."),
            _("Posts, relations, photos and attached files are not in it."),
        ),
        "xlsx": (
            _("Excel workbook"),
            _(
                "People, posts and relations as sheets, with real dates and numbers; people alone for mail "
                "merge or to be edited."
            ),
            _(
                "Texts past 32,767 letters are cut in their cell and whole on a sheet of their own. Photos "
                "and attached files are not in it."
            ),
        ),
        "vcf": (
            _("vCard"),
            _("Contacts for an address book or a phone, with photos."),
            _("Attached files are not in it."),
        ),
        "ldif": (
            _("LDIF"),
            _("For Thunderbird and directories."),
            _(
                "Own fields, tags, posts, relations, messengers, middle names, how a name sounds and "
                "attached files are not in it, nor dates but a birthday that is a date."
            ),
        ),
        **_whole(),
    }


def _whole() -> dict[str, tuple[str, str, str]]:
    return {
        "json": (
            _("JSON"),
            _("All there is, photos and attached files too, for programs and for Roster."),
            "",
        ),
        "sqlite": (
            _("SQLite"),
            _("All there is, as plain tables, for DB Browser, Datasette and programs."),
            "",
        ),
        "html": (
            _("Page to read and print"),
            _("One file that any browser opens."),
            _("Attached files are not in it."),
        ),
    }
