"""Forgetting one person in a random history: all others are at each step what they were without it."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.store.test_random import Player, _add
from webui.safety import health
from webui.store.ledger import dump, forget, history, sqlite, theirs
from webui.store.ledger.kinds import KINDS
from webui.store.ledger.operations import operation
from webui.store.models import recorded

State = dict[str, set[tuple[object, ...]]]
# What belongs to someone by its `user_id`.
OWNED = (
    *("attachments", "field_values", "posts", "relations", "sources", "uid_aliases", "user_addresses"),
    *("user_dates", "user_emails", "user_handles", "user_links", "user_phones", "user_tags", "post_users"),
)


def rows(database: Path) -> State:
    with closing(sqlite.connect(database)) as connection:
        found: State = {table.name: set() for table in recorded()}
        for table, row in dump.rows(connection):
            found[table].add(row)
        return found


def alone(database: Path, user_id: int) -> dict[str, set[int]]:
    """Return the ids by table of what is someone's in every state of it. By hand: what forgets them reads
    the references of the models, and a fault there must not be ours too."""
    with closing(sqlite.connect(database)) as connection:
        people = theirs.ids_of(connection, theirs.uids_of(connection, [user_id]))
        gone: dict[str, set[int]] = {table.name: set() for table in recorded()}
        gone["users"] = people

        def rows_of(table: str, column: str, owners: set[int]) -> set[int]:
            states = connection.execute(
                f"SELECT id, {column} FROM {table}"
                f" UNION ALL SELECT id, {column} FROM history_{table} WHERE existed = 1"
            ).fetchall()
            others = {row_id for row_id, owner in states if owner not in owners}
            return {row_id for row_id, owner in states if owner in owners} - others

        for table in OWNED:
            gone[table] = rows_of(table, "user_id", people)
        gone["relations"] |= rows_of("relations", "other_id", people)
        gone["post_users"] |= rows_of("post_users", "post_id", gone["posts"])
        files = connection.execute(
            "SELECT file_id, id FROM sources UNION SELECT file_id, id FROM history_sources WHERE existed = 1"
        ).fetchall()
        gone["source_files"] = {each for each, source in files if source in gone["sources"]} - {
            each for each, source in files if source not in gone["sources"]
        }
        return gone


def without(state: State, gone: dict[str, set[int]]) -> State:
    return {table: {row for row in found if row[0] not in gone[table]} for table, found in state.items()}


def back(engine: Engine, database: Path) -> Iterator[tuple[int, State]]:
    """Undo everything, and yield after each step what was undone and what is there then."""
    while True:
        with Session(engine) as session:
            found = history.next_undo(session)
        if found is None:
            return
        history.undo(engine)
        yield found.id, rows(database)


@pytest.mark.outside
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_undo_of_everything_and_redo_are_those_of_everyone_else(
    session: Session, engine: Engine, database: Path, digest: Callable[[], str], seed: int
) -> None:
    player = Player(session, database, random.Random(seed))
    kinds = sorted(KINDS)
    for step in range(80):
        kind = player.chance.choice(kinds)
        player.chance.choice([Player.rules[kind], Player.rules[kind], _add])(player)
        with operation(session):
            pass
        if step % 17 == 16:
            history.undo(engine)
            if step % 2:
                history.redo(engine)
    people = player.ids("history_users", "1 GROUP BY id")
    session.close()
    every = {user_id: alone(database, user_id) for user_id in people}
    user_id = max(every, key=lambda each: sum(map(bool, every[each].values())))  # of whom there is most
    gone = every[user_id]
    assert sum(map(bool, gone.values())) > 2
    copy = database.with_name("before.db")
    with closing(sqlite.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
        uids = theirs.uids_of(connection, [user_id])
    now = without(rows(database), gone)
    forget.forget(database, uids)
    engine.dispose()
    assert forget.finish(database)
    assert rows(database) == now
    with closing(sqlite.connect(database)) as connection:
        assert health.check(connection, deep=True) == []
    before = sqlite.engine(copy)
    then = {operation_id: without(state, gone) for operation_id, state in back(before, copy)}
    before.dispose()
    states = [digest()]
    for operation_id, state in back(engine, database):
        assert state == then[operation_id], operation_id
        states.append(digest())
    for state_digest in states[-2::-1]:
        history.redo(engine)
        assert digest() == state_digest
