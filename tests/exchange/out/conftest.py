"""One roster with all there can be and values that break files, and what it goes out as, made once."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import pictures as pics
from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.held import Words
from webui.store import attachments, fields, photos, posts, relations, saved_views, settings, users
from webui.store.ledger import sqlite
from webui.store.ledger.operations import operation
from webui.store.models import UidAlias
from webui.store.values import pictures

LONG = "=long " + "wörd 🙂 " * 8_000
NASTY = {
    "formula": '=HYPERLINK("x";"y")',
    "phone": "+49 30 123",
    "zeros": "00418",
    "long number": "123456789012345678",
    "e": "1E5",
    "apostrophe": "'=x",
    "lines": "one\n\n=two\n three",
    "marks": "a;b,c\"d'e\\f:g<h>&i|j ::: k",
    "markup": "</title><script>x()</script>",
    "right to left": "שלום \u202eevil\u202c",
    "ldif": " begins with a blank",
    "colon": ": :< file:///etc/passwd",
    "card": "x\nEND:VCARD\nBEGIN:VCARD",
    "escaped": "_x0041_ \\n \\; ^n ^'",
    "emoji": "🙂" * 60,
}


class Plain(Words):
    """The words of a page, in English, without an app around them."""

    def __init__(self) -> None:
        self.language = "en"

    def word(self, name: str, /, **values: object) -> str:
        return " ".join([name, *map(str, values.values())])

    def value(self, field: str) -> str:
        return field

    def date(self, date: str) -> str:
        return date

    def relation(self, kind: str, label: str) -> str:
        return label or kind

    def own(self, kind: str, value: str, typed: str) -> str:
        return typed or value


def fill(session: Session) -> None:
    """Put Mara, who has everything, Elof, Noor, who is in the trash, and people with a nasty value each."""
    with operation(session):
        settings.set_title(session, "Choir <Lund>")
        for kind, options in KINDS:
            fields.add(
                session, {"name": f"My {kind}", "kind": kind, "options": options, "hint": "h", "listed": "1"}
            )
        fields.add(session, {"name": '=Field, "x"', "kind": "text"})
        saved_views.add(session, "Altos", "tag:alto")
    with operation(session):
        users.add(session, MARA)
        users.add(session, {"username": "elof", "email": "elof@x.example", "birthday": "--02-29"})
        users.add(session, {"username": "noor", "email": "noor@x.example", "note": "in the trash"})
        for number, value in enumerate(NASTY.values(), 4):
            form = {
                "username": f"n{number}",
                "email": f"n{number}@x.example",
                "note": value,
                "given": value[:60],
            }
            users.add(session, {**form, "fields": {'=Field, "x"': value[:80]}, "tags": [value[:40]]})
        photos.put(session, 1, pictures.read(pics.TURNED))
        attachments.add(session, 1, [attachments.Offered("sc<an>.pdf", b"scan\0")])
        relations.add(session, 1, {"people": [2], "kind": "parent"})
        relations.add(
            session, 1, {"people": [3, 4], "kind": "own", "label": 'Aunt "A"', "back_label": "Niece"}
        )
        posts.add(
            session, 1, {"title": "Met; again, =x", "body": LONG, "date": "2026-01-02", "people": [2, 3]}
        )
        posts.add(session, 2, {"title": "Call", "date": "2026-02-03", "follow_up": "2026-03-01"})
        session.add(UidAlias(user_id=1, uid="11111111-1111-4111-8111-111111111111"))
    with operation(session):
        users.trash(session, [3])


KINDS = (
    ("text", ""), ("long_text", ""), ("number", ""), ("date", ""), ("yes_no", ""),
    ("choice", "Alto\nMezzo, low"), ("choices", "a\nb, c"), ("link", ""), ("email", ""), ("phone", ""),
)  # fmt: skip
MARA = {
    "username": "mara", "email": "mara@x.example", "prefix": "Dr.", "given": "Mara", "additional": "Eva",
    "family": "Lindqvist", "suffix": "PhD", "nickname": "Mimi, M", "phonetic": "MAH-ra",
    "organisation": "Lund; Choir", "department": "Board", "job_title": "Conductor",
    "birthday": "4 March 1987", "note": LONG, "tags": ["Alto", "b, c"],
    "emails": [{"label": "Work", "email": "m@w.example"}, {"label": "work", "email": "m@h.example"}],
    "phones": [
        {"label": "Mobile", "phone": "+46 70 123 45 67"}, {"label": "Work Fax", "phone": "046-12 34"},
        {"label": "pref", "phone": "112"}, {"label": 'a "b", c', "phone": "113"},
    ],
    "addresses": [
        {"label": "Home", "street": "Ring 1; 2", "postal_code": "01067", "city": "Lund"},
        {"label": "Work", "street": "Box", "po_box": "9", "region": "Skåne", "country": "SE"},
        {"label": "Summer", "city": "Visby"},
    ],
    "links": [{"label": "Home", "url": "https://choir.example/?a=1;b=2, c"}],
    "handles": [
        {"label": "Matrix", "handle": "@m:c.example"}, {"label": "Jabber", "handle": "m@j.example"},
        {"label": "Skype", "handle": "mara l"},
    ],
    "dates": [
        {"label": "Wedding", "date": "12 June 2010"}, {"label": "Name day", "date": "--07-22"},
        {"label": "Moved", "date": "June 2015"}, {"label": "Anniversary", "date": "1999"},
    ],
    "fields": {
        "My text": "004", "My long_text": "a\nb", "My number": "1234.50", "My date": "4 March 1987",
        "My yes_no": "yes", "My choice": "Mezzo, low", "My choices": ["b, c"], "My link": "l.example",
        "My email": "m@l.example", "My phone": "+46 8 465 004 17",
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def roster(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """The database."""
    path = tmp_path_factory.mktemp("whole") / "roster.db"
    shutil.copy(empty_database, path)
    engine = sqlite.engine(path)
    with Session(engine) as session:
        fill(session)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def files(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `all` of every suffix, `old.vcf` in 3.0, `raw.csv`, and `merge` for mail merge."""
    folder = tmp_path_factory.mktemp("files")
    with closing(sqlite.connect(roster)) as connection:
        for each in formats.FORMATS:
            formats.export(connection, folder / f"all{each.suffix}", Wanted(words=Plain()))
        formats.export(connection, folder / "old.vcf", Wanted(version="3.0"))
        formats.export(connection, folder / "raw.csv", Wanted(safe=False, delimiter=";"))
        formats.export(connection, folder / "merge.xlsx", Wanted(merge=True))
        formats.export(connection, folder / "merge.csv", Wanted(merge=True))
    return folder


@pytest.fixture
def connection(roster: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite.connect(roster)) as opened:
        yield opened
