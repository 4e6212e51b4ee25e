"""The doorstep's pages for a damaged file: its ways out, each as a form that works without script.

What is done is `safety.rescue`; it runs as a job, and then the app is opened without a restart.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, abort, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from webui import filters, labels
from webui.copies import REASONS
from webui.host import Host
from webui.jobs import Job, Jobs
from webui.safety.folders import make_folder
from webui.safety.rescue import Rescue
from webui.store import errors
from webui.store.errors import Message
from webui.store.values import filenames

log = logging.getLogger(__name__)


@dataclass
class Damage:
    """A damaged file on the doorstep. `enter` opens the app once the file is whole again.

    `busy` is the step of what is being done about it, `told` why it came to nothing.
    """

    rescue: Rescue
    enter: Callable[[], object]
    jobs: Jobs = field(default_factory=Jobs)
    busy: Message | None = None
    told: Message | None = None
    looking: Job | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def look(self) -> Job:
        """Begin to find out what can be done."""
        self.looking = self.jobs.start("rescue.look", lambda job: self.rescue.look(job.step))
        return self.looking

    def do(self, work: Callable[[Job], object]) -> None:
        """Do something about it, instead of looking any further, and go on into the app. Once: a second press
        would do it to the file that is whole again, and open."""
        with self._lock:
            if self.busy:
                return
            self.busy, self.told = Message("restore.open"), None
        for job in self.jobs.active():
            job.cancel_asked = True
        self.jobs.start("rescue.do", lambda job: self._do(job, work)).ended.wait(0.3)

    def _do(self, job: Job, work: Callable[[Job], object]) -> None:
        try:
            work(job)
        except errors.StoreError as error:
            log.exception("nothing was done about the damage: %s", error.message.id)
            self._fail(error.message)
            return
        except BaseException:
            self._fail(Message("rescue.failed"))
            raise
        self.enter()

    def _fail(self, message: Message) -> None:
        if not (self.rescue.read or self.rescue.unread):  # it was looked no further
            self.look()
        self.busy, self.told = None, message

    def step(self, phase: str, _done: int = 0, _total: int = 0) -> None:
        """Say how far it is. It is not stopped any more: it takes seconds."""
        self.busy = Message(phase)


def pages(damage: Damage, host: Host, show: Callable[..., BaseResponse]) -> Blueprint:
    """Return the pages; `show` draws a template of the doorstep."""
    made, rescue = Blueprint("damage", __name__), damage.rescue

    @made.get("/rescue")
    def read() -> BaseResponse:
        if rescue.read is None:
            return redirect("/", 303)
        told = {"lines": rescue.read.lines(rescue.database.name), "tables": labels.TABLES}
        return show("read", **told, trashed=filters.counted(rescue.read.trashed))

    @made.post("/rescue")
    def adopt() -> BaseResponse:
        if rescue.read is None:
            return redirect("/", 303)
        damage.do(lambda _job: rescue.adopt())
        return redirect("/", 303)

    @made.post("/restore")
    def restore() -> BaseResponse:
        chosen = rescue.find(request.form.get("path", ""))
        if chosen is None:
            abort(404)
        path, add = chosen.path, "add" in request.form
        damage.do(lambda _job: rescue.restore(path, damage.step, add=add))
        return redirect("/", 303)

    _choosing(made, damage, host, show)
    return made


def _choosing(made: Blueprint, damage: Damage, host: Host, show: Callable[..., BaseResponse]) -> None:
    """Add the pages on which another backup is chosen."""
    rescue = damage.rescue

    @made.get("/backups")
    def backups() -> BaseResponse:
        rescue.look_elsewhere()  # a stick may have come meanwhile
        return show("backups", known=rescue.listed(), locked=rescue.sealed(), reasons=REASONS)

    @made.post("/backups")
    def choose() -> BaseResponse:
        known = {str(each): each for each in rescue.sealed()} if "path" in request.form else {}
        path = known.get(request.form.get("path", ""))
        given = path or _given(host, rescue.database.parent / "scratch" / "restores")
        _try(damage, lambda: rescue.choose(given) if given else None)
        return redirect("/backups", 303)

    @made.post("/backups/passphrase")
    def unlock() -> BaseResponse:
        _try(damage, lambda: rescue.unlock(request.form.get("passphrase", "")))
        return redirect("/backups", 303)


def _try(damage: Damage, work: Callable[[], object]) -> None:
    damage.told = None
    try:
        work()
    except errors.StoreError as error:
        damage.told = error.message


def _given(host: Host, folder: Path) -> Path | None:
    """Return the backup that was chosen in the native dialog or sent, kept under its own name in `folder`; of
    a database its log may be sent too."""
    if "browse" in request.form:
        return host.choose_open(_("Restore a backup"), [(_("Backups and Roster files"), "*.zip;*.db;*.age")])
    sent = [each for each in request.files.getlist("file") if each.filename]
    if not sent:
        return None
    place = folder / secrets.token_hex(8)
    make_folder(place)
    paths = []
    for each in sent[:3]:  # a database, its log and its journal
        paths.append(place / (filenames.plain(each.filename or "") or "backup.zip"))
        each.save(paths[-1])
        each.close()
        paths[-1].chmod(0o600)
    return min(paths, key=lambda path: path.name.endswith(("-wal", "-journal", "-shm")))
