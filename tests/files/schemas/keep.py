"""Make the kept file of the newest schema: `python tests/files/schemas/keep.py`, once a version.

A kept file is never made again: it is what that version wrote, for `test_migrations`.
"""

import gzip
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from sqlalchemy.orm import Session

from webui.safety import opening
from webui.store import (
    attachments,
    fields,
    migrations,
    photos,
    posts,
    relations,
    saved_views,
    settings,
    users,
)
from webui.store.ledger import history, sqlite
from webui.store.ledger.operations import operation
from webui.store.values import pictures

PICTURES = Path(__file__).parents[1] / "pictures"


def fill(path: Path) -> None:
    engine = sqlite.engine(path)
    with Session(engine) as session:
        for number, (given, family) in enumerate(
            [("Mara", "Lindqvist"), ("Zoë", "Łukasz"), ("Al", "Straße")]
        ):
            form = {
                "given": given,
                "family": family,
                "email": f"user{number}@post.example",
                "email_label": "Work",
                "note": "sings\nalto",
                "birthday": "4 March 1987",
                "organisation": "Lund Choir",
                "tags": ["Choir", given],
                "phones": [{"label": "Home", "phone": f"+46 8 123 456 7{number}"}],
                "addresses": [{"label": "Home", "street": "Kastanjegatan 12", "city": "Lund"}],
                "dates": [{"label": "Wedding", "date": "June 2010"}],
            }
            with operation(session):
                user = users.add(session, form | {"username": users.suggest_username(session, form)})
                posts.add(session, user.id, {"title": "Concert", "date": "2026-11-25"})
        _belongings(session)
        with operation(session):
            users.trash(session, [2])
        with operation(session):
            settings.set_title(session, "Choir")
        session.rollback()
        history.undo(engine)
    opening.close(engine)
    opening.settle(path)


def _belongings(session: Session) -> None:
    """What schema 0003 made room for."""
    with operation(session):
        fields.add(session, {"name": "Voice", "kind": "choice", "options": "Alto\nBass"})
    with operation(session):
        users.change(session, 1, {"fields": {"Voice": "Alto"}})
    with operation(session):
        photos.put(session, 1, pictures.read((PICTURES / "small.webp").read_bytes()))
    with operation(session):
        attachments.add(session, 1, [attachments.Offered("contract.txt", b"Signed.")])
    with operation(session):
        relations.add(session, 1, {"people": [3], "kind": "sibling"})
    with operation(session):
        form = {"title": "Regatta", "date": "2026-11-26", "follow_up": "2026-12-01", "people": [3]}
        posts.set_done(session, posts.add(session, 1, form).id, True)
    with operation(session):
        saved_views.add(session, "Altos", "voice:alto")
    with operation(session):  # 0005 has a trash for these
        posts.trash(session, posts.add(session, 1, {"title": "Rained off", "date": "2026-11-24"}).id)
    with operation(session):
        saved_views.trash(session, saved_views.add(session, "Basses", "voice:bass").id)


if __name__ == "__main__":
    target = Path(__file__).with_name(f"{migrations.head()}.db.gz")
    if target.exists():
        sys.exit(f"{target.name} is there already")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "roster.db"
        opening.create(made)
        fill(made)
        target.write_bytes(gzip.compress(made.read_bytes(), mtime=0))
