"""The database of a request: Flask-SQLAlchemy's `db`, over the store's own models."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import _QueryProperty
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from webui.store import errors, migrations
from webui.store.ledger import derived, sqlite
from webui.store.ledger.operations import follow, raw
from webui.store.models import Base

db = SQLAlchemy(metadata=Base.metadata)

# `User.query` for scripts and the shell, as Flask-SQLAlchemy puts it on its own Model.
Base.query_class = db.Query
Base.__fsa__ = db
Base.query = _QueryProperty()


def install(app: Flask) -> None:
    """Bind `db` to the app's database and prepare each of its connections."""
    if not app.config["SQLALCHEMY_DATABASE_URI"]:
        folder = Path(app.config["ROSTER_DATA"])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        app.config["SQLALCHEMY_DATABASE_URI"] = sqlite.address(folder / "roster.db")
    db.init_app(app)
    with app.app_context():
        sqlite.instrument(db.engine)
        if db.engine.url.database not in (None, "", ":memory:"):
            app.before_request(_follow)
    app.register_error_handler(sqlite3.DatabaseError, _meant)


def _meant(error: sqlite3.DatabaseError) -> ResponseReturnValue:
    """Answer what the driver itself said, where it was asked directly, as what it means."""
    meaning = sqlite.meaning(error)
    if meaning is None:
        raise error
    return current_app.handle_user_exception(meaning)


def _follow() -> None:
    """Let each page know of what another program has changed in the file.

    Without waiting: while that is still being written, or nothing can be, one reads what was there before.
    """
    if request.endpoint not in (None, "asset") and request.method in ("GET", "HEAD"):
        with suppress(errors.Busy, errors.Full, errors.ReadOnly):
            follow(db.session(), patience=0)


def session() -> Session:
    """Return the session of this request: on now, or on the moment that is looked at (see `moments`)."""
    shown: Session | None = g.get("shown")
    return shown or live()


def live() -> Session:
    """Return the session on now, whatever is looked at."""
    return db.session()


def engine() -> Engine:
    """Return the engine of the database as it is now."""
    return db.engine


@event.listens_for(Base.metadata, "after_create")
def _install_derived(_metadata: object, connection: Connection, **_kw: object) -> None:
    derived.install(raw(connection))


@contextmanager
def migrating() -> Iterator[Connection]:
    """Give Flask-Migrate's commands a connection without foreign keys; what is derived follows."""
    engine_of_its_own = sqlite.engine(str(db.engine.url.database))
    try:
        with engine_of_its_own.connect() as connection:
            driver = raw(connection)
            connection.rollback()
            driver.execute("PRAGMA foreign_keys=OFF").close()
            with connection.execution_options(write=True).begin() as transaction:
                revision, before = derived.revision(driver), migrations.last_ids(driver)
                derived.drop_triggers(driver)
                yield connection
                reached = derived.revision(driver)
                if reached == revision:  # it was only compared with the models
                    transaction.rollback()
                else:
                    migrations.finish(driver, before, at_head=reached == migrations.head())
    finally:
        engine_of_its_own.dispose()
