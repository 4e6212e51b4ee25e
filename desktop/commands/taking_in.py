"""`import` of what Roster itself exported as JSON or SQLite: records, and not rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.commands import outputs, shared
from desktop.folders import Folders
from desktop.speech import gettext as _

if TYPE_CHECKING:
    from webui.safety.restore import Preview


def is_one(file: Path) -> bool:
    """Whether a file is such an export."""
    from webui.exchange.ours import finding

    return file.is_file() and finding.is_one(file)


def take_in(folders: Folders, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Take it in, and say what changed. Raises what `safety.taking_in` raises."""
    from webui.safety import bringing, taking_in

    with shared.opened(folders) as engine:
        found, kept = taking_in.take_in(
            engine, file, folders.backups, shared.stoppable(), door="command", dry_run=dry_run
        )
        if kept or (found.added and not dry_run):
            bringing.follow(engine, shared.places(folders), kept)
    counts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    copy = str(kept) if kept else None
    data = {"file": file.name, **counts, "forgotten": found.forgotten, "dry_run": dry_run}
    outputs.answer(as_json, data | {"safety_copy": copy}, *_lines(file, found, kept, dry_run=dry_run))


def _lines(file: Path, found: "Preview", kept: Path | None, *, dry_run: bool) -> list[str]:
    counts = {"name": file.name, "added": found.added, "changed": found.changed}
    said = _("%(name)s is an export of Roster. People: %(added)s added, %(changed)s changed.", **counts)
    lines = [_("Nothing was changed. It would be: %(said)s", said=said) if dry_run else said]
    if kept:
        lines.append(_("What was here before is in %(path)s.", path=kept))
    return lines
