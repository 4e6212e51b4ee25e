"""Someone is forgotten completely: no byte of theirs is left, and everyone else can still be undone."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests import pictures as files
from webui import words
from webui.app import create_app
from webui.safety import health
from webui.store import attachments, bulk, errors, fields, photos, posts, relations, tags, users
from webui.store.chosen import Chosen
from webui.store.ledger import alone, forget, history, sqlite, theirs
from webui.store.ledger.operations import named, operation, raw
from webui.store.models import recorded
from webui.store.values import pictures, text

RARE = ("Quíxoletta", "Zørnwick", "quixo@zornwick.example", "marzipanfund", "krakelscherbe", "wunderlurch")


def do(session: Session, verb: Callable[..., object], *given: object) -> object:
    with operation(session):
        return verb(session, *given)


@pytest.fixture
def people(session: Session) -> tuple[int, int]:
    """Anna, of whom there is everything that there can be of someone, and Bo, who knows her."""
    anna = do(session, users.add, {
        "username": "quixo", "email": RARE[2], "given": RARE[0], "family": RARE[1], "note": RARE[3],
        "emails": [{"email": "further@zornwick.example"}], "phones": [{"phone": "+46 70 1234567"}],
        "addresses": [{"city": "Zørnwickstad"}], "links": [{"url": "https://zornwick.example"}],
        "handles": [{"label": "Chat", "handle": "@zornwick"}], "dates": [{"label": "Met", "date": "2010"}],
        "tags": ["Choir"],
    })  # fmt: skip
    anna_id = anna.id  # type: ignore[attr-defined]
    bo_id = do(session, users.add, {"username": "bo", "email": "bo@x.example", "given": "Bo"}).id  # type: ignore[attr-defined]
    do(session, fields.add, {"name": "Likes", "kind": "text"})
    do(session, users.change, anna_id, {"fields": {"Likes": RARE[4]}})
    do(session, posts.add, anna_id, {"title": f"{RARE[5]} seen", "body": RARE[4], "people": [bo_id]})
    do(session, posts.add, bo_id, {"title": "Lunch", "people": [anna_id]})
    do(session, relations.add, bo_id, {"people": [anna_id], "kind": "friend"})
    do(session, relations.add, anna_id, {"people": [bo_id], "kind": "colleague"})
    do(session, come_from_a_file, anna_id)
    do(session, photos.put, anna_id, pictures.read(files.SMALL))
    do(session, attachments.add, anna_id, [attachments.Offered("zornwick.txt", b"krakelscherbe inside")])
    do(session, bulk.tag, Chosen(q=""), "Board")
    do(session, users.change, anna_id, {"given": "Other", "note": "since"})
    do(session, bulk.trash, Chosen(q=""))
    return anna_id, bo_id


def come_from_a_file(session: Session, user_id: int) -> None:
    """Let someone have a raw row and the uid of one they were merged with."""
    connection = raw(session.connection())
    connection.execute(
        "INSERT INTO source_files (id, format, name, file_hash, header, options, imported_at)"
        " VALUES (1, 'csv', 'zornwick.csv', '', 'Name', '{}', '2026')"
    )
    row = (user_id, b"wunderlurch,row", b"")
    query = "INSERT INTO sources (user_id, file_id, position, raw, raw_hash) VALUES (?, 1, 0, ?, ?)"
    connection.execute(query, row)
    connection.execute("INSERT INTO uid_aliases (user_id, uid) VALUES (?, 'merged-uid')", (user_id,))
    named(session, "imports.add", name="zornwick.csv", added=0, changed=1)


def uids(database: Path, user_id: int) -> set[str]:
    with closing(sqlite.connect(database)) as connection:
        return theirs.uids_of(connection, [user_id])


def forgotten(engine: Engine, database: Path, user_id: int) -> forget.Held:
    found = forget.forget(database, uids(database, user_id))
    engine.dispose()
    assert forget.finish(database)
    return found


def traces(folder: Path, *wanted: str | bytes) -> list[tuple[str, bytes]]:
    """Return the files of a folder that hold any of these, as they are or folded, in UTF-8."""
    sought = set()
    for each in wanted:
        for said in [each] if isinstance(each, bytes) else [each, text.fold(each), each.lower()]:
            sought.add(said if isinstance(said, bytes) else said.encode())
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [(path.name, each) for each in sought if each in content]
    return found


def test_no_byte_of_theirs_is_left_in_any_file(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    session.close()
    gone = uids(database, people[0])
    mine = (*RARE, *gone, "zornwick", files.SMALL, pictures.read(files.SMALL).shown)
    assert len({each for _name, each in traces(database.parent, *mine)}) > len(RARE)
    forgotten(engine, database, people[0])
    assert traces(database.parent, *mine) == []
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection, deep=True) == []
        assert connection.execute("SELECT current, replacing FROM ledger").fetchone() == (None, 0)
    assert traces(database.parent, *mine) == []


def test_no_table_keeps_a_row_of_theirs_or_an_image_of_one(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    anna, _bo = people
    session.close()
    with closing(sqlite.connect(database)) as connection:
        held = {
            table.name
            for table in recorded()
            for source in (table.name, f"history_{table.name}")
            if "user_id" in table.c
            and connection.execute(f"SELECT 1 FROM {source} WHERE user_id = ?", (anna,)).fetchone()
        }
        # A new table that belongs to people has to be filled by the fixture above.
        assert held == {table.name for table in recorded() if "user_id" in table.c}
    found = forgotten(engine, database, anna)
    assert (found.rows["users"], found.rows["posts"], found.rows["relations"]) == (1, 1, 2)
    with closing(sqlite.connect(database)) as connection:
        for table in recorded():
            for key in table.foreign_keys:
                if key.column.table.name == "users":
                    for source in (table.name, f"history_{table.name}"):
                        query = f"SELECT count(*) FROM {source} WHERE {key.parent.name} = ?"
                        assert connection.execute(query, (anna,)).fetchone() == (0,), source
        assert connection.execute("SELECT count(*) FROM history_users WHERE id = ?", (anna,)).fetchone() == (
            0,
        )
        assert connection.execute("SELECT count(*) FROM photos").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM files").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM source_files").fetchone() == (0,)
        assert connection.execute("SELECT title FROM posts").fetchall() == [("Lunch",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_was_done_still_reads_well_and_counts_who_is_left(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    session.close()
    forgotten(engine, database, people[0])
    app = create_app("testing")
    with app.test_request_context():
        said = [words.sentence(each.as_message()) for each in history.page(session)]
    assert said == [
        "Move Bo to the trash",
        "Tag Bo with Board",
        "Post about Bo: Lunch",
        "Add the field Likes",
        "Add Bo",
        "Add someone",  # she brought the tag Choir along
    ]
    assert [each.counts for each in history.page(session)][:2] == [{"users": 1}, {"tags": 1, "user_tags": 1}]
    newest = history.next_undo(session)
    assert newest and newest.message == "users.trash"


def test_undo_and_redo_of_what_many_had_a_part_in_bring_back_everyone_else(
    session: Session, engine: Engine, database: Path, people: tuple[int, int], digest: Callable[[], str]
) -> None:
    session.close()
    forgotten(engine, database, people[0])
    now = digest()
    states = [now]
    while history.next_undo(session):
        session.rollback()
        history.undo(engine)
        states.append(digest())
    assert users.counts(session) == (0, 0)
    session.rollback()
    for state in states[-2::-1]:
        history.redo(engine)
        assert digest() == state
    assert [user.username for user in users.trashed(session)] == ["bo"]


def test_an_undo_and_what_it_undoes_go_or_stay_together(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    anna, bo = people
    session.rollback()
    history.undo(engine)  # of the trash: Bo and Anna live again
    do(session, users.change, bo, {"note": "x"})
    do(session, users.change, anna, {"note": "y"})
    history.undo(engine)
    history.redo(engine)
    session.close()
    forgotten(engine, database, anna)
    assert [each.message for each in history.page(session)][:2] == ["users.change", "users.trash"]
    with closing(sqlite.connect(database)) as connection:
        hanging = (
            "SELECT count(*) FROM operations o WHERE (undoes IS NOT NULL AND undoes NOT IN"
            " (SELECT id FROM operations)) OR (undone_by IS NOT NULL AND undone_by NOT IN"
            " (SELECT id FROM operations))"
        )
        assert connection.execute(hanging).fetchone() == (0,)
    history.undo(engine)
    history.redo(engine)
    assert users.find(session, bo).note == "x"


def test_one_who_is_only_in_history_is_forgotten_too(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    anna, _bo = people
    gone = uids(database, anna)
    do(session, bulk_remove_all)
    session.close()
    with closing(sqlite.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    assert traces(database.parent, RARE[0])
    forgotten(engine, database, anna)
    assert traces(database.parent, *RARE, *gone) == []
    history.undo(engine)
    assert [user.username for user in users.trashed(session)] == ["bo"]


def bulk_remove_all(session: Session) -> None:
    from webui.store import bulk_remove

    bulk_remove.remove(session, Chosen(q="", trashed=True))


def test_taking_back_alone_goes_on_with_who_is_left(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    session.rollback()
    history.undo(engine)
    tagging = next(each.id for each in history.page(session) if each.message == "bulk.tag")
    session.rollback()
    alone.undo(engine, tagging)
    session.close()
    forgotten(engine, database, people[0])
    newest = history.page(session, limit=1)[0]
    assert newest.message == "history.alone"
    assert newest.values["values"] == {"tags": "Board", "name": "Bo", "count": 1}
    session.rollback()
    history.undo(engine)
    assert [tag.name for tag in users.find(session, people[1]).tags] == ["Board"]
    session.rollback()
    alone.undo(engine, tagging)
    assert users.find(session, people[1]).tags == []


def test_a_picture_or_a_tag_that_others_have_too_stays(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    anna, bo = people
    session.rollback()
    history.undo(engine)
    do(session, photos.put, bo, pictures.read(files.SMALL))
    session.close()
    forgotten(engine, database, anna)
    assert photos.original(session, bo)[1] == files.SMALL
    assert {tag.name for tag in tags.every(session)} == {"Board", "Choir"}


def added(session: Session, name: str) -> int:
    user = do(session, users.add, {"username": name, "email": f"{name}@x.example", "given": name})
    return int(user.id)  # type: ignore[attr-defined]


def test_a_row_that_came_and_went_within_a_change_leaves_nothing(
    session: Session, engine: Engine, database: Path
) -> None:
    anna = added(session, "anna")
    with operation(session):
        users.change(session, anna, {"note": "Sings"})
        connection = raw(session.connection())
        query = "INSERT INTO user_emails (user_id, label, email) VALUES (?, '', 'a@x.example')"
        connection.execute(query, (anna,))
        connection.execute("DELETE FROM user_emails")
    session.close()
    with closing(sqlite.connect(database)) as connection:
        assert connection.execute("SELECT existed FROM history_user_emails").fetchall() == [(0,)]
    forget.forget(database, uids(database, anna))
    with closing(sqlite.connect(database)) as connection:
        assert connection.execute("SELECT * FROM history_user_emails").fetchall() == []


@pytest.mark.outside
def test_what_hung_on_a_row_that_had_come_to_them_from_another_goes_too(
    session: Session, engine: Engine, database: Path
) -> None:
    anna, bo, carl = (added(session, name) for name in ("anna", "bo", "carl"))
    do(session, posts.add, bo, {"title": "Lunch", "people": [carl]})
    session.close()
    with closing(sqlite.connect(database)) as connection:
        connection.execute("UPDATE posts SET user_id = ?", (anna,))
    forget.forget(database, uids(database, anna))
    with closing(sqlite.connect(database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT * FROM post_users").fetchall() == []


def test_nobody_is_told_apart_from_someone_who_was_never_there(database: Path) -> None:
    with pytest.raises(errors.NotFound):
        forget.forget(database, {"no-such-uid"})


def test_what_is_kept_of_them_says_nothing(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    session.close()
    gone = uids(database, people[0])
    assert len(gone) == 2
    forgotten(engine, database, people[0])
    with closing(sqlite.connect(database)) as connection:
        assert forget.tombstones(connection) == {forget.tombstone(uid) for uid in gone}
        kept = dict(connection.execute("SELECT name, value FROM state").fetchall())
    assert all(len(each) == 64 for each in json.loads(kept["forgotten"])["who"])
    assert not [value for value in kept.values() if any(uid in value for uid in gone)]


def test_free_pages_are_owed_while_someone_still_reads_and_done_later(
    session: Session, engine: Engine, database: Path, people: tuple[int, int]
) -> None:
    session.close()
    engine.dispose()
    with closing(sqlite.connect(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM users").fetchone()
        forget.forget(database, uids(database, people[0]))
        with closing(sqlite.connect(database)) as connection:
            connection.execute("PRAGMA busy_timeout=0").close()
        assert forget.is_owed(database)
    assert forget.finish(database)
    assert not forget.is_owed(database)
    assert traces(database.parent, *RARE) == []
