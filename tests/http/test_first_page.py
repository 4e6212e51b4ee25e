"""What a start waits for: the first page needs no package that only other pages use."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy.orm import Session

from webui.store import users
from webui.store.ledger.operations import operation

ROOT = Path(__file__).parents[2]
# Slow to import: kept for the import, the export or the photo that needs them.
LATER = ("alembic", "chardet", "email_validator", "phonenumbers", "PIL", "xlsxwriter")
PROGRAM = f"""
import sys
from pathlib import Path
from webui.app import create_app
from webui.config import Config

class OfTheTest(Config):
    ROSTER_DATA = Path(sys.argv[1])
    GUARD_TRUSTS_CLIENT = True

page = create_app(OfTheTest).test_client().get("/", headers={{"Accept": "text/html"}})
print(page.status_code, "data-row" in page.text, *sorted(set({LATER}) & set(sys.modules)))
"""


def test_first_page_leaves_to_others_what_only_they_need(session: Session, database: Path) -> None:
    with operation(session):
        users.add(session, {"username": "zoe", "email": "zoe@post.example"})
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(database.parent)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["200", "True"]
