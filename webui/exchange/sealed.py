"""A file that only a passphrase opens, in the format of age (age-encryption.org/v1), which others open too.

One of up to 32 MB is sealed by the passphrase itself, in memory: `age -d FILE > backup.zip` opens it. A
larger one is streamed to a key made for it alone, and a zip, stored, holds that key sealed by the passphrase
(`identity.age`) and the file sealed by the key (`backup.zip.age`); its end comment is the digest of all
before, as in `archive`. scrypt, which makes a passphrase slow to guess, takes half a gigabyte for a second.
"""

import time
import zipfile
from pathlib import Path

import pyrage  # type: ignore[import-untyped]

from webui.exchange import archive
from webui.store.errors import Damaged, Message, Refused

MOST_IN_MEMORY = 32 << 20  # bytes
IDENTITY, CONTENT = "identity.age", "backup.zip.age"
MAGIC = b"age-encryption.org/v1"
_LONGEST_IDENTITY = 1 << 16
# age times the machine for some milliseconds at each opening and refuses what would take it 16 seconds; one
# that is busy in these refuses what takes it a second.
_TRIES, _BETWEEN = 8, 0.25  # seconds
_READ_ME = """This is a Roster backup that only its passphrase opens. Roster opens it: Safety, Restore.
Without Roster: unpack this zip, then with age (https://age-encryption.org)
    age -d -o key.txt identity.age
    age -d -i key.txt -o backup.zip backup.zip.age
"""


def is_large(size: int) -> bool:
    """Tell whether a file of so many bytes is streamed to a key of its own."""
    return size > MOST_IN_MEMORY


def suffix(*, large: bool) -> str:
    """Return what the name of a sealed backup ends in."""
    return "-locked.zip" if large else "-locked.zip.age"


def seal(source: Path, target: Path, passphrase: str, *, large: bool) -> None:
    """Seal a file into `target`, which is there, empty and private. Raises OSError."""
    if not large:
        target.write_bytes(pyrage.passphrase.encrypt(source.read_bytes(), passphrase))
        return
    key = pyrage.x25519.Identity.generate()
    with target.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
            made.writestr("READ ME.txt", _READ_ME)
            made.writestr(IDENTITY, pyrage.passphrase.encrypt(f"{key}\n".encode(), passphrase))
            with source.open("rb") as plain, made.open(CONTENT, "w", force_zip64=True) as stream:
                pyrage.encrypt_io(plain, stream, [key.to_public()])
            made.comment = archive.UNSIGNED
        archive.sign(file)


def is_sealed(path: Path) -> bool:
    """Tell whether a file is one that a passphrase opens. Raises OSError."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) == MAGIC:
            return True
    return _is_large(path)


def unseal(path: Path, target: Path, passphrase: str) -> None:
    """Open a sealed file into `target`, which is there, empty and private.

    Raises Refused for another passphrase, or where this machine would take too long; Damaged for a file that
    was changed since it was sealed, OSError.
    """
    damaged = Damaged(Message("backup.damaged", {"name": path.name}))
    if not _is_large(path):
        sealed = path.read_bytes()
        if not sealed.startswith(MAGIC):
            raise Damaged(Message("backup.not_one", {"name": path.name}))
        target.write_bytes(_opened(sealed, passphrase, path))
        return
    if not archive.sound(path):
        raise damaged
    try:
        with zipfile.ZipFile(path) as made:
            if made.getinfo(IDENTITY).file_size > _LONGEST_IDENTITY:
                raise damaged
            key = _opened(made.read(IDENTITY), passphrase, path).decode().strip()
            with made.open(CONTENT) as stream, target.open("r+b") as plain:
                pyrage.decrypt_io(stream, plain, [pyrage.x25519.Identity.from_str(key)])
    except (zipfile.BadZipFile, KeyError, ValueError, pyrage.DecryptError, pyrage.IdentityError) as error:
        raise damaged from error


def _is_large(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as made:
            return {IDENTITY, CONTENT} <= set(made.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError):
        return False


def _opened(sealed: bytes, passphrase: str, path: Path) -> bytes:
    for _try in range(_TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(sealed, passphrase))
        except pyrage.DecryptError as error:
            if str(error) == "Decryption failed":  # also where the key in the header was changed
                raise Refused(Message("sealed.not_opened", {"name": path.name})) from error
            if not str(error).startswith("Excessive work"):
                raise Damaged(Message("backup.damaged", {"name": path.name})) from error
        time.sleep(_BETWEEN)
    raise Refused(Message("sealed.too_slow", {"name": path.name}))
