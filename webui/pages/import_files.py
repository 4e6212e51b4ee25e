"""The file that is to be imported: chosen in the window's dialog, uploaded, or pasted."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from webui import database
from webui.exchange import targets
from webui.exchange.ours import finding
from webui.exchange.reading import card_files, sqlite_table
from webui.pages import sent_backups, shared
from webui.pages.drafts import Draft

_KINDS = "*.vcf;*.zip;*.csv;*.tsv;*.txt;*.xlsx;*.xls;*.ods;*.ldif;*.json;*.sqlite;*.sqlite3;*.db;*.age"


def browsed() -> Path | None:
    """Return the file that was chosen in the window's own dialog; it is not the live one. Raises Refused."""
    if "browse" not in request.form:
        return None
    kinds = [(_("Files of people"), _KINDS), (_("All files"), "*.*")]
    if chosen := shared.host().choose_open(_("Import a file"), kinds):
        targets.check_source(chosen, Path(str(database.engine().url.database)))
        if not finding.is_restored(chosen):
            sqlite_table.check_closed(chosen)
    return chosen


def to_restore(draft: Draft) -> Path | None:
    """Return where the file of a draft now lies, with its log, if it is one that is restored and not
    imported. A database of another program takes in its log. Raises Refused."""
    ends = [end for end in sqlite_table.LOGS if draft.file.with_name(draft.file.name + end).exists()]
    if finding.is_restored(draft.file):
        path = sent_backups.place() / draft.name
        for end in ("", *ends):
            shutil.move(draft.file.with_name(draft.file.name + end), path.with_name(path.name + end))
        draft.remove()
        return path
    if ends:
        sqlite_table.take_in_log(draft.file)
    return None


def sent() -> Draft | None:
    """Return a draft of what was pasted or uploaded. Raises OSError, Refused."""
    if request.form.get("pasted", "").strip():
        return Draft.made(_("Pasted table"), request.form["pasted"].encode())
    uploaded = [each for each in request.files.getlist("file") if each.filename]
    try:
        if database_ := _with_log(uploaded):
            return database_
        if len(uploaded) > 1:
            name = _("%(count)s vCards", count=len(uploaded))
            files = [(str(each.filename), each.read()) for each in uploaded]
            return Draft.made(name, card_files.joined(files))
        return Draft.made(str(uploaded[0].filename), uploaded[0]) if uploaded else None
    finally:
        for each in uploaded:
            each.close()


def _with_log(uploaded: Sequence[FileStorage]) -> Draft | None:
    """Return a draft of a database that was chosen together with its log, None for any other files."""
    by_name = {str(each.filename): each for each in uploaded}
    name = min(by_name, key=len, default="")
    logs = {end: by_name[name + end] for end in sqlite_table.LOGS if name + end in by_name}
    if not logs or by_name.keys() - {name, f"{name}-shm", *(name + end for end in logs)}:
        return None
    draft = Draft.made(name, by_name[name])
    for end, log in logs.items():
        path = draft.file.with_name(draft.file.name + end)
        log.save(path)
        path.chmod(0o600)
    return draft
