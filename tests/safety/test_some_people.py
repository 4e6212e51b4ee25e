"""Some people of a backup alone: they and what is theirs as it was, everyone else as they are; one undo."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.pictures import SMALL
from webui.exchange import archive
from webui.safety import backup, restore
from webui.store import (
    attachments,
    bulk_remove,
    errors,
    fields,
    photos,
    posts,
    relations,
    settings,
    tags,
    users,
)
from webui.store.chosen import Chosen
from webui.store.ledger import derived, dump, history, sqlite
from webui.store.ledger.operations import operation
from webui.store.models import Photo
from webui.store.values import pictures

Records = dict[str, set[tuple[Any, ...]]]


def person(name: str, **form: Any) -> dict[str, Any]:
    return {"username": name, "email": f"{name}@post.example", "given": name.title(), **form}


def records(path: Path, username: str) -> Records:
    """Return what is recorded of someone, by table, with neither ids nor times."""
    with closing(sqlite.connect(path)) as connection:
        assert derived.check(connection) == []
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        row = connection.execute("SELECT uid FROM users WHERE username = ?", (username,)).fetchone()
        query = {table: dump.BY_UID[table].format("main") for table in dump.OF_PEOPLE}
        found = {
            table: set(connection.execute(f"SELECT * FROM ({asked}) WHERE person = ?", row or ("",)))
            for table, asked in query.items()
        }
        return {table: rows for table, rows in found.items() if rows}


@pytest.fixture
def made(engine: Engine, tmp_path: Path) -> Path:
    """A backup of Mara, Noor, who knows her, and Jonas in the trash; much is another by now."""
    with Session(engine) as session:
        with operation(session):
            fields.add(session, {"name": "Voice", "kind": "choice", "options": "Alto\nBass"})
        with operation(session):
            fields.add(session, {"name": "Card", "kind": "text"})
        for name in ("mara", "noor", "jonas"):
            with operation(session):
                form = person(name, tags=["Choir", name], fields={"Voice": "Alto", "Card": name})
                users.add(session, form | {"phones": [{"label": "Home", "phone": "+46 8 123 456 78"}]})
        with operation(session):
            posts.add(session, 1, {"title": "Regatta", "date": "2026-03-01", "people": [2]})
            photos.put(session, 1, pictures.read(SMALL))
            attachments.add(session, 1, [attachments.Offered("contract.txt", b"Signed.")])
            relations.add(session, 2, {"people": [1], "kind": "sibling"})
        with operation(session):
            users.trash(session, [3])
    found = backup.back_up(engine, tmp_path / "b")
    with Session(engine) as session:
        with operation(session):
            users.change(session, 1, {"note": "Since", "phones": [{"phone": "+46 8 999"}], "tags": ["New"]})
            photos.point(session, 1, None)
        with operation(session):
            tags.remove(session, next(tag.id for tag in tags.every(session) if tag.name == "Choir"))
        with operation(session):
            users.trash(session, [2])
        with operation(session):
            bulk_remove.remove(session, Chosen(ids=(2,), trashed=True))
        with operation(session):
            users.put_back(session, 3)
        with operation(session):
            users.add(session, person("since"))
    return found


def kept_aside(engine: Engine, made: Path, tmp_path: Path) -> Path:
    """Return the database of a backup, as it was."""
    archive.extract(made, archive.DATABASE, tmp_path / "then.db")
    return tmp_path / "then.db"


@pytest.mark.parametrize("origin", ["same origin", "another origin"])
def test_only_those_chosen_are_as_in_the_backup_and_one_undo_takes_it_back(
    engine: Engine, database: Path, made: Path, tmp_path: Path, digest: Callable[[], str], origin: str
) -> None:
    if origin == "another origin":
        with closing(sqlite.connect(database)) as connection:
            connection.execute("UPDATE state SET value = 'another' WHERE name = 'uid'")
    then, now = kept_aside(engine, made, tmp_path), digest()
    others = [records(database, name) for name in ("jonas", "since")]
    found = restore.preview(engine, made, only=["mara", "Noor"])
    assert (found.added, found.changed, found.removed, found.others) == (1, 1, 0, {})
    assert digest() == now
    done = restore.restore(engine, made, tmp_path / "b", only=["mara", "Noor"])
    assert archive.verify(done.safety_copy).pinned
    for name in ("mara", "noor"):
        had = records(then, name)
        assert {*had} >= {"users", "user_phones", "field_values", "user_tags"}
        is_now = records(database, name)
        # A tag that was removed for all comes back with them under the uid it had.
        assert is_now == had
    assert [records(database, name) for name in ("jonas", "since")] == others
    assert history.undo(engine).message == "restore.some"
    assert digest() == now
    history.redo(engine)
    assert records(database, "mara") == records(then, "mara")


def test_who_is_not_in_the_backup_goes_and_who_was_in_the_trash_goes_there(
    engine: Engine, database: Path, made: Path, tmp_path: Path, digest: Callable[[], str]
) -> None:
    now, mara = digest(), records(database, "mara")
    found = restore.restore(engine, made, tmp_path / "b", only=["since", "jonas"]).preview
    assert (found.added, found.changed, found.removed) == (0, 0, 2)
    assert records(database, "since") == {}
    with Session(engine) as session:
        assert [each.username for each in users.trashed(session)] == ["jonas"]
    assert records(database, "mara") == mara
    history.undo(engine)
    assert digest() == now


def test_a_photo_comes_with_its_person_and_no_other_does(
    engine: Engine, made: Path, tmp_path: Path, database: Path
) -> None:
    with Session(engine) as session:
        with operation(session):
            users.trash(session, [1])
        with operation(session):
            bulk_remove.remove(session, Chosen(ids=(1,), trashed=True))
    with closing(sqlite.connect(database)) as connection:
        connection.execute("DELETE FROM photos")
    restore.restore(engine, made, tmp_path / "b", only=["noor"])
    with Session(engine) as session:
        assert session.query(Photo).count() == 0
    restore.restore(engine, made, tmp_path / "b", only=["mara"])
    with Session(engine) as session:
        assert session.query(Photo).count() == 1
    assert records(database, "noor")["relations"]  # now that the other is there


def test_a_username_that_is_someone_elses_by_now_is_refused(
    engine: Engine, made: Path, tmp_path: Path, digest: Callable[[], str]
) -> None:
    with Session(engine) as session, operation(session):
        users.change(session, 4, {"username": "noor"})
    now = digest()
    with pytest.raises(errors.Refused) as refused:
        restore.restore(engine, made, tmp_path / "b", only=["noor"])
    assert refused.value.message.values == {"name": "Noor", "value": "noor", "owner": "Since"}
    assert digest() == now


def test_no_two_get_the_same_where_no_two_may(
    engine: Engine, made: Path, tmp_path: Path, digest: Callable[[], str]
) -> None:
    with Session(engine) as session:
        with operation(session):
            users.change(session, 4, {"fields": {"Card": "noor"}})
        with operation(session):
            fields.change(session, 2, {"name": "Card", "no_two_alike": "1"})
    now = digest()
    with pytest.raises(errors.Refused) as refused:
        restore.restore(engine, made, tmp_path / "b", only=["noor"])
    assert refused.value.message.id == "restore.alike"
    assert digest() == now


def test_a_name_that_nobody_has_is_told(engine: Engine, made: Path, tmp_path: Path) -> None:
    with pytest.raises(errors.NotFound):
        restore.restore(engine, made, tmp_path / "b", only=["nobody"])


def test_settings_and_views_stay_as_they_are(engine: Engine, made: Path, tmp_path: Path) -> None:
    with Session(engine) as session, operation(session):
        settings.set_title(session, "Since")
    restore.restore(engine, made, tmp_path / "b", only=["mara"])
    with Session(engine) as session:
        assert settings.get(session, "title") == "Since"
