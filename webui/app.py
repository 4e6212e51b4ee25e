"""create_app: the composition of the app, nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from webui import (
    addresses,
    alarm,
    api,
    assets,
    compiled,
    database,
    facts,
    filters,
    frame,
    language,
    markdown,
    moments,
    pages,
    plurals,
    problems,
    words,
)
from webui.config import NAMED, Config
from webui.guard import Guard
from webui.host import Host, NoHost
from webui.jobs import Jobs
from webui.pages.unsaved import Unsaved
from webui.preferences import Preferences
from webui.safety import drill, opening
from webui.safety.automatic import Lately
from webui.store.models import Post, User
from webui.store.saved_views import Counts
from webui.tokens import Tokens


def create_app(config: Any = "default", host: Host | None = None) -> Flask:
    """Return the app. `config` is a name of `webui.config.NAMED`, a class or an object with settings;
    `host` is what shows the pages (a window, or nothing special: a browser).

    The database it names must exist already, but for one in memory: `safety.opening` makes and
    upgrades files. Raises KeyError for an unknown name.
    """
    app = Flask(__name__, static_folder=None)  # `assets` serves what is static
    app.jinja_environment = compiled.Sharing
    addresses.install(app)
    app.config.from_object(NAMED[config] if isinstance(config, str) else config)
    host = host or NoHost()
    preferences = _extend(app, host)
    guard = app.config["GUARD"] or Guard.from_config(app.config)
    guard.install(app)
    addresses.remember(app)
    language.install(app)
    database.install(app)
    moments.install(app)
    assets.install(app)
    compiled.install(app)
    frame.install(app, preferences)
    problems.install(app)
    alarm.install(app)
    pages.install(app)
    api.install(app)
    filters.install(app)
    plurals.install(app)
    facts.install(app)
    markdown.install(app)
    app.add_template_filter(words.sentence, "sentence")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.shell_context_processor
    def _shell() -> dict[str, Any]:
        return {"db": database.db, "User": User, "Post": Post}

    if app.config["DEVELOPING"]:
        _for_developers(app)
    return app


def _extend(app: Flask, host: Host) -> Preferences | None:
    """Give the app what lives as long as it does; return this computer's own preferences."""
    app.extensions["roster.host"] = host
    app.extensions["roster.jobs"] = Jobs()
    app.extensions["roster.counts"] = Counts()
    app.extensions["roster.unsaved"] = Unsaved()
    app.extensions["roster.backups"] = Lately()
    app.extensions["roster.start"] = started
    app.extensions["roster.locked"] = {}  # backups that wait for their passphrase, by key
    kept, data = app.config["PREFERENCES"], app.config["ROSTER_DATA"]
    app.extensions["roster.preferences"] = preferences = Preferences(Path(kept)) if kept else None
    app.extensions["roster.tokens"] = Tokens(Path(data) / "tokens.json") if data else None
    return preferences


@contextmanager
def started(data: Path) -> Iterator[drill.Ask]:
    """Start another app, on the data folder of a fire drill, to be asked from within this process alone."""

    class Throwaway(Config):
        GUARD_TRUSTS_CLIENT = True
        ROSTER_DATA = data
        BACKUPS = data / "backups"

    app = create_app(Throwaway)

    def ask(address: str, query: Mapping[str, str]) -> tuple[int, str, Any]:
        answer = app.test_client().get(address, query_string=dict(query))
        return answer.status_code, answer.headers.get("X-Total-Count", ""), answer.get_json(silent=True)

    try:
        yield ask
    finally:
        with app.app_context():
            database.db.session.remove()
            opening.close(database.engine())


def _for_developers(app: Flask) -> None:
    """Add `flask db migrate` and `flask db upgrade`, from the development group of packages."""
    from flask_migrate import Migrate

    Migrate(app, database.db, directory=str(Path(__file__).parent / "store" / "migrations"))
