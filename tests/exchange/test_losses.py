"""What a CSV, vCards 3.0 and cards that another program touched do not bring back is what is documented."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.out.conftest import files, roster
from webui.exchange import formats, importing
from webui.exchange.out.wanted import Wanted
from webui.store.ledger import sqlite
from webui.store.values import own

__all__ = ["files", "roster"]  # fixtures
Person = dict[str, Any]
# Of the record and not of the person, or with the people around them; n11 has a tag with a mark in its name.
_NEVER = ("uid", "created_at", "updated_at", "sources", "aliases", "attachments")


def people(path: Path, folder: Path) -> dict[str, Person]:
    """Return everyone of a database as JSON has them, by e-mail, without what comes back by none of these."""
    with closing(sqlite.connect(path)) as connection:
        formats.export(connection, folder / "all.json", Wanted())
    found = json.loads((folder / "all.json").read_text("utf-8"))["people"]
    (folder / "all.json").unlink()
    for person in found:
        for name in _NEVER:
            del person[name]
        person["fields"] = {
            name: value for name, value in person["fields"].items() if value not in (None, [])
        }
        for post in person["posts"]:
            post |= {"uid": "", "created_at": "", "updated_at": ""}
        for relation in person["relations"]:
            relation |= {"uid": "", "relation": ""}
        person["relations"].sort(key=str)
    return {each["email"]: each for each in found}


def csv(person: Person) -> None:
    person |= {"posts": [], "relations": [], "photo": None}
    if choices := person["fields"].get("My choices"):  # a kind is guessed by what is in the column
        person["fields"]["My choices"] = own.as_text("choices", map(own.Kept, choices))


def old_cards(person: Person) -> None:
    person |= {"posts": [], "relations": [], "username": "", "birthday_typed": person["birthday"]}
    person["typed"].pop("My number", None)
    for each in person["dates"]:
        each["typed"] = each["date"] if len(each["date"] or "") == 10 else each["typed"]
    for each in person["emails"]:
        each["label"] = each["label"].replace("work", "Work")
    for each in person["handles"]:
        each["label"] = each["label"].replace("Jabber", "XMPP")
    if person["email"] == "elof@x.example":  # who had a username alone is called so
        person |= {"given": "elof", "display_name": "elof"}


def touched_cards(person: Person) -> None:
    person["typed"].pop("My number", None)
    for post in person["posts"]:
        post |= {"follow_up": None, "done_at": None, "also_about": []}


@pytest.mark.parametrize(
    ("suffix", "wanted", "lose"),
    [
        ("csv", Wanted(), csv),
        ("vcf", Wanted(version="3.0"), old_cards),
        ("vcf", Wanted(ids=range(1, 30)), touched_cards),
    ],
    ids=["csv", "vcard 3.0", "touched"],
)
def test_nothing_else_is_lost(
    roster: Path, empty_database: Path, tmp_path: Path, suffix: str, wanted: Wanted, lose: Any
) -> None:
    file, there = tmp_path / f"out.{suffix}", tmp_path / "there.db"
    with closing(sqlite.connect(roster)) as connection:
        formats.export(connection, file, wanted)
    file.write_bytes(file.read_bytes().replace(b"X-ROSTER-SHA256", b"X-SOMEBODY"))
    shutil.copy(empty_database, there)
    engine = sqlite.engine(there)
    with importing.plan(engine, file, tmp_path / "plan.sqlite", dates="day") as plan:
        importing.apply(engine, plan, allow_missing_email=True)
    engine.dispose()
    before, now = people(roster, tmp_path), people(there, tmp_path)
    for person in before.values():
        lose(person)
    for person in now.values():
        if not before[person["email"]]["username"]:
            person["username"] = ""
    if suffix == "csv":
        assert before["n11@x.example"].pop("tags") != now["n11@x.example"].pop("tags")
    for email, person in before.items():
        assert {name: now[email][name] for name in person} == person
    assert now.keys() == before.keys()
