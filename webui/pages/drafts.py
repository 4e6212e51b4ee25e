"""Imports that are not done yet: a folder each in the scratch folder, with the file and its plan.

A draft is removed when the next one begins after it was done, or when it is a day old. Not for backups.
"""

import hashlib
import json
import logging
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from flask import current_app
from werkzeug.datastructures import FileStorage

from webui import database
from webui.exchange import targets
from webui.exchange.importing import Result
from webui.exchange.plan import Plan
from webui.exchange.rules import Rules
from webui.exchange.sent.comparison import Comparison
from webui.exchange.sent.taking import Taken
from webui.exchange.tables import Options
from webui.pages import shared
from webui.safety.folders import make_folder
from webui.store.errors import NotFound

log = logging.getLogger(__name__)
_DAY = 24 * 60 * 60  # seconds
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Answers:
    """What the person said of the columns: a target each, whether the day or the month comes first, and what
    happens to who is here; whether people may come in without an e-mail, ticked so far; and of a sheet that
    is back whose rows are that lost their uids, by their positions, as `sent_draft.answered` reads it."""

    choices: list[str] | None = None
    dates: str | None = None
    how: dict[str, Any] = field(default_factory=dict)
    email_optional: bool = False
    whose: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def rules(self) -> Rules:
        """What happens to who is here."""
        return Rules(**self.how)


_KINDS = (Options, Answers, Rules, Result, Taken)
_SHAPE = hashlib.sha256(
    repr(
        [[each.name for each in fields(kind)] for kind in _KINDS] + [Plan.SCHEMA, Comparison.SCHEMA]
    ).encode()
).hexdigest()


class Draft:
    """An import under way; `id` is in its addresses, `name` is the file's own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.id = folder, folder.name

    @classmethod
    def made(cls, name: str, content: Path | FileStorage | bytes) -> "Draft":
        """Keep a chosen, uploaded or pasted file as a new draft; old ones are removed.

        Raises OSError, Refused.
        """
        if isinstance(content, Path):
            targets.check_source(content, Path(str(database.engine().url.database)))
        _sweep()
        draft = cls(_scratch() / secrets.token_hex(8))
        make_folder(draft.folder)
        try:
            if isinstance(content, Path):
                shutil.copyfile(content, draft.file)
            elif isinstance(content, bytes):
                draft.file.write_bytes(content)
            else:
                content.save(draft.file)
            draft.file.chmod(0o600)
            draft._note(name=shared.file_name(name), shape=_SHAPE)
        except OSError:
            draft.remove()
            raise
        return draft

    @classmethod
    def find(cls, draft_id: str) -> "Draft":
        """Return a draft that is there, and is kept as this version of Roster does. Raises NotFound."""
        draft = cls(_scratch() / draft_id)
        if not _ID.fullmatch(draft_id) or not draft._notes.is_file():
            raise NotFound("imports", draft_id)
        draft._read()
        return draft

    @property
    def file(self) -> Path:
        """The copy of the file that is to be imported."""
        return self.folder / "file"

    @property
    def plan_file(self) -> Path:
        """Where the plan is or will be."""
        return self.folder / "plan.sqlite"

    @property
    def again(self) -> Path:
        """Where a sheet that is back is compared, until that is whole."""
        return self.folder / "again"

    @property
    def comparison_file(self) -> Path:
        """Where the comparison of a sheet that is back is or will be."""
        return self.folder / "sent.sqlite"

    @property
    def name(self) -> str:
        """The file's own name."""
        return str(self._read()["name"])

    @property
    def options(self) -> Options:
        """How the person says that the file is to be read."""
        return Options(**self._read().get("options", {}))

    @property
    def result(self) -> Result | None:
        """What came of it, once it was done."""
        kept = self._read().get("result")
        return Result(**kept) if kept else None

    @property
    def taken(self) -> Taken | None:
        """What came of a sheet that is back, once it was taken."""
        kept = self._read().get("taken")
        return Taken(**kept) if kept else None

    def read_by(self, options: Options) -> None:
        """Keep how the file is to be read."""
        self._note(options=asdict(options))

    @property
    def answers(self) -> Answers:
        """How the columns are to be read."""
        return Answers(**self._read().get("answers", {}))

    def answer(self, answers: Answers) -> None:
        """Keep how the columns are to be read."""
        self._note(answers=asdict(answers))

    def done(self, result: Result | Taken) -> None:
        """Keep what came of it, if that can be written: the import is done all the same."""
        try:
            self._note(**{"taken" if isinstance(result, Taken) else "result": asdict(result)})
        except OSError:
            log.exception("what came of an import is not kept")

    def _note(self, **about: Any) -> None:
        kept = self._read() if self._notes.exists() else {}
        made = self._notes.with_suffix(".new")
        made.write_text(json.dumps(kept | about), encoding="utf-8")
        made.replace(self._notes)

    @contextmanager
    def plan(self) -> Iterator[Plan]:
        """Open the plan. Raises NotFound while there is none."""
        if not self.plan_file.exists():
            raise NotFound("imports", self.id)
        with Plan(self.plan_file) as plan:
            yield plan

    def remove(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _notes(self) -> Path:
        return self.folder / "about.json"

    def _read(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._notes.read_text(encoding="utf-8"))
        except (ValueError, NotADirectoryError) as error:  # cut off by a power cut, or none: chosen again
            raise NotFound("imports", self.id) from error
        if not isinstance(found, dict) or found.get("shape") != _SHAPE:  # begun before an upgrade: the same
            raise NotFound("imports", self.id)
        return found


def open_ones() -> Iterator[Draft]:
    """Yield the drafts that are not done, the newest first; none that is to be removed."""
    began: list[tuple[float, Draft]] = []
    for folder in _scratch().glob("*"):
        with suppress(FileNotFoundError):
            began.append((folder.stat().st_mtime, Draft(folder)))
    for at, draft in sorted(began, key=lambda each: each[0], reverse=True):
        with suppress(FileNotFoundError, NotFound):
            if at >= time.time() - _DAY and not draft.result and not draft.taken:
                yield draft


def _scratch() -> Path:
    return Path(current_app.config["ROSTER_DATA"]) / "scratch" / "imports"


def _sweep() -> None:
    for folder in _scratch().glob("*"):
        draft = Draft(folder)
        # One may be being uploaded just now, or swept by another.
        with suppress(FileNotFoundError, NotFound):
            if folder.stat().st_mtime < time.time() - _DAY or draft.result or draft.taken:
                draft.remove()
