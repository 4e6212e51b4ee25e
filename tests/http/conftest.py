"""The app as a start makes it, for those who are at the door themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui.app import create_app
from webui.config import Config
from webui.database import db
from webui.guard import Guard

HOST = "127.0.0.1:40123"
ORIGIN = f"http://{HOST}"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def guarded(database: Path, tmp_path: Path) -> Iterator[Flask]:
    """The app as a start makes it; its guard is in the config."""

    class Normal(Config):
        ROSTER_DATA = database.parent
        PREFERENCES = tmp_path / "preferences.json"
        BACKUPS = tmp_path / "backups"
        GUARD = Guard(HOST)

    made = create_app(Normal)
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def window(guarded: Flask) -> FlaskClient:
    """The person's own window."""
    client = guarded.test_client()
    address = guarded.config["GUARD"].address().removeprefix(ORIGIN)
    assert client.get(address, base_url=ORIGIN).status_code == 303
    return client
