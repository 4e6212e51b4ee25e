"""The file that is to be imported: chosen in the window's dialog, uploaded, or pasted."""

from pathlib import Path

from flask import request
from flask_babel import gettext as _

from webui import database
from webui.exchange import targets
from webui.exchange.reading import cards
from webui.pages import shared
from webui.pages.drafts import Draft

_KINDS = "*.vcf;*.zip;*.csv;*.tsv;*.txt;*.xlsx;*.xls;*.ods;*.ldif;*.json;*.sqlite;*.sqlite3;*.db;*.age"


def browsed() -> Path | None:
    """Return the file that was chosen in the window's own dialog; it is not the live one. Raises Refused."""
    if "browse" not in request.form:
        return None
    kinds = [(_("Files of people"), _KINDS), (_("All files"), "*.*")]
    if chosen := shared.host().choose_open(_("Import a file"), kinds):
        targets.check_source(chosen, Path(str(database.engine().url.database)))
    return chosen


def sent() -> Draft | None:
    """Return a draft of what was pasted or uploaded. Raises OSError, Refused."""
    if request.form.get("pasted", "").strip():
        return Draft.made(_("Pasted table"), request.form["pasted"].encode())
    uploaded = [each for each in request.files.getlist("file") if each.filename]
    if len(uploaded) > 1:
        name = _("%(count)s vCards", count=len(uploaded))
        return Draft.made(name, cards.joined([each.read() for each in uploaded]))
    return Draft.made(str(uploaded[0].filename), uploaded[0]) if uploaded else None
