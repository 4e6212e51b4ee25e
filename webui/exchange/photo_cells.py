"""Photos in the cells of a row, in base64, as LDIF and what was made of it have them. Not for reading what is
in a picture: see `bringing`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from webui.exchange.vcard import lines
from webui.store.errors import Message

if TYPE_CHECKING:
    from webui.exchange.people import Person

# How a JPEG, PNG, GIF and WebP begin in base64: whatever else stands there need not be made bytes to be none.
_BEGINS = ("/9j/", "iVBORw0KGg", "R0lGOD", "UklGR")


def take(found: "Person", cells: Sequence[str], places: Sequence[int]) -> Iterator[int]:
    """Take the first photo of a row, and yield the columns of which nothing was taken. What is none is told;
    an address of one is kept and never asked for it."""
    for index in places:
        said = cells[index].strip()
        if said[:5].casefold() == "data:":
            said = said.partition(",")[2]
        if found.brought.photo is None and said.startswith(_BEGINS):
            found.brought.photo = lines.from_base64(said)
        elif cells[index]:
            if found.brought.photo is None and "://" not in said[:20]:
                found.warnings.append(Message("row.no_photo"))
            yield index
