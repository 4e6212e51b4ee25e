"""What every floor's tests share: a database in a file, a session on it, the app over it."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.offline import Attempts
from webui.app import create_app
from webui.config import Config
from webui.safety import opening
from webui.store.ledger import dump, sqlite

pytest_plugins = ["tests.strict_skips", "tests.figures", "tests.at_once"]
ATTEMPTS = Attempts()


def pytest_configure() -> None:
    ATTEMPTS.watch()


def pytest_collection_finish() -> None:
    """Looking for garbage among all that was imported, again and again, is a tenth of the time of a run."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_unconfigure() -> None:
    ATTEMPTS.end()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the soaks (marked long)")


# Files of few tests that take a minute: at the end one worker would be busy with them, and the others idle.
SLOW = {"window", "crash"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not SLOW & set(item.path.parts))
    if config.getoption("--long"):
        return
    soaks = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=soaks)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database that tests copy: migrating once is enough."""
    path = tmp_path_factory.mktemp("empty") / "roster.db"
    opening.create(path)
    return path


@pytest.fixture
def database(tmp_path: Path, empty_database: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The path of an empty database of this test's own.

    A write outside an operation is a fault, except where a test is about it (mark: outside).
    """
    path = tmp_path / "data" / "roster.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(empty_database, path)
    yield path
    if request.node.get_closest_marker("outside") or not path.exists():
        return
    connection = sqlite.connect(path)
    try:
        found = connection.execute("SELECT count(*) FROM operations WHERE door = 'outside'").fetchone()[0]
    finally:
        connection.close()
    assert not found, "something was written outside an operation"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    made = sqlite.engine(database)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made


@pytest.fixture
def digest(database: Path) -> Callable[[], str]:
    """Return a function that gives the digest of the logical dump as it is now."""

    def now() -> str:
        connection = sqlite.connect(database)
        try:
            return dump.digest(connection)
        finally:
            connection.close()

    return now


@pytest.fixture
def app(database: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app over `database`, which trusts its in-process client."""

    class Trusting(Config):
        TESTING = True
        GUARD_TRUSTS_CLIENT = True
        ROSTER_DATA = database.parent
        PREFERENCES = tmp_path / "preferences.json"
        BACKUPS = tmp_path / "backups"

    made = create_app(Trusting)
    yield made
    with made.app_context():
        from webui.database import db

        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def attempts() -> Attempts:
    """What was tried to reach beyond this machine; a test that tries on purpose takes it out."""
    return ATTEMPTS


@pytest.fixture(autouse=True)
def _nothing_leaves(attempts: Attempts) -> Iterator[None]:
    yield
    attempts.settle()


@pytest.fixture(autouse=True, scope="session")
def _nothing_left_open() -> Iterator[None]:
    """Connections that were never closed warn when they are collected; warnings are errors."""
    yield
    gc.collect()
