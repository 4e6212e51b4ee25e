"""How the app is set up: the defaults, for tests, and for work on Roster itself. Imports nothing of ours."""

import os
import secrets
from pathlib import Path
from typing import Any


class Config:
    """The app as people run it. The shell sets ROSTER_DATA, GUARD and the folders on its own copy."""

    TESTING = False
    SECRET_KEY = secrets.token_hex(32)  # signs flash messages alone; a new one each run is right
    ROSTER_DATA: Path | None = None
    SQLALCHEMY_DATABASE_URI: str | None = None
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {
        "pool_size": 10,
        "max_overflow": 20,
        "hide_parameters": True,  # personal data must not reach a log
    }
    MAX_CONTENT_LENGTH = 256 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
    MAX_FORM_PARTS = 10_000  # a form with a file has a part for each field; a list in it may have 300 rows
    GUARD: Any = None
    GUARD_TRUSTS_CLIENT = False
    PREFERENCES: Path | None = None
    BACKUPS: Path | None = None
    LANGUAGES = ("en",)
    DEVELOPING = False  # then `flask db ...` is there, which imports Alembic at the start


class TestingConfig(Config):
    """In memory, on one shared connection, and with trust in the in-process client."""

    TESTING = True
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any] = {"hide_parameters": True}
    GUARD_TRUSTS_CLIENT = True


class DevelopmentConfig(Config):
    """For `flask` commands in a checkout: its own folder, never the database of a person's own."""

    DEVELOPING = True
    ROSTER_DATA = Path(os.environ.get("ROSTER_DATA") or Path(__file__).parent.parent / "instance")


NAMED: dict[str, type[Config]] = {
    "default": DevelopmentConfig,
    "development": DevelopmentConfig,
    "testing": TestingConfig,
}
