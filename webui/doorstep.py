"""The tiny app before the database is open: being brought up to date, made by a newer Roster, damaged.

It opens no database and changes none; what can be done about damage is `webui.damage`. Once the file is
ready the server exchanges it for the real app, and the page that reloads itself arrives there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flask import Flask, Response, abort, redirect, render_template, request
from flask_babel import Babel
from werkzeug.wrappers import Response as BaseResponse

from webui import addresses, assets, filters, words
from webui import damage as damaged
from webui.config import Config
from webui.guard import Guard
from webui.host import Host
from webui.preferences import Preferences
from webui.safety import kept
from webui.store import migrations
from webui.store.errors import Message
from webui.version import VERSION

Kind = Literal["upgrading", "newer", "damaged", "not_upgraded", "failed"]
STATUS = {"upgrading": 200}  # all others: 503, nothing can be served now


@dataclass
class State:
    """What keeps the database closed. One thread changes it while pages show it; each field stands alone.

    message: the step of the upgrade, or the error that ended it, if there is a sentence for it. done: 0 to 1.
    detail: for whoever helps, without personal data.
    """

    kind: Kind
    database: Path
    backups: Path
    detail: str = ""
    message: Message | None = None
    done: float = 0.0
    damage: damaged.Damage | None = None


def create_doorstep(state: State, host: Host, guard: Guard, preferences: Preferences) -> Flask:
    """The app that shows `state`; `host` closes the program and shows folders."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = Config.MAX_CONTENT_LENGTH  # a backup may be sent
    app.add_template_filter(words.sentence, "sentence")
    filters.install(app)
    addresses.install(app)
    guard.install(app)
    assets.install(app)
    Babel(app)

    @app.route("/", defaults={"path": ""}, methods=["GET"])
    @app.route("/<path:path>", methods=["GET"])
    def show(path: str) -> BaseResponse:
        return redirect("/", 303) if path else _page(state, host, preferences)

    if state.damage:

        def shown(name: str, **more: Any) -> BaseResponse:
            return _page(state, host, preferences, f"damage/{name}", **more)

        app.register_blueprint(damaged.pages(state.damage, host, shown))

    @app.post("/show-folder")
    def show_folder() -> BaseResponse:
        folders = {"database": state.database.parent, "backups": state.backups}
        if request.form.get("which") not in folders:
            abort(400)
        host.show_folder(folders[request.form["which"]])
        return redirect("/", 303)

    @app.post("/close")
    def close() -> Response:
        host.close()
        return Response(render_template("doorstep/closed.html", frame={}, version=VERSION))

    return app


def _way_back(state: State) -> kept.Kept | None:
    """Return the newest file that an upgrade kept and this Roster opens, where a newer one wrote the file."""
    ours = (each for each in kept.found(state.database) if each.revision in migrations.known())
    return next(ours, None) if state.kind == "newer" else None


def _page(state: State, host: Host, preferences: Preferences, template: str = "", **more: Any) -> Response:
    found = state.damage
    template = template or ("damage/busy" if found and found.busy else state.kind)
    body = render_template(
        f"doorstep/{template}.html",
        state=state,
        damage=found,
        rescue=found.rescue if found else None,
        frame={"appearance": preferences.get("appearance"), "size": preferences.get("size")},
        native=host.native,
        version=VERSION,
        told=words.sentence(state.message) if state.message else None,
        way_back=_way_back(state),
        backups_exist=state.backups.is_dir() and any(state.backups.iterdir()),
        **more,
    )
    response = Response(body, STATUS.get(state.kind, 503))
    looking = found and not more and (found.busy or not found.rescue.looked)
    if state.kind == "upgrading" or looking:
        # A header, not script: it works in every engine and leads into the app after the exchange.
        response.headers["Refresh"] = "1; url=/"
    return response
