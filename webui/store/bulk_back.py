"""Many people out of the trash at once: those who can come as they are. The others are put back one by one,
each with what must change; see `users.put_back`."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import chosen as many
from webui.store import settings
from webui.store.chosen import Chosen, Preview
from webui.store.ledger.operations import named
from webui.store.values import times

# Of those with the same username or e-mail the first comes; nobody comes whose is that of someone living.
_ALONE = """
SELECT id FROM (
 SELECT u.id, u.username_key, u.email_key,
  row_number() OVER (PARTITION BY u.username_key ORDER BY u.id) AS of_username,
  CASE WHEN u.email_key IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY u.email_key ORDER BY u.id) END
   AS of_email
 FROM temp.chosen c JOIN users u ON u.id = c.id WHERE u.email IS NOT NULL OR NOT :required) u
WHERE of_username = 1 AND of_email = 1
 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.username_key = u.username_key AND o.deleted_at IS NULL)
 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = u.email_key AND o.deleted_at IS NULL)
 AND NOT EXISTS (
  SELECT 1 FROM field_values v JOIN fields f ON f.id = v.field_id
  JOIN field_values w ON w.field_id = v.field_id AND w.value_key = v.value_key AND w.user_id <> v.user_id
  JOIN users o ON o.id = w.user_id
  WHERE v.user_id = u.id AND f.no_two_alike = 1 AND f.deleted_at IS NULL
   AND (o.deleted_at IS NULL OR (o.id < u.id AND o.id IN (SELECT id FROM temp.chosen))))
"""
_COMES = "u.id IN (SELECT id FROM temp.coming)"


def preview(session: Session, chosen: Chosen) -> Preview:
    """Return who would come out of the trash; whoever of those chosen would not is in the way of someone."""
    count, coming = _take(session, chosen)
    return Preview(count, coming, many.reached(session, _COMES))


def put_back(session: Session, chosen: Chosen) -> int:
    """Take all chosen who can come as they are out of the trash, and return how many did."""
    _count, coming = _take(session, chosen)
    name = many.first_name(session, _COMES)
    session.execute(
        text(
            "UPDATE users SET deleted_at = NULL, updated_at = :now WHERE id IN (SELECT id FROM temp.coming)"
        ),
        {"now": times.now()},
    )
    session.expire_all()
    named(session, "users.put_back", name=name, count=coming)
    return coming


def _take(session: Session, chosen: Chosen) -> tuple[int, int]:
    count = many.take(session, chosen)
    session.execute(text("CREATE TEMP TABLE IF NOT EXISTS coming (id INTEGER PRIMARY KEY)"))
    session.execute(text("DELETE FROM temp.coming"))
    required = {"required": settings.email_required(session)}
    session.execute(text(f"INSERT INTO temp.coming {_ALONE}"), required)
    return count, int(session.scalar(text("SELECT count(*) FROM temp.coming")) or 0)
