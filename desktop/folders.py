"""Where everything lies: database, backups, log, preferences. Finds and makes folders; reads no database."""

import errno
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.speech import gettext as _
from webui.preferences import Preferences
from webui.safety.folders import make_folder

NAME = "Roster"
# What a start needs before it touches the database: lock, log, preferences, a page of the write-ahead log.
PROBE_BYTES = 256 * 1024


class FolderProblem(Exception):
    """A folder that Roster cannot start with.

    path: the folder. reason: "read_only", "full" or "unusable". detail: what the system said.
    """

    def __init__(self, path: Path, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.path = path
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Folders:
    """data, backups, logs, scratch are folders, which may not be there yet; preferences_file is a file."""

    data: Path
    backups: Path
    logs: Path
    preferences_file: Path
    scratch: Path

    @property
    def database(self) -> Path:
        """The live file."""
        return self.data / "roster.db"

    @property
    def lock(self) -> Path:
        """Held by the one running copy."""
        return self.data / "roster.lock"

    @property
    def run_file(self) -> Path:
        """How a second start reaches the running copy."""
        return self.data / "run.json"

    @property
    def start_page(self) -> Path:
        """What a browser is given to open; one that is a snap or a flatpak may look into no hidden folder."""
        hidden = any(part.startswith(".") for part in self.data.parts)
        documents = platformdirs.user_documents_path()
        return (documents if hidden and documents.is_dir() else self.data) / "roster-start-page.html"

    def prepare(self) -> None:
        """Make the folders a start needs (0700) and see that they can be written.

        The backups folder is made with the first backup: a missing disk is no reason not to start.
        Raises FolderProblem.
        """
        for folder in (self.data, self.logs, self.scratch, self.preferences_file.parent):
            _make(folder)
        _probe(self.data)


def locate(data: Path | None = None) -> Folders:
    """The folders of this person, or all of them under `data` (or under ROSTER_DATA when that is set)."""
    chosen = data or _from_environment()
    if chosen is not None:
        root = chosen.expanduser().absolute()
        folders = Folders(
            data=root,
            backups=root / "backups",
            logs=root / "logs",
            preferences_file=root / "preferences.json",
            scratch=root / "scratch",
        )
    else:
        folders = _of_this_person()
    backups = Preferences(folders.preferences_file).get("backups")
    if backups is None:
        return folders
    return Folders(folders.data, Path(backups), folders.logs, folders.preferences_file, folders.scratch)


def _from_environment() -> Path | None:
    named = os.environ.get("ROSTER_DATA")
    return Path(named) if named else None


def _of_this_person() -> Folders:
    data = platformdirs.user_data_path(NAME, appauthor=False)
    return Folders(
        data=data,
        backups=platformdirs.user_documents_path() / "Roster backups",
        logs=platformdirs.user_log_path(NAME, appauthor=False),
        preferences_file=platformdirs.user_config_path(NAME, appauthor=False) / "preferences.json",
        scratch=data / "scratch",
    )


def why_unusable(problem: FolderProblem) -> str:
    """Return the sentence: what happened, that nothing was changed, what to do."""
    sentences = {
        "read_only": _(
            "Roster may not write to its folder %(folder)s. Nothing was changed. Allow writing there, or "
            "start Roster with --data and another folder.",
            folder=problem.path,
        ),
        "full": _(
            "The disk that holds %(folder)s is full. Nothing was changed. Make room and start Roster again.",
            folder=problem.path,
        ),
        "unusable": _(
            "Roster cannot use its folder %(folder)s. Nothing was changed. Start it with --data and another "
            "folder, on a disk of this computer.",
            folder=problem.path,
        ),
    }
    return sentences[problem.reason]


def _make(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as problem:
        raise _explain(folder, problem) from problem


def _probe(folder: Path) -> None:
    """Write and delete a little: access bits lie on network disks, and a full disk shows only this way."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise _explain(folder, problem) from problem


def _explain(folder: Path, problem: OSError) -> FolderProblem:
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        reason = "read_only"
    elif problem.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        reason = "full"
    else:
        reason = "unusable"
    return FolderProblem(folder, reason, problem.strerror or str(problem))
