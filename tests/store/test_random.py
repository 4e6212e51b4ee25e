"""Random operations of every kind: undone and redone, each step leaves exactly what was there.

A new kind of operation has its rule here, or `test_the_rules_cover_every_kind` fails.
"""

import random
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.store import belonging_rules, bulk_rules, field_rules, trash_rules, view_rules
from webui.exchange import importing
from webui.safety import differences, files, past, some_people
from webui.store import errors, posts, settings, tags, users
from webui.store.ledger import derived, dump, history, sqlite
from webui.store.ledger.kinds import KINDS
from webui.store.ledger.operations import operation, replacing
from webui.store.models import Post

LIVING = "deleted_at IS NULL AND user_id IN (SELECT id FROM users WHERE deleted_at IS NULL)"  # of posts


class Player:
    """Does one random operation of a kind; each kind of `KINDS` has a rule."""

    def __init__(self, session: Session, database: Path, chance: random.Random) -> None:
        self.session, self.database, self.chance = session, database, chance
        self.number = 0

    rules: dict[str, Callable[["Player"], Any]] = {
        **view_rules.RULES,
        **field_rules.RULES,
        **bulk_rules.RULES,
        **trash_rules.RULES,
    }

    def ids(self, table: str, where: str) -> list[int]:
        found = self.session.execute(text(f"SELECT id FROM {table} WHERE {where}")).scalars().all()
        self.session.rollback()
        return list(found)

    def one(self, table: str = "users", where: str = "deleted_at IS NULL") -> int | None:
        ids = self.ids(table, where)
        return self.chance.choice(ids) if ids else None

    def fresh(self) -> str:
        self.number += 1
        return f"user{self.number}"


def rule(kind: str) -> Callable[[Callable[[Player], Any]], Callable[[Player], Any]]:
    def note(function: Callable[[Player], Any]) -> Callable[[Player], Any]:
        Player.rules[kind] = function
        return function

    return note


@rule("users.add")
def _add(player: Player) -> None:
    name = player.fresh()
    with operation(player.session):
        users.add(
            player.session,
            {
                "username": name,
                "email": f"{name}@post.example",
                "given": name,
                "emails": [{"email": "a@b.example"}],
            },
        )


@rule("users.change")
def _change(player: Player) -> None:
    if user_id := player.one():
        name = player.fresh()
        with operation(player.session):
            form = {
                "username": name,
                "email": f"{name}@post.example",
                "note": name,
                "tags": player.chance.sample(["Choir", "Board", "Alto", name], 2),
                "birthday": player.chance.choice(["4 March", "1987", ""]),
                "emails": [{"email": f"{name}@further.example"}],
                "phones": [{"phone": f"+46 70 {name}"}] * player.chance.randrange(3),
                "addresses": [{"city": name}] * player.chance.randrange(2),
                "dates": [{"label": name, "date": "June 2010"}] * player.chance.randrange(2),
                "fields": field_rules.values(player),
            }
            users.change(player.session, user_id, form)


@rule("tags.rename")
def _rename_tag(player: Player) -> None:
    if tag_id := player.one("tags", "1"):
        with operation(player.session):
            tags.rename(player.session, tag_id, player.fresh())


@rule("tags.merge")
def _merge_tags(player: Player) -> None:
    with operation(player.session):
        found = [tag.id for tag in tags.every(player.session)]
        if len(found) > 1:
            tags.merge(player.session, *player.chance.sample(found, 2))


@rule("tags.remove")
def _remove_tag(player: Player) -> None:
    if tag_id := player.one("tags", "1"):
        with operation(player.session):
            tags.remove(player.session, tag_id)


@rule("users.trash")
def _trash(player: Player) -> None:
    if user_id := player.one():
        with operation(player.session):
            users.trash(player.session, [user_id])


@rule("users.put_back")
def _put_back(player: Player) -> None:
    if user_id := player.one(where="deleted_at IS NOT NULL"):
        name = player.fresh()
        with operation(player.session):
            users.put_back(player.session, user_id, {"username": name, "email": f"{name}@post.example"})


@rule("posts.add")
def _post(player: Player) -> None:
    if user_id := player.one():
        with operation(player.session):
            posts.add(player.session, user_id, {"title": player.fresh()})


@rule("posts.change")
def _change_post(player: Player) -> None:
    if post_id := player.one("posts", LIVING):
        with operation(player.session):
            posts.change(player.session, post_id, {"title": player.fresh()})
            player.session.get_one(Post, post_id).body = "\0"  # no form can, but a script may


@rule("posts.done")
def _done(player: Player, done: bool = True) -> None:
    """Say that a post is done, or that it is not; without one, write one to come back to."""
    living = f"{LIVING} AND follow_up IS NOT NULL"
    post_id = player.one("posts", f"{living} AND done_at IS {'' if done else 'NOT '}NULL")
    user_id, also = player.one(), player.one()
    with operation(player.session):
        if post_id:
            posts.set_done(player.session, post_id, done)
        elif user_id:
            form = {"title": player.fresh(), "follow_up": "2026-12-01", "people": [also]}
            posts.set_done(player.session, posts.add(player.session, user_id, form).id, not done)


@rule("posts.not_done")
def _not_done(player: Player) -> None:
    _done(player, done=False)


@rule("settings.title")
def _title(player: Player) -> None:
    with operation(player.session):
        settings.set_title(player.session, player.fresh())


@rule("settings.email_required_off")
def _rule_off(player: Player) -> None:
    with operation(player.session):
        settings.set_email_required(player.session, False)


@rule("settings.email_required_on")
def _rule_on(player: Player) -> None:
    with operation(player.session):
        settings.set_email_required(player.session, True, leave_those_without=True)


@rule("settings.phone_region")
def _rule_region(player: Player) -> None:
    with operation(player.session):
        settings.set_phone_region(player.session, player.chance.choice(["DE", "SE", ""]))


@rule("restore")
def _restore(player: Player) -> None:
    """Take over another moment: a copy of now with changes of its own, as an older backup would have."""
    copy, same_origin = _moment(player)
    engine = player.session.get_bind()
    assert isinstance(engine, Engine)
    with replacing(engine, "restore", {"at": "2026"}, attach=copy) as (live, _opened):
        differences.take_over(live, same_origin)


@rule("restore.some")
def _restore_some(player: Player) -> None:
    """Take over some people of such a moment, or let them go that it has not."""
    copy, same_origin = _moment(player)
    uids = player.session.execute(text("SELECT uid FROM users ORDER BY id")).scalars().all()
    player.session.rollback()
    some = [uid for uid in uids if player.chance.random() < 0.6]
    engine = player.session.get_bind()
    assert isinstance(engine, Engine)
    values = {"at": "2026", "count": len(some), "name": "x"}
    with (
        suppress(errors.Refused),
        replacing(engine, "restore.some", values, attach=copy) as (live, opened),
    ):
        some_people.take_over(live, same_origin, some)
        some_people.judge(live, opened.id)


def _moment(player: Player) -> tuple[Path, bool]:
    copy = player.database.with_name("moment.db")
    files.remove(copy)
    connection = sqlite.connect(player.database)
    connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    other = sqlite.connect(copy)
    name, same_origin = player.fresh(), player.chance.random() < 0.5
    other.execute("DELETE FROM users WHERE id = (SELECT max(id) FROM users)")
    other.execute("UPDATE users SET note = ?, display_name = ? WHERE id % 3 = 0", (name, name))
    other.execute("UPDATE posts SET title = ? WHERE id % 4 = 0", (name,))
    if player.chance.random() < 0.5:
        other.execute("DELETE FROM tags WHERE id % 2 = 0")
        other.execute("UPDATE users SET deleted_at = '2026' WHERE id % 5 = 0")
        other.execute("DELETE FROM user_emails WHERE id % 2 = 0")
        other.execute("UPDATE fields SET uid = 'f' || id WHERE id % 2 = 0")
    other.close()
    return copy, same_origin


@rule("imports.add")
def _import(player: Player) -> None:
    name, folder = player.fresh(), player.database.parent
    (folder / "people.csv").write_text(
        "Name,E-mail,Note,Tags,Badge\n"
        f"{name} Ek,{name}@post.example,{name},t1;t2,{name}\n{name} Ek,{name}@post.example,again,t3\n"
        f"user1,user1@post.example,{name},,4\nKim,,,,no\n"
    )
    engine = player.session.get_bind()
    assert isinstance(engine, Engine)
    with importing.plan(engine, folder / "people.csv", folder / "plan.sqlite") as plan:
        importing.apply(engine, plan, allow_missing_email=True)


@rule("outside")
def _outside(player: Player) -> None:
    connection = sqlite.connect(player.database)
    name = player.fresh()
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT OR REPLACE INTO users (id, uid, username, email, display_name, created_at, updated_at)"
            " VALUES ((SELECT min(id) FROM users), ?, ?, ?, '', '', '')",
            (name, name, f"{name}@outside.example"),
        )
        connection.execute("DELETE FROM posts WHERE id = (SELECT max(id) FROM posts)")
        connection.execute("COMMIT")
    finally:
        connection.close()


Player.rules |= belonging_rules.RULES


def test_the_rules_cover_every_kind() -> None:
    assert set(Player.rules) == KINDS


@pytest.mark.outside
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_random_operations_are_undone_and_redone_exactly(
    session: Session, engine: Engine, database: Path, digest: Callable[[], str], seed: int
) -> None:
    player = Player(session, database, random.Random(seed))
    kinds, states, done = sorted(KINDS), {}, set()
    for step in range(40 * len(KINDS)):
        if step >= 100 and done == KINDS:
            break
        some, rare = (
            Player.rules[player.chance.choice(each)] for each in (kinds, sorted(KINDS - done) or kinds)
        )
        player.chance.choice([some, rare, rare, _add])(player)  # what was not done yet comes sooner
        with operation(session):  # catches up with a change from outside, and leaves no trace itself
            pass
        newest = history.page(session, limit=1)
        session.rollback()
        states[newest[0].id if newest else 0] = digest()
        done.update(each.message for each in newest)
        if step % 20 == 19:
            _there_and_back(engine, states, digest, player.chance.randint(1, 5))
    assert done == KINDS
    order = sorted(states)
    for number in player.chance.sample(order, 8):
        assert _as_of(engine, number) == states[number]
    live = [each.id for each in history.page(session, limit=1000) if not each.undone]
    session.rollback()
    assert live == [number for number in reversed(order) if number]
    for number in reversed(order[:-1]):
        history.undo(engine)
        assert digest() == states[number]
    for number in order[1:]:
        history.redo(engine)
        assert digest() == states[number]
    connection = sqlite.connect(database)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for index in ("names_fts", "words_fts", "parts_fts"):
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    assert dump.records_digest(connection)
    connection.close()


def _as_of(engine: Engine, number: int) -> str:
    """Return the digest of what was after an operation, once its search was seen to be right too."""
    made = past.make(engine, number)
    try:
        with closing(sqlite.connect(str(made.engine.url.database))) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("SELECT coalesce(max(id), 0) FROM operations").fetchone() == (number,)
            for index in ("names_fts", "words_fts", "parts_fts"):
                connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
            written = "SELECT * FROM person_text ORDER BY user_id"
            kept, then = connection.execute(written).fetchall(), dump.digest(connection)
            derived.write_all(connection)
            assert connection.execute(written).fetchall() == kept
            return then
    finally:
        made.close()


def _there_and_back(engine: Engine, states: dict[int, str], digest: Callable[[], str], steps: int) -> None:
    order = sorted(states)
    steps = min(steps, len(order) - 1)
    for back in range(1, steps + 1):
        history.undo(engine)
        assert digest() == states[order[-1 - back]]
    for forward in range(steps - 1, -1, -1):
        history.redo(engine)
        assert digest() == states[order[-1 - forward]]
