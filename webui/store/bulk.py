"""Many people at once: into the trash, tags put on and taken off. Set by set, one operation each.

What is chosen is a query or ids; each verb has a preview that changes nothing. Not for fields: `bulk_fields`.
"""

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from webui.store import chosen as many
from webui.store import errors, tags
from webui.store.chosen import Chosen, Preview, Sample
from webui.store.ledger.operations import named
from webui.store.values import emails, person, times
from webui.store.values import text as texts

_TAGS = """(SELECT json_group_array(CAST(name AS TEXT)) FROM (SELECT t.name FROM user_tags ut
 JOIN tags t ON t.id = ut.tag_id WHERE ut.user_id = u.id ORDER BY t.name_key))"""


def preview_trash(session: Session, chosen: Chosen) -> Preview:
    """Return who would go to the trash."""
    count = many.take(session, chosen)
    return Preview(count, count, many.reached(session, "1"))


def trash(session: Session, chosen: Chosen) -> int:
    """Move all chosen to the trash and return how many; who is there already or gone is left alone."""
    count = many.take(session, chosen)
    name = many.first_name(session, "1")
    session.execute(
        text(
            "UPDATE users SET deleted_at = :now, updated_at = :now"
            " WHERE id IN (SELECT id FROM temp.chosen) AND deleted_at IS NULL"
        ),
        {"now": times.now()},
    )
    session.expire_all()
    named(session, "users.trash", name=name, count=count)
    return count


def preview_tag(session: Session, chosen: Chosen, names: str | Sequence[str]) -> Preview:
    """Return who would get a tag of `names`, which may be new. Raises Invalid (names)."""
    wanted = _names(names)
    count = many.take(session, chosen)
    lacks, known = _lacks(session, wanted)
    samples = []
    for name, username, was in many.some(session, _TAGS, lacks):
        has = _said(was)
        keys = {texts.key(each) for each in has}
        more = [known.get(key, each) for key, each in wanted.items() if key not in keys]
        samples.append(Sample(name, username, ", ".join(has), ", ".join([*has, *more])))
    return Preview(count, many.count(session, lacks), samples)


def tag(session: Session, chosen: Chosen, names: str | Sequence[str]) -> int:
    """Put tags on all chosen, made where they are new; return how many got one. Raises Invalid (names)."""
    wanted = _names(names)
    many.take(session, chosen)
    lacks, known = _lacks(session, wanted)
    changing, first = many.count(session, lacks), many.first_name(session, lacks)
    if not changing:
        return 0
    for key, name in wanted.items():
        session.execute(
            text(
                "INSERT INTO user_tags (user_id, tag_id) SELECT c.id, :tag FROM temp.chosen c"
                " WHERE NOT EXISTS (SELECT 1 FROM user_tags ut WHERE ut.user_id = c.id AND ut.tag_id = :tag)"
            ),
            {"tag": tags.found_or_made(session, key, name).id},
        )
    session.expire_all()
    said = person.joined(known.get(key, name) for key, name in wanted.items())
    named(session, "bulk.tag", tags=said, name=first, count=changing)
    return changing


def preview_untag(session: Session, chosen: Chosen, names: str | Sequence[str]) -> Preview:
    """Return who would lose a tag of `names`. Raises Invalid (names)."""
    wanted = _names(names)
    count = many.take(session, chosen)
    has_one = _has_one(_ids(session, wanted))
    samples = []
    for name, username, was in many.some(session, _TAGS, has_one):
        has = _said(was)
        left = [each for each in has if texts.key(each) not in wanted]
        samples.append(Sample(name, username, ", ".join(has), ", ".join(left)))
    return Preview(count, many.count(session, has_one), samples)


def untag(session: Session, chosen: Chosen, names: str | Sequence[str]) -> int:
    """Take tags off all chosen; return how many had one. Raises Invalid (names)."""
    wanted = _names(names)
    many.take(session, chosen)
    known = _ids(session, wanted)
    has_one = _has_one(known)
    changing, first = many.count(session, has_one), many.first_name(session, has_one)
    if not changing:
        return 0
    session.execute(
        text(
            "DELETE FROM user_tags WHERE user_id IN (SELECT id FROM temp.chosen)"
            f" AND tag_id IN ({_listed(known)})"
        )
    )
    session.expire_all()
    said = person.joined(name for _tag_id, name in known.values())
    named(session, "bulk.untag", tags=said, name=first, count=changing)
    return changing


def main_emails(session: Session, chosen: Chosen) -> tuple[list[str], int]:
    """Return the main e-mails of all chosen, each once, by name, and how many people have none."""
    many.take(session, chosen)
    found = session.execute(
        text(
            "SELECT u.email FROM temp.chosen c JOIN users u ON u.id = c.id"
            " LEFT JOIN person_text p ON p.user_id = u.id ORDER BY p.name_key, u.id"
        )
    )
    said = [texts.shown(row[0]).strip() for row in found]
    once = {emails.key(email): email for email in reversed(said) if email}
    return list(reversed(once.values())), said.count("")


def _names(names: str | Sequence[str]) -> dict[str, str]:
    """Return the names by their keys. Raises Invalid (names)."""
    cleaned = person.clean({"tags": names})
    if cleaned.faults or not cleaned.values["tags"]:
        raise errors.Invalid({"names": cleaned.hard.get("tags") or errors.Message("tag.no_name")})
    return {texts.key(name): name for name in cleaned.values["tags"]}


def _ids(session: Session, wanted: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Return id and name of the tags there are, by their keys."""
    query = text("SELECT name_key, id, name FROM tags WHERE name_key IN :keys")
    found = session.execute(query.bindparams(bindparam("keys", expanding=True)), {"keys": list(wanted)})
    return {key: (tag_id, texts.shown(name)) for key, tag_id, name in found}


def _lacks(session: Session, wanted: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the condition of who has not all of them, and how those there are are written, by key."""
    known = _ids(session, wanted)
    of = f"(SELECT count(*) FROM user_tags ut WHERE ut.user_id = u.id AND ut.tag_id IN ({_listed(known)}))"
    return f"{of} < {len(wanted)}", {key: name for key, (_tag_id, name) in known.items()}


def _said(was: str) -> list[str]:
    return [texts.shown(each) for each in json.loads(was)]


def _has_one(known: dict[str, tuple[int, str]]) -> str:
    return f"EXISTS (SELECT 1 FROM user_tags ut WHERE ut.user_id = u.id AND ut.tag_id IN ({_listed(known)}))"


def _listed(known: dict[str, tuple[int, str]]) -> str:
    return ", ".join(str(tag_id) for tag_id, _name in known.values())
