"""People as vCards: all in one file, or a zip with a file for each."""

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from webui.exchange import belongings, exporting
from webui.exchange.out import beside, definitions
from webui.exchange.out.goes_by import GoesBy
from webui.exchange.out.wanted import EVERYTHING, Wanted
from webui.exchange.vcard import beneath, lines, merging, rewriting, seal, writing
from webui.exchange.vcard.kept import Kept
from webui.exchange.vcard.outgoing import NEW
from webui.exchange.vcard.related import Known
from webui.exchange.vcard.values import bare, escape
from webui.store.values import filenames

_LONGEST = filenames.LONGEST - len(".vcf")


def write(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write all into one file."""
    for _person, card in _cards(connection, wanted):
        stream.write(card)


def write_each(connection: sqlite3.Connection, stream: IO[bytes], wanted: Wanted = EVERYTHING) -> None:
    """Write a zip of one file a person, named as they are."""
    taken: set[str] = set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for person, card in _cards(connection, wanted):
            name = filenames.plain(person["name"].replace("/", "-"), _LONGEST) or str(person["id"])
            archive.writestr(filenames.free(f"{name}.vcf", taken), card)


def _cards(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield people with their cards; of some people the last tells whether another program changed any."""
    made = _each(connection, wanted)
    return seal.sealed(made) if _comes_back(wanted) and wanted.ids is not None else made


def _each(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[tuple[dict[str, Any], bytes]]:
    about = _about(connection, wanted)
    has_kept = wanted.columns is None and wanted.has("kept") and beside.has_cards(connection)
    goes_by = GoesBy(connection) if has_kept else None
    for person in exporting.people(connection, wanted, whole=wanted.version == NEW):
        kept = beside.card(connection, person["id"]) if goes_by else None
        if goes_by:
            for row in person.get("relations", ()):
                row["named"] = goes_by.of(row["uid"])
        yield person, _card(connection, person, wanted, about, kept, goes_by)
        about = ""


def _card(
    connection: sqlite3.Connection,
    person: dict[str, Any],
    wanted: Wanted,
    about: str,
    kept: tuple[bytes, str] | None,
    goes_by: GoesBy | None,
) -> bytes:
    """Return a card, for which alone the photo is read: it may be larger than all else of everyone.

    The one place where the lines of a card meet those of the card a person came from: `kept` are its bytes
    and their encoding.
    """
    photo = belongings.original(connection, person["photo"]) if person["photo"] else None
    first, *made, last = writing.lines(person, photo, wanted.version, about)
    if kept is None or goes_by is None:
        return writing.folded([first, *made, last])
    card = Kept(lines.unfolded(*kept))
    known = _known(connection, person, card, goes_by)
    if card.version == wanted.version:
        outer = merging.merged(card, person, made, known)
    else:
        outer = _under_its_own(made, person["uid"], card, goes_by)
        outer += rewriting.Groups(made).renamed(card.left(known))
    if _comes_back(wanted):
        outer.append(beneath.line(outer, made))
    return writing.folded([first, *outer, last])


def _under_its_own(made: list[str], uid: str, card: Kept, goes_by: GoesBy) -> list[str]:
    """Return the lines made of a person with the UID of their card of another version."""
    ours = f"urn:uuid:{uid}"
    told = lines.uid_of(line for _said, line in card.lines)
    if told is None or goes_by.of(uid) == ours:
        return list(made)
    said = lines.unescape(told.value, card.version).strip()
    as_text = escape(said)
    if made[0] == f"VERSION:{NEW}":
        own = [f"UID:{bare(said)}" if ":" in said else f"UID;VALUE=text:{as_text}", f"X-ROSTER-UID:{uid}"]
    else:
        own = [f"UID:{as_text}"]
    return [line for each in made for line in (own if each == f"UID:{ours}" else [each])]


def _known(connection: sqlite3.Connection, person: dict[str, Any], card: Kept, goes_by: GoesBy) -> Known:
    """Return whom a card names by UIDs, as they go out themselves."""
    told = {who[0] for _said, line in card.lines if (who := card.knows(line))}
    here = beside.known(connection, person["id"], told) if told else ()
    return {said: (uid, goes_by.of(uid)) for said, uid in here}


def _comes_back(wanted: Wanted) -> bool:
    """Whether Roster can make of the cards just what they were made of."""
    return wanted.is_whole and wanted.version == NEW


def _about(connection: sqlite3.Connection, wanted: Wanted) -> str:
    """Return what belongs to nobody, for the first card of all: '' where something was left out."""
    if not _comes_back(wanted):
        return ""
    told: dict[str, Any] = {
        "everyone": wanted.is_everything,
        "fields": definitions.fields(connection, exporting.fields(connection, wanted)),
        "tags": definitions.tags(connection, wanted.ids),
        "settings": definitions.settings(connection, wanted.ids),
    }
    if wanted.is_everything:
        told["views"] = definitions.views(connection)
    return json.dumps(told, ensure_ascii=False)
