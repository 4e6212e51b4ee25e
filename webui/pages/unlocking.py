"""Look into a locked backup: its passphrase is asked for, and nothing of what it opens to stays."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webui.jobs import Job
from webui.pages import restores, shared
from webui.safety import locked, restore
from webui.safety.folders import make_folder
from webui.store import errors

pages = Blueprint("unlocking", __name__)


@pages.get("/safety/restore/locked/<key>")
def ask(key: str) -> str | BaseResponse:
    """Ask for the passphrase of the backup that was chosen."""
    path = _asked(key)
    if path is None:
        return redirect(url_for("restores.choose"), 303)
    return render_template("restores/locked.html", key=key, name=path.name, faults={})


@pages.post("/safety/restore/locked/<key>")
def look(key: str) -> BaseResponse | tuple[str, int]:
    """Open the backup by the passphrase, and compare it with now. Nothing else happens yet."""
    path, passphrase = _asked(key), request.form.get("passphrase", "")
    if path is None:
        return redirect(url_for("restores.choose"), 303)
    if not passphrase:
        faults = shared.faults({"passphrase": errors.Message("passphrase.asked")})
        return render_template("restores/locked.html", key=key, name=path.name, faults=faults), 422
    data = Path(current_app.config["ROSTER_DATA"])

    @contextmanager
    def opened(job: Job) -> Iterator[Path]:
        job.step("lock.open")
        folder = data / "scratch" / "restores" / secrets.token_hex(8)
        make_folder(folder)
        try:
            yield locked.unlocked(path, passphrase, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    phases = ["lock.open", *restore.LOOK]
    return restores.look_into(path, opened, phases, url_for("unlocking.ask", key=key))


def _asked(key: str) -> Path | None:
    found: dict[str, Path] = current_app.extensions["roster.locked"]
    return found.get(key)
