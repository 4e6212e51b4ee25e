"""Whether a note says a word is told by SQLite where it can, and then as `patterns.said` tells it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import search, users
from webui.store.ledger import derived
from webui.store.ledger.operations import operation
from webui.store.values import patterns

NOTES = [
    "Alto", "sings alto", "(alto)", "first-alto", "Rialto", "rialto, then alto", "the\nalto", "ÄLTO",
    "än alto",
    "Ünder dem Rialto", "a\x00alto", "rialto\x00 alto", "", "al to", "altogether", "x_alto", "№alto",
]  # fmt: skip
ODD = [b"sings alto", "Ä rialto älto".encode(), b"\xff alto", b"\xffalto", 5]


@pytest.mark.parametrize("word", ["alto", "al", "ALTO", "älto", "5", "no"])
def test_a_word_of_a_note_is_found_however_it_is_stored(session: Session, word: str) -> None:
    said = {}
    with operation(session):
        for number, note in enumerate([*NOTES, *ODD]):
            form = {"given": f"Person {number}", "username": f"p{number}", "email": f"p{number}@post.example"}
            made = users.add(session, form)
            session.flush()
            session.execute(
                text("UPDATE users SET note = :note WHERE id = :id"), {"note": note, "id": made.id}
            )
            said[made.id] = patterns.said(note, patterns.words(word))
    derived.rebuild(session.connection().connection.driver_connection)  # type: ignore[arg-type]
    session.commit()
    found = {row.id for row in search.find(session, f"note:{word}", limit=100).rows}
    assert found == {user_id for user_id, is_said in said.items() if is_said}
