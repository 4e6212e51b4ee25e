"""Nothing readable of a damaged file is lost, nothing crashes, and what comes of it is sound."""

import gzip
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from webui.safety import health, opening
from webui.safety.salvage import Salvaged, salvage
from webui.store import errors, migrations, users
from webui.store.ledger import dump, horizon, schema, sqlite
from webui.store.ledger.operations import named, operation
from webui.store.models import Post, User, UserPhone, recorded

PAGE = 4096
KEPT = sorted((Path(__file__).parent.parent / "files" / "schemas").glob("*.db.gz"))
Rows = dict[str, dict[int, tuple[Any, ...]]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """500 people with posts and phones, some of them changed since; a log still lies beside it."""
    path = tmp_path_factory.mktemp("sound") / "roster.db"
    shutil.copy(empty_database, path)
    engine = sqlite.engine(path)
    numbers = range(1, 501)
    with Session(engine) as session:
        with operation(session):
            session.execute(insert(User), [_person(number) for number in numbers])
            session.execute(insert(Post), [_post(number) for number in numbers])
            session.execute(insert(UserPhone), [_phone(number) for number in numbers])
            named(session, "users.add")
        with operation(session):
            for number in range(1, 500, 10):
                users.change(session, number, {"nickname": f"Nick {number}"})
    engine.dispose()
    opening.settle(path)
    return path


def _person(number: int) -> dict[str, Any]:
    name, email = f"user{number}", f"u{number}@post.example"
    keys = {"username_key": name, "email_key": email, "note": "n" * (number % 40) * 20}
    return {"username": name, "email": email, "given": f"Ada {number}", **keys}


def _phone(number: int) -> dict[str, Any]:
    phone = f"+4930{number:06}"
    return {"user_id": number, "label": "home", "phone": phone, "phone_key": phone}


def _post(number: int) -> dict[str, Any]:
    body = "b" * 5000 * (number % 9 == 0)
    return {"user_id": number, "title": f"About {number}", "body": body, "date": "2026-03-01"}


@pytest.fixture
def damaged(sound: Path, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "roster.db"
    shutil.copy(sound, path)
    yield path


def _all(path: Path) -> Rows:
    with closing(sqlite.foreign(path)) as connection:
        return {
            table.name: {
                row[0]: row
                for row in connection.execute(
                    f"SELECT id, {', '.join(f't.{c.name}' for c in table.c)} FROM {table.name} t"
                )
            }
            for table in recorded()
        }


def _read_by_sqlite(damaged: Path, sound: Path, wanted: Rows) -> Rows:
    """What SQLite itself still reads, row by row; the schema, without which it reads nothing, is put back."""
    copy = damaged.with_name("oracle.db")
    shutil.copy(damaged, copy)
    with closing(sqlite.foreign(sound)) as connection, copy.open("r+b") as file, sound.open("rb") as whole:
        for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name LIKE 'sqlite_%ma%'"):
            whole.seek((page - 1) * PAGE)
            file.seek((page - 1) * PAGE)
            file.write(whole.read(PAGE))
    found: Rows = {}
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        for table in recorded():
            columns = ", ".join(f"t.{column.name}" for column in table.c)
            for record_id in wanted[table.name]:
                query = f"SELECT id, {columns} FROM {table.name} t NOT INDEXED WHERE id = ?"
                try:
                    row = connection.execute(query, (record_id,)).fetchone()
                except sqlite3.DatabaseError:
                    continue
                if row == wanted[table.name][record_id]:
                    found.setdefault(table.name, {})[record_id] = row
    copy.unlink()
    return found


def _overwrite(path: Path, pages: list[int], content: Callable[[], bytes]) -> None:
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(content())


def _spoil(path: Path, how: str, seed: int) -> None:
    chance, count = random.Random(seed), path.stat().st_size // PAGE
    some = chance.sample(range(2, count + 1), 25)
    if how == "zeros":
        _overwrite(path, some, lambda: bytes(PAGE))
    elif how == "noise":
        _overwrite(path, some, lambda: chance.randbytes(PAGE))
    elif how == "half a page":
        _overwrite(path, some, lambda: chance.randbytes(PAGE // 2))
    elif how == "cut off":
        with path.open("r+b") as file:
            file.truncate(count * PAGE * 6 // 10 + 100)
    elif how == "no header":
        _overwrite(path, [1], lambda: bytes(100))
    else:
        _overwrite(path, [1, *some[:5]], lambda: bytes(PAGE))


@pytest.mark.parametrize(
    "how, seed",
    [
        ("zeros", 1),
        ("zeros", 2),
        ("noise", 3),
        ("half a page", 4),
        ("cut off", 5),
        ("no header", 6),
        ("no first page", 7),
        *(
            pytest.param(how, seed, marks=pytest.mark.long)
            for seed in range(100, 140)
            for how in ("zeros", "noise", "half a page", "no first page")
        ),
    ],
)
def test_nothing_readable_is_lost(damaged: Path, sound: Path, tmp_path: Path, how: str, seed: int) -> None:
    _spoil(damaged, how, seed)
    before, wanted = damaged.read_bytes(), _all(sound)
    made = tmp_path / "rescued.db"
    told = salvage(damaged, made, lambda *_: None)
    assert damaged.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["rescued.db", "roster.db"]
    with closing(sqlite.connect(made)) as connection:
        assert health.check(connection, deep=True) == []
    rescued, listed = _all(made), {(table, row.get("id")) for table, row in told.hanging}
    for table, rows in _read_by_sqlite(damaged, sound, wanted).items():
        for record_id, row in rows.items():
            assert rescued[table].get(record_id) == row or (table, record_id) in listed, (table, row)
    for table, rows in wanted.items():
        if table not in told.unsure:
            lost = [record_id for record_id in rows if record_id not in rescued[table]]
            unlisted = [record_id for record_id in lost if (table, record_id) not in listed]
            assert len(unlisted) <= told.gone[table], (table, told.gone)
    assert told.people == len(rescued["users"]) and told.lines("roster.db")


def test_a_sound_file_comes_out_the_same(damaged: Path, tmp_path: Path) -> None:
    with closing(sqlite.connect(damaged)) as connection:
        before = dump.digest(connection)
        told = salvage(damaged, tmp_path / "rescued.db", lambda *_: None)
    with closing(sqlite.connect(tmp_path / "rescued.db")) as connection:
        assert dump.digest(connection) == before
        assert connection.execute("SELECT count(*) FROM operations").fetchone() == (2,)
    assert told.whole and not told.history_cut and (told.people, told.posts) == (500, 500)


@pytest.mark.outside
def test_what_is_in_the_log_alone_is_read(damaged: Path, tmp_path: Path) -> None:
    with closing(sqlite.connect(damaged)) as connection:
        connection.execute("UPDATE users SET note = 'from the log' WHERE id = 7")
        salvage(damaged, tmp_path / "rescued.db", lambda *_: None)
    with closing(sqlite.connect(tmp_path / "rescued.db")) as connection:
        assert connection.execute("SELECT note FROM users WHERE id = 7").fetchone() == ("from the log",)


def test_people_whose_row_is_gone_are_found_by_index_and_history(damaged: Path, tmp_path: Path) -> None:
    told = _without(damaged, "users", tmp_path)
    assert told.people == 500 and not told.gone["users"]
    assert told.earlier["users"] + len(told.partial) > 100
    with closing(sqlite.connect(tmp_path / "rescued.db")) as connection:
        row = "SELECT username, email, given FROM users WHERE id = ?"
        assert connection.execute(row, (11,)).fetchone() == ("user11", "u11@post.example", "Ada 11")
        assert connection.execute(row, (12,)).fetchone() == ("user12", "u12@post.example", None)


def test_posts_of_someone_who_is_gone_are_listed(damaged: Path, tmp_path: Path) -> None:
    told = _without(damaged, "users", tmp_path, indexes=True)
    assert told.faceless and told.gone["users"] == 500 - told.people
    said = "\n".join(told.lines("roster.db"))
    assert "title=About" in said and "posts of theirs were read: 1" in said


def _without(path: Path, table: str, tmp_path: Path, *, indexes: bool = False) -> Salvaged:
    """Zero the first half of the leaves of a table, and its indexes if they are to go too."""
    with closing(sqlite.foreign(path)) as connection:
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE tbl_name = ?", (table,))
        ]
        names += [f"history_{table}"]
        leaves = {
            name: [
                row[0]
                for row in connection.execute(
                    "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", (name,)
                )
            ]
            for name in names
        }
    doomed = leaves[table][: len(leaves[table]) // 2]
    if indexes:
        doomed = doomed + [page for name in names if name != table for page in leaves[name]]
    _overwrite(path, doomed, lambda: bytes(PAGE))
    return salvage(path, tmp_path / "rescued.db", lambda *_: None)


def test_history_with_a_gap_ends_before_it(damaged: Path, tmp_path: Path) -> None:
    with closing(sqlite.foreign(damaged)) as connection:
        query = "SELECT max(pageno) FROM dbstat WHERE name = 'history_users' AND pagetype = 'leaf'"
        [page] = connection.execute(query).fetchone()
    _overwrite(damaged, [page], lambda: bytes(PAGE))
    told = salvage(damaged, tmp_path / "rescued.db", lambda *_: None)
    with closing(sqlite.connect(tmp_path / "rescued.db")) as connection:
        assert horizon.begin(connection)[0] >= 1
    assert told.history_cut and told.people == 500


@pytest.mark.parametrize("content", [b"", b"x" * 10_000, b"SQLite format 3\x00" + bytes(5000)])
def test_what_was_no_database_of_ours_is_said_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "roster.db").write_bytes(content)
    with pytest.raises(errors.Damaged):
        salvage(tmp_path / "roster.db", tmp_path / "rescued.db", lambda *_: None)
    assert not (tmp_path / "rescued.db").exists()


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name[:4])
def test_a_file_of_each_schema_is_read_and_brought_up_to_date(kept: Path, tmp_path: Path) -> None:
    path, upgraded = tmp_path / "roster.db", tmp_path / "upgraded.db"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    shutil.copy(path, upgraded)
    told = salvage(path, tmp_path / "rescued.db", lambda *_: None)
    assert told.whole and not told.history_cut
    migrations.migrate(upgraded)
    with (
        closing(sqlite.connect(tmp_path / "rescued.db")) as rescued,
        closing(sqlite.connect(upgraded)) as other,
    ):
        assert dump.digest(rescued) == dump.digest(other)
        for table in ("operations", *schema.history_tables()):
            query = f"SELECT count(*) FROM {table}"
            assert rescued.execute(query).fetchone() == other.execute(query).fetchone(), table
