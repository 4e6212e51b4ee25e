"""The backup zip: an ordinary zip that can tell by itself whether any bit of it was changed.

Its end comment is the SHA-256, in hex, of every byte before that comment; `manifest.json` names the
other members with their size and SHA-256. Format version 1; the zip itself is PKWARE's APPNOTE 6.3.
Not for what is in the members: `safety.backup` gathers those and `safety.restore` reads them.
"""

import datetime
import hashlib
import io
import json
import lzma
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from webui.exchange.counted import Counted
from webui.store.errors import Damaged, Message, TooNew

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "data.sqlite"
_DIGEST = 64  # letters of a SHA-256 in hex
UNSIGNED = b"0" * _DIGEST
_BLOCK = 1 << 20
_LONGEST_MANIFEST = 64 * _BLOCK  # it names each photo and each attachment
_AT = re.compile(r"(19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_LEVEL = 1  # of zlib: half the time of a whole backup that 6 takes, for a file a tenth larger
# What is packed already: to pack it again takes time and gains nothing.
_PACKED = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".zip", ".gz", ".mp3", ".mp4", ".mov", ".docx")
# A member whose directory entry claims more than this is not unpacked.
MOST_BYTES = 64 * 1024**3

Write = Callable[[IO[bytes]], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: when it was made, by what, why, and what is in it."""

    at: str
    app: str
    revision: str
    uid: str
    title: str
    reason: str
    pinned: bool
    counts: dict[str, int]
    digest: str
    members: dict[str, dict[str, Any]]
    change: str = ""
    """Names the last change that it holds; '' where an older Roster wrote it."""

    @property
    def people(self) -> int:
        """How many people it holds, without those in the trash."""
        return self.counts["users"] - self.counts.get("users_in_trash", 0)

    @property
    def photos(self) -> int:
        """How many people outside the trash have a photo in it."""
        return self.counts.get("users_with_photo", 0)

    @property
    def posts(self) -> int:
        """How many posts about people outside the trash it holds."""
        return self.counts["posts"] - self.counts.get("posts_in_trash", 0)


def write(
    target: Path, about: dict[str, Any], members: Iterable[tuple[str, Write]], as_is: Collection[str] = ()
) -> None:
    """Write the zip to `target`, whole and flushed to the disk. The caller renames it into place.

    `about` has the fields of Manifest but `members`; those of `as_is` are not packed any smaller. Raises
    OSError when the disk is full.
    """
    listed: dict[str, dict[str, Any]] = {}
    with target.open("w+b") as file:
        target.chmod(0o600)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            for name, fill in members:
                counted = Counted(
                    archive.open(_info(name, about["at"], name in as_is), "w", force_zip64=True)
                )
                with io.BufferedWriter(counted, _BLOCK) as stream:
                    fill(stream)
                listed[name] = {"size": counted.size, "sha256": counted.digest.hexdigest()}
            manifest = {"format": FORMAT, **about, "members": listed}
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            archive.comment = UNSIGNED
        sign(file)


def sign(file: IO[bytes]) -> None:
    """Put the digest in the place of the comment UNSIGNED that ends a zip, and flush it to the disk."""
    size = file.seek(0, os.SEEK_END)
    digest = _hash(file, size - _DIGEST)
    file.seek(size - _DIGEST)
    file.write(digest.encode("ascii"))
    file.flush()
    os.fsync(file.fileno())


def sound(path: Path) -> bool:
    """Tell whether every byte of the file is as it was written. Raises OSError when it can't be read."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size <= _DIGEST:
            return False
        digest = _hash(file, size - _DIGEST)
        return file.read(_DIGEST) == digest.encode("ascii")


def manifest(path: Path) -> Manifest:
    """Return what a backup says of itself, without checking the rest.

    Raises Damaged when it is no Roster backup, TooNew when its format is newer than this app's, OSError.
    """
    with _telling("backup.not_one", path), zipfile.ZipFile(path) as archive:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _LONGEST_MANIFEST:
            raise ValueError("manifest too large")
        found = json.loads(archive.read(info))
        if found["format"] > FORMAT:
            raise TooNew(Message("backup.newer", {"name": path.name}))
        return _read(found)


def verify(path: Path, database: Path | None = None) -> Manifest:
    """Check every bit of a backup and each member against the manifest; return the manifest.

    The database is unpacked to `database`, a new file, on the way.
    Raises Damaged when anything differs or the file is no Roster backup, TooNew, OSError.
    """
    if not sound(path):
        raise Damaged(Message(_wrong(path), {"name": path.name}))
    told = manifest(path)
    with _telling("backup.damaged", path), zipfile.ZipFile(path) as archive:
        if {info.filename for info in archive.infolist()} != {*told.members, MANIFEST}:
            raise ValueError("other members than the manifest's")
        for name, member in told.members.items():
            digest, size = hashlib.sha256(), 0
            unpacked = _new(database) if database and name == DATABASE else nullcontext()
            with archive.open(name) as file, unpacked as kept:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    if kept:
                        kept.write(block)
            if (size, digest.hexdigest()) != (member["size"], member["sha256"]):
                raise ValueError("another member than the manifest's")
    return told


def extract(path: Path, member: str, target: Path) -> None:
    """Unpack one member of a verified backup to `target`, a new file.

    Raises Damaged when it is not there or unpacks without end, OSError.
    """
    with _telling("backup.damaged", path), zipfile.ZipFile(path) as archive, archive.open(member) as source:
        if archive.getinfo(member).file_size > MOST_BYTES:
            raise ValueError("too large")
        with _new(target) as file:
            shutil.copyfileobj(source, file, _BLOCK)


def _wrong(path: Path) -> str:
    if zipfile.is_zipfile(path):
        return "backup.damaged"
    with path.open("rb") as file:
        return "backup.cut" if file.read(4) == b"PK\3\4" else "backup.not_one"


def _new(target: Path) -> IO[bytes]:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _telling(message: str, path: Path) -> Iterator[None]:
    """Raise Damaged for whatever a zip that may be anyone's makes the libraries say."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, LookupError, ValueError, TypeError,
        AttributeError, OverflowError, RuntimeError,  # encrypted, an unknown method, nested without end
    ) as error:  # fmt: skip
        raise Damaged(Message(message, {"name": path.name})) from error


def _read(found: dict[str, Any]) -> Manifest:
    """Return the manifest that was read. Raises ValueError, LookupError, ... when it is not of our making."""
    found = {"change": "", **found}
    made = Manifest(**{name: found[name] for name in Manifest.__dataclass_fields__})
    texts = (made.at, made.app, made.revision, made.uid, made.title, made.reason, made.digest, made.change)
    numbers = [*made.counts.values(), *(member["size"] for member in made.members.values())]
    sums = [member["sha256"] for member in made.members.values()]
    if not (
        all(isinstance(text, str) for text in (*texts, *sums))
        and all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and isinstance(made.pinned, bool)
        and {"users", "posts"} <= made.counts.keys()
    ):
        raise ValueError("fields of another kind")
    if not _AT.fullmatch(made.at):
        raise ValueError("a moment of another kind")
    datetime.datetime.fromisoformat(made.at)
    return made


def _info(name: str, at: str, as_is: bool) -> zipfile.ZipInfo:
    """Return the entry of a member. One made by hand does not take the level of its archive."""
    moment = datetime.datetime.fromisoformat(at)
    info = zipfile.ZipInfo(name, moment.timetuple()[:6])
    as_is = as_is or name.casefold().endswith(_PACKED)
    info.compress_type = zipfile.ZIP_STORED if as_is else zipfile.ZIP_DEFLATED
    # Public from Python 3.13 on.
    setattr(info, "compress_level" if hasattr(info, "compress_level") else "_compresslevel", _LEVEL)
    return info


def _hash(file: IO[bytes], length: int) -> str:
    digest, left = hashlib.sha256(), length
    file.seek(0)
    while left and (block := file.read(min(left, _BLOCK))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()
