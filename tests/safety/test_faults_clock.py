"""A clock that jumps back: what was done last is undone first, the newest backup is the one made last."""

import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from webui.safety import automatic, catalogue, retention
from webui.safety.automatic import HOUR
from webui.safety.places import Places
from webui.store import users
from webui.store.ledger import history
from webui.store.ledger.operations import operation
from webui.store.values import times

NOW = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=10)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime.datetime) -> None:
    monkeypatch.setattr(times, "now", lambda: times.written(moment))


def add(engine: Engine, name: str) -> None:
    with Session(engine) as session, operation(session):
        users.add(session, {"username": name, "email": f"{name}@post.example"})


def known(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [user.username for user in session.query(users.User).order_by(users.User.id)]


def test_undo_and_history_follow_what_was_done_not_the_clock(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOW + datetime.timedelta(days=365))
    add(engine, "mara")
    at(monkeypatch, NOW)
    add(engine, "noor")
    with Session(engine) as session:
        assert [each.values["name"] for each in history.page(session)] == ["noor", "mara"]
    history.undo(engine)
    assert known(engine) == ["mara"]
    history.redo(engine)
    assert known(engine) == ["mara", "noor"]


def test_the_newest_backup_is_the_one_made_last(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(tmp_path / "backups")
    at(monkeypatch, NOW + datetime.timedelta(days=365))
    add(engine, "mara")
    first = automatic.back_up(engine, places).path
    at(monkeypatch, NOW)
    add(engine, "noor")
    assert automatic.is_due(engine, places, NOW, HOUR)
    made = automatic.keep_up(engine, places, "hourly", HOUR)
    assert made is not None
    uid = automatic._uid(engine)
    newest = catalogue.newest(places.first, uid)
    assert newest is not None
    assert newest.path == made.path
    assert [each.path for each in catalogue.backups(places.first)] == [made.path, first]
    later = NOW + datetime.timedelta(minutes=10)
    retention.thin(places.first, uid, 1, later)  # room for nothing but what must stay
    assert made.path.exists()
