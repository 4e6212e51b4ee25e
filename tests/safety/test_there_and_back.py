"""Any database out and in again: after random operations, each kind of file that holds all brings it back."""

import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.exchange.out.conftest import fill
from tests.store.test_random import Player
from webui.exchange import formats
from webui.safety import restore
from webui.store import trash
from webui.store.ledger import dump, sqlite
from webui.store.ledger.operations import operation

# What takes away, so that much is there; photos, and what has tests of its own.
LEFT_OUT = (
    "trash", "remove", "delete", "forget", "photo", "outside", "restore", "moments", "imports", "bulk",
)  # fmt: skip
KINDS = ("json", "sqlite", "xlsx", "vcf")


@pytest.mark.outside
@pytest.mark.parametrize("seed", [5, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])
def test_what_random_operations_left_comes_back_from_every_kind_of_file(
    session: Session, engine: Engine, database: Path, empty_database: Path, tmp_path: Path, seed: int
) -> None:
    fill(session)
    session.rollback()
    player = Player(session, database, random.Random(seed))
    kinds = sorted(kind for kind in Player.rules if not any(each in kind for each in LEFT_OUT))
    for _step in range(120):
        Player.rules[player.chance.choice(kinds)](player)
    with operation(session):
        trash.empty(session)
    session.rollback()
    with closing(sqlite.connect(database)) as connection:  # a NUL is no text, and goes out as U+FFFD
        connection.execute("UPDATE posts SET body = '' WHERE hex(body) LIKE '%00%'")
    for kind in KINDS:
        if kind in ("xlsx", "vcf"):
            with closing(sqlite.connect(database)) as connection:
                connection.execute("DELETE FROM attachments")
                connection.execute("UPDATE users SET photo_hash = NULL")
        with closing(sqlite.connect(database)) as connection:
            formats.export(connection, tmp_path / f"all.{kind}")
            told = list(dump._by_uid(connection))
            assert connection.execute("SELECT count(*) FROM users").fetchone()[0] > 5
        there = tmp_path / f"{kind}.db"
        shutil.copy(empty_database, there)
        other = sqlite.engine(there)
        restore.restore(other, tmp_path / f"all.{kind}", tmp_path)
        other.dispose()
        with closing(sqlite.connect(there)) as connection:
            assert list(dump._by_uid(connection)) == told, kind
