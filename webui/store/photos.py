"""Photos: one of a person, set and removed; undo moves what points to it. Not for reading pictures: see
`values.pictures`."""

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from webui.store import errors, users
from webui.store.ledger.operations import named
from webui.store.models import Photo, User
from webui.store.values import times
from webui.store.values.pictures import Picture


def put(session: Session, user_id: int, picture: Picture) -> User:
    """Let a picture be the photo of a person. Raises NotFound."""
    users.find(session, user_id)
    names = ("media_type", "original", "shown")
    row = insert(Photo).values(hash=picture.hash, **{name: getattr(picture, name) for name in names})
    mended = Photo.original.is_distinct_from(row.excluded.original)  # what is there is not what its hash says
    given = {name: row.excluded[name] for name in names}
    session.execute(row.on_conflict_do_update(set_=given, where=mended))
    return point(session, user_id, picture.hash)


def point(session: Session, user_id: int, photo_hash: str | None) -> User:
    """Let a photo that is kept be that of a person, or none. Raises NotFound."""
    user = users.find(session, user_id)
    if photo_hash is not None and session.scalar(select(Photo.hash).where(Photo.hash == photo_hash)) is None:
        raise errors.NotFound("photos", photo_hash)
    if user.photo_hash != photo_hash:
        user.photo_hash, user.updated_at = photo_hash, times.now()
        session.flush()
        named(session, "photos.put" if photo_hash else "photos.remove", name=user.name)
    return user


def remove(session: Session, user_id: int) -> User:
    """Let a person have no photo; undo brings it back. Raises NotFound."""
    return point(session, user_id, None)


def shown(session: Session, photo_hash: str) -> bytes:
    """Return what is shown of a photo, of the type `pictures.SHOWN_TYPE`. Raises NotFound."""
    found = session.scalar(select(Photo.shown).where(Photo.hash == photo_hash))
    if found is None:
        raise errors.NotFound("photos", photo_hash)
    return found


def original(session: Session, user_id: int) -> tuple[str, bytes]:
    """Return the media type and the bytes of a person's photo as it came. Raises NotFound."""
    user = users.find(session, user_id)
    found = session.get(Photo, user.photo_hash) if user.photo_hash else None
    if found is None or found.original is None:
        raise errors.NotFound("photos", user_id)
    return found.media_type, found.original
