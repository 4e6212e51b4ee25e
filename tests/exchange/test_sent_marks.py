"""What a sheet that is back has lost, or was sent by another version; what of a person goes together."""

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.sheets import ANNA, seen
from webui.exchange import importing
from webui.exchange.reading import kinds
from webui.exchange.sent import comparing, mark, taking
from webui.exchange.sent.comparison import EDIT
from webui.store import settings, users
from webui.store.ledger.operations import operation


def test_the_bits_of_a_mark_are_those_of_every_version(two: Any, send: Any, back: Any) -> None:
    kinds = mark.Mark(1, "-", 0b1111 << 13, 0, 2, "2026-11-25").held([])
    assert kinds == ["job_title", "birthday", "emails", "phones"]
    sheet = send()
    at = next(n for n, name in enumerate(sheet.header) if name.startswith("roster_sent"))
    before = sheet.header[at].replace(" 27fffff.", " 7fffff.")  # as a Roster wrote it that had no email_label
    assert before != sheet.header[at]
    sheet.header[at] = before
    assert mark.read(sheet.header).held([])[:3] == ["username", "email", "display_name"]  # type: ignore[union-attr]
    sheet.put(0, "email", "a@x.example")
    assert [each[:3] for each in seen(back(sheet))] == [("email", "anna@x.example", "a@x.example")]


def test_a_sheet_without_its_last_column_has_no_edits_of_it(person: Any, send: Any, back: Any) -> None:
    person({**ANNA, "note": "@cmd", "nickname": "004", "phones": [{"label": "", "phone": "+46 46 12 34 56"}]})
    sheet = send()
    at = sheet.header.index("_guarded")
    sheet.header.pop(at)
    sheet.rows = [[cell for number, cell in enumerate(row) if number != at] for row in sheet.rows]
    assert sheet.of(0, "note") == "'@cmd"
    assert seen(back(sheet)) == []
    sheet.put(0, "note", "'@cmd too")
    assert [each[:3] for each in seen(back(sheet))] == [("note", "@cmd", "@cmd too")]


def test_a_sheet_that_lost_its_uids_is_told(two: Any, send: Any, engine: Engine, tmp_path: Path) -> None:
    sheet, path = send(), tmp_path / "back.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[1:] for row in (sheet.header, *sheet.rows)])
    known, reason = comparing.recognised(engine, kinds.look(path))
    assert not known and reason and reason.id == "sent.uids_gone"


def test_an_email_that_waits_for_someone_comes_with_its_kind(
    two: Any, send: Any, back: Any, person: Any, session: Session, engine: Engine
) -> None:
    with operation(session):
        settings.set_email_required(session, False)
    person({"email": ""}, 1)
    sheet = send()
    sheet.put(0, "email", "noor@x.example")
    sheet.put(0, "email_label", "Work")
    sheet.put(1, "email", "new@x.example")
    compared = back(sheet)
    assert {each[4] for each in seen(compared)} == {EDIT}
    taking.take(engine, compared, None, importing.no_step)
    session.rollback()
    assert [(each.email, each.email_label) for each in (users.find(session, 1), users.find(session, 2))] == [
        ("noor@x.example", "Work"),
        ("new@x.example", None),
    ]
