"""New people of a file who have the name of someone here, or of an earlier row: asked about, for a name alone
never joins."""

import sqlite3
from collections.abc import Iterable
from itertools import islice

from webui.exchange import joining
from webui.exchange.plan import as_json
from webui.store.errors import Message
from webui.store.values import text
from webui.store.values.text import shown

# Nobody is asked about who says by a uid of ours who it is, nor whom an organisation or an e-mail stands for.
_NEW = """
SELECT s.position, s.display_name, s.given, s.family, s.birthday FROM staged s
WHERE s.verdict = 'new' AND s.user_id IS NULL AND s.twin IS NULL AND s.readable
  AND s.told_uid IS NULL AND s.named <> 'other'
"""
_HERE = """
SELECT id, display_name, given, family, birthday FROM live.users WHERE deleted_at IS NULL
"""
_ONE_PHONE = """
SELECT 1 FROM staged_phones p JOIN live.user_phones m ON m.phone_key = p.phone_key OR m.phone = p.phone
WHERE p.position = ? AND m.user_id = ?
"""  # without a region a phone of no country's code has no key: as it was typed it is the same
# Names that are the same give the same username, where the file gives none. Whoever has a username and a UID
# of a file is told apart by both.
_TOLD = "SELECT EXISTS (SELECT 1 FROM staged WHERE told_username IS NOT NULL)"
_OF_ROWS = f"""
{_NEW} AND (s.source_uid IS NULL OR s.told_username IS NULL) AND {{name}} IN (
  SELECT {{name}} FROM staged GROUP BY 1 HAVING count(*) > 1)
ORDER BY s.position
"""
_NAME = "lower(coalesce(nullif(display_name, ''), given || ' ' || family))"
_MOST = 20  # people of one name that are looked at
Key = tuple[str, ...]


def ask(connection: sqlite3.Connection) -> None:
    """Ask about whoever has the name and a phone of someone; and about the name alone where no birthdays say
    otherwise: an e-mail may be new."""
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM live.users)").fetchone()[0]:
        return
    wanted = {key for row in connection.execute(_NEW) for key in _keys(row[1:4])}
    here: dict[Key, list[tuple[int, str, str]]] = {}
    for user_id, *said, birthday in connection.execute(_HERE) if wanted else ():
        for key in _keys(map(shown, said)) & wanted:
            if len(found := here.setdefault(key, [])) < _MOST:
                found.append((user_id, shown(said[0]), shown(birthday)))
    asked = []
    del wanted  # whoever is not here is nobody to ask about; of many rows this is much
    for position, *said, birthday in connection.execute(_NEW):
        maybe = [each for key in _keys(said) for each in here.get(key, ())]
        by_phone = (each for each in maybe if connection.execute(_ONE_PHONE, (position, each[0])).fetchone())
        if one := next(by_phone, None):
            asked.append((position, one[0], "row.same_name_phone", one[1]))
            continue
        alike = (each for each in maybe if not _apart(birthday, each[2]))
        asked += [(position, one[0], "row.same_name", one[1]) for one in islice(alike, 1)]
    joining.ask(connection, "name", asked)


def ask_of_rows(connection: sqlite3.Connection) -> None:
    """Ask about each row with the name of an earlier one, unless birthdays say otherwise."""
    earlier: dict[Key, list[tuple[int, str]]] = {}
    asked = []
    name = _NAME if connection.execute(_TOLD).fetchone()[0] else "wanted_key"
    for position, *said, birthday in connection.execute(_OF_ROWS.format(name=name)):
        keys = _keys(said)
        alike = (each for key in keys for each in earlier.get(key, ()) if not _apart(birthday, each[1]))
        if one := next(alike, None):
            asked.append((one[0], as_json(Message("row.same_name_row", {"name": said[0]})), position))
            continue
        for key in keys:
            if len(there := earlier.setdefault(key, [])) < _MOST:
                there.append((position, birthday))
    connection.executemany(
        "UPDATE staged SET twin = ?, matched = 'name', verdict = 'question', reason = ? WHERE position = ?",
        asked,
    )


def _keys(said: Iterable[str | None]) -> set[Key]:
    """Return a name in the words that are compared, in any order; a lone word is nobody's name."""
    display, given, family = (each or "" for each in said)
    keys = {tuple(sorted(text.fold(name).split())) for name in (display, f"{given} {family}")}
    return {key for key in keys if len(key) > 1}


def _apart(one: str | None, other: str | None) -> bool:
    """Tell whether two birthdays are not one person's."""
    return bool(one) and bool(other) and one != other and len(one or "") == len(other or "") == 10
