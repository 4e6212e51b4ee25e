"""What a form sends besides words: the picture of a person, files to attach. Read here, kept by the store."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from webui.store import attachments, photos
from webui.store.attachments import Offered
from webui.store.errors import Message
from webui.store.values import pictures


@dataclass(frozen=True)
class PhotoChange:
    """What a form says of someone's photo: another one, none any more, or nothing."""

    picture: pictures.Picture | None = None
    removed: bool = False

    def keep(self, session: Session, user_id: int) -> None:
        """Do what was said, within an operation."""
        if self.picture:
            photos.put(session, user_id, self.picture)
        elif self.removed:
            photos.remove(session, user_id)


def again() -> dict[str, Message]:
    """Return the fault of a form that is shown again: no browser keeps the file that was chosen in it, or in
    the same form before."""
    return {"photo": Message("photo.again")} if _given() or "photo_owed" in request.form else {}


def photo() -> PhotoChange:
    """Return what the form of this request says of a photo. Raises Invalid with the fault of `photo`."""
    if given := _given():
        return PhotoChange(pictures.read(given.stream.read(pictures.LONGEST + 1)))
    return PhotoChange(removed="photo_remove" in request.form)


def files() -> Iterator[Offered]:
    """Yield the files that the form of this request attaches, each read only when it is its turn."""
    for given in request.files.getlist("file"):
        if given.filename:
            yield Offered(given.filename, given.stream.read(attachments.LONGEST + 1))


def _given() -> FileStorage | None:
    given = request.files.get("photo")
    return given if given and given.filename else None  # a browser sends one without a name for none
