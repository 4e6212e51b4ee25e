"""Attachments: files that belong to a person. Their bytes are kept by hash, outside the history."""

import hashlib
import mimetypes
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from webui.store import errors, users
from webui.store.ledger import fetching
from webui.store.ledger.operations import named
from webui.store.models import Attachment, File, User
from webui.store.values import filenames, text

LONGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class Offered:
    """A file to be attached: the name it came with, and its bytes."""

    name: str
    content: bytes


def add(session: Session, user_id: int, files: Iterable[Offered]) -> list[Attachment]:
    """Attach files to a person, all of them or none; they may come one by one, so that memory holds one.

    Raises NotFound, Invalid with the fault of `file` when none is given or one of them is too large.
    """
    user = users.find(session, user_id)
    made = []
    for file in files:
        if len(file.content) > LONGEST:
            values = {"name": filenames.plain(file.name), "most_bytes": LONGEST}
            raise errors.Invalid({"file": errors.Message("attachment.too_large", values)})
        made.append(_kept(session, user, file))
    if not made:
        raise errors.Invalid({"file": errors.Message("attachment.none")})
    session.add_all(made)
    session.flush()
    named(session, "attachments.add", name=user.name, file=made[0].name, count=len(made))
    return made


def rename(session: Session, attachment_id: int, name: object) -> Attachment:
    """Give an attachment another name; one without a suffix keeps its own. Raises NotFound, Invalid."""
    attachment = find(session, attachment_id)
    if not isinstance(name, str) or not text.keepable(name):
        raise errors.Invalid(
            {"name": errors.Message("not_text" if not isinstance(name, str) else "text.unkeepable")}
        )
    if not (wanted := filenames.plain(text.one_line(name))):
        raise errors.Invalid({"name": errors.Message("attachment.no_name")})
    if "." not in wanted and "." in attachment.name:
        wanted = filenames.plain(f"{wanted}.{attachment.name.rpartition('.')[2]}")
    if wanted != attachment.name:
        was, attachment.name = attachment.name, wanted
        session.flush()
        named(session, "attachments.rename", file=was, to=wanted)
    return attachment


def remove(session: Session, attachment_id: int) -> Attachment:
    """Take an attachment from its person and return what it was; undo brings it back. Raises NotFound."""
    attachment = find(session, attachment_id)
    name = users.find(session, attachment.user_id).name
    session.delete(attachment)
    session.flush()
    named(session, "attachments.remove", file=attachment.name, name=name)
    return attachment


def find(session: Session, attachment_id: int) -> Attachment:
    """Return an attachment of a living person. Raises NotFound."""
    query = select(Attachment).join(User, User.id == Attachment.user_id).where(Attachment.id == attachment_id)
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("attachments", attachment_id)
    return found


def of_user(session: Session, user_id: int) -> Sequence[Attachment]:
    """Return the attachments of a person, the newest first."""
    there = "SELECT EXISTS (SELECT 1 FROM attachments WHERE user_id = :user)"
    if not fetching.rows(session, there, {"user": user_id}).scalar_one():  # most have none
        return []
    return of_users(session, [user_id]).get(user_id, [])


def of_users(session: Session, user_ids: Collection[int]) -> dict[int, list[Attachment]]:
    """Return the same by the id of each of several people who have any."""
    query = select(Attachment).where(Attachment.user_id.in_(user_ids))
    found: dict[int, list[Attachment]] = {}
    for attachment in session.scalars(query.order_by(Attachment.added_at.desc(), Attachment.id.desc())):
        found.setdefault(attachment.user_id, []).append(attachment)
    return found


def content(session: Session, attachment: Attachment) -> bytes:
    """Return the bytes of an attachment. Raises NotFound where they are gone."""
    found = session.scalar(select(File.content).where(File.hash == attachment.file_hash))
    if found is None:
        raise errors.NotFound("attachments", attachment.id)
    return found


def _kept(session: Session, user: User, file: Offered) -> Attachment:
    file_hash = hashlib.sha256(file.content).hexdigest()
    row = insert(File).values(hash=file_hash, content=file.content)
    mended = File.content.is_distinct_from(row.excluded.content)  # what is there is not what its hash says
    session.execute(row.on_conflict_do_update(set_={"content": row.excluded.content}, where=mended))
    name = filenames.plain(file.name) or "file"
    return Attachment(
        user_id=user.id,
        name=name,
        media_type=mimetypes.guess_type(name)[0] or "",
        size=len(file.content),
        file_hash=file_hash,
    )
