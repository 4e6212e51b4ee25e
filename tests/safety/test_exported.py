"""What Roster exported comes back: records as they were, one undo; of some people nobody else is touched."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.out.conftest import files, roster
from webui.exchange import formats, importing
from webui.exchange.out.wanted import Wanted
from webui.safety import exported as exported_here
from webui.safety import looked, restore
from webui.store import attachments, errors, photos, posts, relations, saved_views, users
from webui.store.ledger import derived, dump, history, sqlite
from webui.store.ledger.operations import operation

__all__ = ["files", "roster"]  # fixtures
KINDS = ("json", "sqlite")


def records(path: Path) -> str:
    with closing(sqlite.connect(path)) as connection:
        assert derived.check(connection) == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return dump.records_digest(connection)


def exported(path: Path, file: Path, **wanted: Any) -> Path:
    with closing(sqlite.connect(path)) as connection:
        formats.export(connection, file, Wanted(**wanted))
    return file


@pytest.fixture(scope="module")
def whole(roster: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The roster with everything, and nobody in the trash: what is there is in no export."""
    path = tmp_path_factory.mktemp("exported") / "roster.db"
    shutil.copy(roster, path)
    engine = sqlite.engine(path)
    with Session(engine) as session, operation(session):
        users.put_back(session, 3)
    engine.dispose()
    for kind in (*KINDS, "xlsx", "vcf", "zip"):
        exported(path, path.with_name(f"all.{kind}"))
    return path


@pytest.fixture(scope="module")
def plain(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without what only JSON and SQLite have a place for: photos and attached files."""
    path = tmp_path_factory.mktemp("plain") / "roster.db"
    shutil.copy(whole, path)
    engine = sqlite.engine(path)
    with Session(engine) as session, operation(session):
        photos.remove(session, 1)
        attachments.remove(session, 1)
    engine.dispose()
    return path


@pytest.fixture
def here(whole: Path, tmp_path: Path) -> Iterator[Engine]:
    """The same roster, to be changed."""
    (tmp_path / "here").mkdir()
    shutil.copy(whole, path := tmp_path / "here" / "roster.db")
    engine = sqlite.engine(path)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_everyone_comes_back_into_an_empty_roster_and_one_undo_takes_them_out(
    whole: Path, engine: Engine, database: Path, tmp_path: Path, kind: str
) -> None:
    before = records(database)
    done = restore.restore(engine, whole.with_name(f"all.{kind}"), tmp_path)
    assert records(database) == records(whole)
    assert (done.preview.added, done.preview.adopts) == (18, False)
    with closing(sqlite.connect(whole)) as one, closing(sqlite.connect(database)) as other:
        for query in (
            "SELECT hash, original, shown FROM photos ORDER BY 1",
            "SELECT hash, content FROM files ORDER BY 1",
            "SELECT username, username_key, email_key, created_at, updated_at FROM users ORDER BY 1",
            "SELECT phone, phone_key FROM user_phones ORDER BY 1",
            "SELECT uid, created_at FROM posts ORDER BY 1",
            "SELECT value, value_key, number FROM field_values ORDER BY 1, 2",
        ):  # fmt: skip
            assert one.execute(query).fetchall() == other.execute(query).fetchall()
    history.undo(engine)
    assert records(database) == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_is_what_is_here_until_something_is_done(
    whole: Path, here: Engine, tmp_path: Path, kind: str
) -> None:
    file = whole.with_name(f"all.{kind}")
    path = Path(str(here.url.database))
    found = restore.preview(here, file)
    assert (found.same, found.others) == (True, {})
    with Session(here) as session:
        with operation(session):
            users.change(session, 1, {"phones": [{"label": "", "phone": "112"}], "tags": []})
            users.add(session, {"username": "new", "email": "new@x.example", "tags": ["New"]})
            saved_views.add(session, "New", "tag:New")
            posts.add(session, 2, {"title": "New"})
        with operation(session):
            users.trash(session, [4, 5])
    found = restore.preview(here, file)
    assert (found.added, found.changed, found.removed) == (2, 2, 1)
    done = restore.restore(here, file, tmp_path)
    assert done.preview == found
    assert records(path) == records(whole)


def test_what_is_in_the_trash_here_stays_there(whole: Path, here: Engine, tmp_path: Path) -> None:
    with Session(here) as session:
        with operation(session):
            mine = {
                "username": "kim",
                "email": "kim@x.example",
                "tags": ["Kim's"],
                "fields": {"My text": "k"},
            }
            kim = users.add(session, {**mine, "phones": [{"label": "Home", "phone": "112"}]}).id
            posts.add(session, kim, {"title": "About Kim", "people": [1]})
            relations.add(session, kim, {"people": [1], "kind": "friend"})
        with operation(session):
            users.trash(session, [kim])
    restore.restore(here, whole.with_name("all.json"), tmp_path)
    with Session(here) as session, operation(session):
        back = users.put_back(session, kim)
        assert ([tag.name for tag in back.tags], back.phones[0].phone) == (["Kim's"], "112")
        assert [post.title for post in back.posts] == ["About Kim"]
        assert [each.user.username for each in relations.of_user(session, kim)] == ["mara"]


@pytest.mark.parametrize("kind", (*KINDS, "xlsx", "vcf", "zip"))
def test_a_file_of_some_people_touches_nobody_else(
    whole: Path, here: Engine, tmp_path: Path, kind: str
) -> None:
    file = exported(whole, tmp_path / f"some.{kind}", ids=[1, 5])
    before = records(Path(str(here.url.database)))
    assert restore.preview(here, file).same
    with Session(here) as session:
        with operation(session):
            users.change(session, 1, {"note": "since", "tags": ["Since"]})
            users.change(session, 2, {"note": "since"})
            saved_views.add(session, "Since", "since")
        with operation(session):
            relations.add(session, 2, {"people": [3], "kind": "friend"})
    done = restore.restore(here, file, tmp_path)
    assert (done.preview.added, done.preview.changed, done.preview.removed) == (0, 1, 0)
    with Session(here) as session:
        mara, elof = users.find(session, 1), users.find(session, 2)
        assert (mara.note != "since", [tag.name for tag in mara.tags]) == (True, ["Alto", "b, c"])
        assert elof.note == "since"
        assert len(relations.of_user(session, 1)) == 3
        assert "Since" in {view.name for view in saved_views.every(session)}
    for _each in range(3):
        history.undo(here)
    assert records(Path(str(here.url.database))) == before


def test_a_file_of_some_people_brings_them_where_nobody_is(
    whole: Path, engine: Engine, tmp_path: Path
) -> None:
    found = restore.restore(engine, exported(whole, tmp_path / "some.json", ids=[1, 2]), tmp_path).preview
    assert (found.added, found.changed, found.removed) == (2, 0, 0)
    with Session(engine) as session:
        mara = users.find(session, 1)
        assert [each.user.username for each in relations.of_user(session, mara.id)] == ["elof"]
        assert mara.photo_hash


def wrong(**changes: Any) -> Callable[[dict[str, Any]], None]:
    def change(file: dict[str, Any]) -> None:
        for path, value in changes.items():
            *before, last = path.split("__")
            place: Any = file
            for each in before:
                place = place[int(each[1:]) if each[0] == "n" and each[1:].isdigit() else each]
            place[last] = value

    return change


WRONG = (
    wrong(people__n0__uid=5), wrong(people__n0__username="x" * 81), wrong(people__n0__emails={}),
    wrong(people__n0__tags=["unknown"]), wrong(people__n0__photo__sha256="0" * 64),
    wrong(people__n0__attachments__n0__content="!"), wrong(people__n0__posts__n0__title="x" * 101),
    wrong(people__n0__note=["x"]), wrong(settings=[]), wrong(people__n0__fields=[]), wrong(people=[1]),
    wrong(people__n0__relations__n0__uid=None), wrong(roster=0), wrong(views=[{"uid": "", "query": ""}]),
)  # fmt: skip


def test_what_no_roster_holds_is_refused_and_nothing_is_changed(
    whole: Path, engine: Engine, database: Path, tmp_path: Path
) -> None:
    text, there, before = (
        whole.with_name("all.json").read_text("utf-8"),
        tmp_path / "x.json",
        records(database),
    )
    for change in WRONG:
        file = json.loads(text)
        change(file)
        there.write_text(json.dumps(file), encoding="utf-8")
        with pytest.raises(errors.Damaged) as caught:
            restore.preview(engine, there)
        assert caught.value.message == errors.Message("ours.broken", {"name": "x.json"})
    assert records(database) == before


def test_what_is_newer_or_cut_short_or_not_whole_is_refused(
    whole: Path, engine: Engine, tmp_path: Path
) -> None:
    text = whole.with_name("all.json").read_text("utf-8")
    there = tmp_path / "x.json"
    for content, refused, message in (
        (text.replace('"roster": 1', '"roster": 2'), errors.TooNew, "backup.newer"),
        (text[: len(text) // 2], errors.Damaged, "ours.broken"),
        (text[:200], errors.Damaged, "ours.broken"),
    ):
        there.write_text(content, encoding="utf-8")
        with pytest.raises(refused) as caught:
            restore.preview(engine, there)
        assert caught.value.message.id == message
    with pytest.raises(errors.Damaged) as short:
        restore.preview(engine, exported(whole, there, columns=frozenset({"username"})))
    assert short.value.message.id == "ours.columns"
    for old, new in (
        (b'"fields": [', b'"fields": {'), (b"X-NAME=", b"X-NO="),
        (b"CREATED:2", b"CREATED:"), (b"X-ROSTER-USERNAME:mara", b"X-ROSTER-USERNAME:"),
    ):  # fmt: skip
        cards = whole.with_name("all.vcf").read_bytes().replace(b"\r\n ", b"").replace(old, new)
        there.write_bytes(cards)
        with pytest.raises(errors.Damaged):
            restore.preview(engine, there)
    plain = tmp_path / "x.sqlite"
    for statement, refused in (
        ("UPDATE roster SET value = 2 WHERE name = 'format'", errors.TooNew),
        ("DROP TABLE posts_people", errors.Damaged),
        ("UPDATE people SET username = 5.5, note = x'00ff' WHERE id = 1", errors.Damaged),
        ("UPDATE fields SET choices = '{'", errors.Damaged),
    ):
        shutil.copy(whole.with_name("all.sqlite"), plain)
        with closing(sqlite3.connect(plain)) as connection, connection:
            connection.execute(statement)
        with pytest.raises(refused):
            restore.preview(engine, plain)


def test_a_username_that_someone_else_has_here_is_told(whole: Path, engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session, operation(session):
        users.add(session, {"username": "Mara", "email": "other@x.example"})
    with pytest.raises(errors.Refused) as caught:
        restore.preview(engine, exported(whole, tmp_path / "some.json", ids=[1]))
    assert caught.value.message == errors.Message("ours.taken", {"value": "mara"})


def test_what_is_done_while_it_is_looked_at_is_not_undone_by_it(
    whole: Path, here: Engine, tmp_path: Path
) -> None:
    file = exported(whole, tmp_path / "some.json", ids=[1])
    found = looked.look(here, file)
    try:
        with Session(here) as session, operation(session):
            users.change(session, 2, {"note": "since"})
        with pytest.raises(errors.Busy):
            restore.bring(here, found.copy, found.told, tmp_path)
        found.compare(here)
        assert found.preview.same
        restore.bring(here, found.copy, found.told, tmp_path)
    finally:
        found.close()
    with Session(here) as session:
        assert users.find(session, 2).note == "since"


@pytest.mark.parametrize("kind", ["xlsx", "vcf", "zip"])
def test_everyone_comes_back_from_what_has_no_place_for_files(
    plain: Path, whole: Path, engine: Engine, database: Path, here: Engine, tmp_path: Path, kind: str
) -> None:
    restore.restore(engine, exported(plain, tmp_path / f"all.{kind}"), tmp_path)
    assert records(database) == records(plain)
    assert restore.preview(here, whole.with_name(f"all.{kind}")).same
    restore.restore(here, tmp_path / f"all.{kind}", tmp_path)
    with Session(here) as session:
        assert [each.name for each in attachments.of_user(session, 1)] == ["sc_an_.pdf"]
        assert bool(users.find(session, 1).photo_hash) is (kind == "xlsx")


def test_what_another_program_wrote_since_is_any_other_file(whole: Path, tmp_path: Path) -> None:
    """It may have dropped posts, which would then go here too."""
    cards = exported(whole, tmp_path / "some.vcf", ids=[1, 5]).read_bytes()
    there = tmp_path / "there.vcf"
    for said, is_ours in (
        (cards, True),
        (cards.replace(b"\r\n", b"\n"), True),  # as mail does
        (cards.replace(b"X-ROSTER-POST", b"X-POST", 1), False),
        (cards.replace(b"FN:", b"FN:Dr ", 1), False),
        (cards[: cards.index(b"BEGIN:VCARD", 1)], False),
        (whole.with_name("all.vcf").read_bytes().replace(b"FN:", b"FN:Dr ", 1), True),
    ):
        there.write_bytes(said)
        assert exported_here.is_one(there) is is_ours, said
    book, other = exported(whole, tmp_path / "some.xlsx", ids=[1, 5]), tmp_path / "other.xlsx"
    openpyxl.load_workbook(book).save(other)
    assert [exported_here.is_one(each) for each in (book, other)] == [True, False]
    openpyxl.load_workbook(whole.with_name("all.xlsx")).save(other)
    assert exported_here.is_one(other)


def test_cards_from_elsewhere_come_back_exactly_too(
    engine: Engine, database: Path, empty_database: Path, tmp_path: Path
) -> None:
    """Of a changed card what stands on it counts."""
    card = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Mara Ek\r\nEMAIL:m@x.example\r\nitem1.TEL:112\r\n"
        "item1.X-ABLabel:work\r\nBDAY:19870304\r\nTITLE:Conductor\r\nTITLE:Singer\r\nNOTE:a\r\nNOTE:b\r\nX-OWN:c\r\nEND:VCARD\r\n"
    )
    came = tmp_path / "came.vcf"
    came.write_text(card + card.replace("4.0", "3.0").replace("Mara", "Noor").replace("m@", "n@"))
    with importing.plan(engine, came, tmp_path / "plan.sqlite") as planned:
        importing.apply(engine, planned)
    out, there = exported(database, tmp_path / "all.vcf"), tmp_path / "there.db"
    shutil.copy(empty_database, there)
    other = sqlite.engine(there)
    restore.restore(other, out, tmp_path)
    assert records(there) == records(database)
    out.write_bytes(out.read_bytes().replace(b"NOTE:a\r\n", b"NOTE:since\r\n"))
    assert restore.preview(other, out).changed == 1
    other.dispose()
