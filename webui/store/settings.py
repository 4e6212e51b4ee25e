"""The database's own settings: undoable, and the same on every computer that opens the file."""

import json
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webui.store import errors
from webui.store.ledger import fetching, keys
from webui.store.ledger.operations import named, raw
from webui.store.models import Setting, User
from webui.store.values import phones
from webui.store.values import text as texts

DEFAULTS = {
    "title": "My roster",
    "email_required": "1",
    "phone_region": "",
    "columns": "",
    "history_limit": "0",
    "trash_days": "0",
}
TRASH_DAYS = (0, 7, 30, 90, 365)  # after which the trash is emptied; 0 for never
HISTORY_LIMITS = (0, 100, 250, 500, 1000, 2500, 5000)  # megabytes; 0 for all of it


def get(session: Session, name: str) -> str:
    """Return a setting's value, or its default. Raises KeyError for a name there is not."""
    default = DEFAULTS[name]
    kept = fetching.rows(session, "SELECT value FROM settings WHERE name = :name", {"name": name}).scalar()
    return default if kept is None else texts.shown(kept)


def uid(session: Session) -> str:
    """Return the database's own name, the same in each of its copies and backups: a UUID."""
    kept = fetching.rows(session, "SELECT value FROM state WHERE name = 'uid'").scalar_one()
    return texts.shown(kept)


def email_required(session: Session) -> bool:
    """Tell whether each living person must have an e-mail."""
    return get(session, "email_required") == "1"


def set_title(session: Session, title: str) -> None:
    """Name the database. Raises Invalid when the title is empty or longer than 80 letters."""
    title = texts.one_line(title)
    if not 1 <= len(title) <= 80:
        raise errors.Invalid({"title": errors.Message("title.length", {"limit": 80})})
    if not texts.keepable(title):
        raise errors.Invalid({"title": errors.Message("text.unkeepable")})
    if title != get(session, "title"):
        put(session, "title", title)
        named(session, "settings.title", title=title)


def set_email_required(session: Session, required: bool, *, leave_those_without: bool = False) -> None:
    """Turn the e-mail rule on or off.

    Raises Refused (message `email_rule.without`, with their count) when it would be turned on while
    living people have none, unless `leave_those_without`: then each is asked at their next edit.
    """
    if required == email_required(session):
        return
    if required and not leave_those_without and (count := count_without_email(session)):
        raise errors.Refused(errors.Message("email_rule.without", {"count": count}))
    put(session, "email_required", "1" if required else "0")
    named(session, "settings.email_required_on" if required else "settings.email_required_off")


def set_phone_region(session: Session, region: str) -> None:
    """Say where phones without a country's code belong to (ISO 3166-1, as DE; '' for nowhere).

    All phones are understood anew. Raises Invalid for a region that no numbering plan is known of.
    """
    if region and region not in phones.regions():
        raise errors.Invalid({"phone_region": errors.Message("phone_region.unknown", {"value": region})})
    if region == get(session, "phone_region"):
        return
    put(session, "phone_region", region)
    keys.right(raw(session.connection()), [("user_phones", "phone")])
    session.expire_all()
    named(session, "settings.phone_region", region=region)


def history_limit(session: Session) -> int:
    """Return at how many bytes history is kept, 0 for all of it."""
    kept = get(session, "history_limit")
    return int(kept) * 1_000_000 if kept.isdecimal() and len(kept) < 9 else 0


def set_history_limit(session: Session, megabytes: int) -> None:
    """Say at what size history is kept: one of HISTORY_LIMITS. Raises Invalid for another."""
    if megabytes not in HISTORY_LIMITS:
        raise errors.Invalid({"history_limit": errors.Message("history_limit.unknown")})
    if str(megabytes) != get(session, "history_limit"):
        put(session, "history_limit", str(megabytes))
        if megabytes:
            named(session, "settings.history_limit", most_bytes=megabytes * 1_000_000)
        else:
            named(session, "settings.history_whole")


def trash_days(session: Session) -> int:
    """Return after how many days what is in the trash is deleted for good, 0 for never."""
    kept = get(session, "trash_days")
    return int(kept) if kept.isdecimal() and int(kept[:5]) in TRASH_DAYS else 0


def set_trash_days(session: Session, days: int) -> bool:
    """Say after how many days the trash is emptied, one of TRASH_DAYS, and tell whether that is new.

    Raises Invalid for another.
    """
    if days not in TRASH_DAYS:
        raise errors.Invalid({"trash_days": errors.Message("trash_days.unknown")})
    if str(days) == get(session, "trash_days"):
        return False
    put(session, "trash_days", str(days))
    named(session, "settings.trash_days", days=days)
    return True


def count_without_email(session: Session) -> int:
    """Return how many living people have no e-mail."""
    query = text("SELECT count(*) FROM users WHERE email IS NULL AND deleted_at IS NULL")
    return int(session.scalar(query) or 0)


def without_email(session: Session, limit: int) -> Sequence[User]:
    """Return up to `limit` living people without an e-mail, by id."""
    return session.scalars(select(User).where(User.email.is_(None)).order_by(User.id).limit(limit)).all()


def shared_emails(session: Session, user_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return, by the id of a person, a further e-mail of theirs that is another's main one, and whose."""
    found = fetching.rows(
        session,
        "SELECT m.user_id, m.email, o.display_name, o.username FROM user_emails m"
        " JOIN users o ON o.email_key = m.email_key AND o.deleted_at IS NULL AND o.id <> m.user_id"
        " WHERE m.user_id IN (SELECT value FROM json_each(:ids)) ORDER BY m.id DESC",
        {"ids": json.dumps(list(user_ids))},
    )
    return {row[0]: (texts.shown(row[1]), texts.shown(row[2] or row[3])) for row in found}


def put(session: Session, name: str, value: str) -> None:
    """Write a setting as it is; the verb that does names the operation."""
    setting = session.scalar(select(Setting).where(Setting.name == name))
    if setting is None:
        session.add(Setting(name=name, value=value))
    else:
        setting.value = value
    session.flush()
