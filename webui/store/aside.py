"""What no two people may have, put aside for a moment within an operation, so that two can change places.

Not for leaving anything so: whoever puts a value aside gives that person another before the operation ends.
"""

from sqlalchemy.orm import Session

from webui.store import users


def username(session: Session, user_id: int) -> None:
    """Let the username of a person be free. Raises NotFound."""
    user = users.find(session, user_id)
    user.username = user.uid
    session.flush()


def email(session: Session, user_id: int) -> None:
    """Let the main e-mail of a person be free; they still have one. Raises NotFound."""
    user = users.find(session, user_id)
    user.email = f"{user.uid}@invalid"
    session.flush()


def own(session: Session, user_id: int, field_uid: str) -> None:
    """Let what a person has in an own field be free. Raises NotFound."""
    user = users.find(session, user_id)
    for row in user.field_values:
        if row.field.uid == field_uid:
            row.value = user.uid
    session.flush()
