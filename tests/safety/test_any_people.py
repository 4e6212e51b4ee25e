"""Whatever texts a form takes of people, each kind of file that holds all of it brings them back."""

import shutil
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from webui.exchange import formats
from webui.exchange.out.wanted import Wanted
from webui.safety import restore
from webui.store import errors, fields, posts, relations, users
from webui.store.ledger import dump, sqlite
from webui.store.ledger.operations import operation

KINDS = ("json", "sqlite", "xlsx", "vcf", "zip")
_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["=1+1", "+49 30 1", "'0049", "a;b,c:d", "a\\nb\\n", "a\r\nb", "x ::: y", "_x000A_", "^n^^", "\ud7ff",
         "item1.TEL:1", "END:VCARD", '"', "\ufeff", "e\u0301", "<b>", "1e5", "TRUE", "2026-11-27", "{}"]
    ),
)  # fmt: skip
_days = st.one_of(
    _texts, st.sampled_from(["4 March 1987", "1987", "March 1987", "--02-29", "3/4/1990", "0001-01-01"])
)


def _rows(name: str, texts: st.SearchStrategy[str] = _texts) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries({"label": _texts, name: texts}), max_size=3)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(("given", "family", "prefix", "nickname", "organisation", "note"), _texts),
            "birthday": _days, "dates": _rows("date", _days),
            "phones": _rows("phone"), "links": _rows("url"), "handles": _rows("handle"),
            "addresses": _rows("street"), "tags": st.lists(_texts, max_size=3),
            "fields": st.fixed_dictionaries({"Any": _texts, "Long": _texts, "Day": _days, "Several": _texts}),
        }
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def add(session: Session, person: dict[str, Any], number: int) -> None:
    """Add someone, with what a form takes of what they are given."""
    with operation(session):
        users.add(session, {"username": f"u{number}", "email": f"u{number}@x.example"})
    for name in person:
        with suppress(errors.Invalid), operation(session):
            users.change(session, number, {name: person[name]})
    with suppress(errors.Invalid), operation(session):
        posts.add(session, number, {"title": person["given"] or "x", "body": person["note"], "people": [1]})
    if number > 1:
        with suppress(errors.Invalid, errors.Refused), operation(session):
            own = {"kind": "own", "label": person["family"], "back_label": person["nickname"]}
            relations.add(session, number, {"people": [1], **own})


def come_back(empty: Path, people: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(empty, folder / "roster.db")
        engine = sqlite.engine(folder / "roster.db")
        with Session(engine) as session:
            with operation(session):
                for called, kind in (
                    ("Any", "text"),
                    ("Long", "long_text"),
                    ("Day", "date"),
                    ("Several", "choices"),
                ):
                    fields.add(session, {"name": called, "kind": kind, "options": "a"})
            for number, person in enumerate(people, 1):
                add(session, person, number)
        engine.dispose()
        with closing(sqlite.connect(folder / "roster.db")) as connection:
            told = list(dump._by_uid(connection))
            for wanted, kinds in ((Wanted(), KINDS), (Wanted(ids=[*range(1, len(people) + 1)]), KINDS[2:4])):
                for kind in kinds:
                    out = folder / f"{'all' if wanted.ids is None else 'some'}.{kind}"
                    formats.export(connection, out, wanted)
        for out in sorted(folder.glob("*.*")):
            if out.stem not in ("all", "some"):
                continue
            shutil.copy(empty, folder / "there.db")
            there = sqlite.engine(folder / "there.db")
            restore.restore(there, out, folder)
            there.dispose()
            with closing(sqlite.connect(folder / "there.db")) as connection:
                found = list(dump._by_uid(connection))
            assert found == told, out.name
            (folder / "there.db").unlink()


_HOW: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}


@settings(max_examples=3, derandomize=True, phases=[Phase.generate], **_HOW)
@given(PEOPLE)
def test_any_people_come_back(empty_database: Path, people: list[dict[str, Any]]) -> None:
    come_back(empty_database, people)


@pytest.mark.long
@settings(max_examples=250, phases=[Phase.generate], **_HOW)
@given(PEOPLE)
def test_very_many_people_come_back(empty_database: Path, people: list[dict[str, Any]]) -> None:
    come_back(empty_database, people)
