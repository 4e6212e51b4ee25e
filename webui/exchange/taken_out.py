"""What a person deleted or wrote over by hand: where a file says it again that a file said before, it stays
away. A field of one value that a file has filled since follows files again.

Not for what files replace or take out: see `replaced`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from sqlite3 import Connection

from webui.exchange import bringing, lists, rules
from webui.exchange.by_hand import BROUGHT, BY_HAND, WAS_BY_HAND
from webui.exchange.columns import HERE
from webui.exchange.earlier import Earlier
from webui.exchange.schema import TEXTS

_DONE = f"""INSERT INTO temp.done SELECT o.id, {WAS_BY_HAND} IS TRUE FROM live.operations o
WHERE o.undone_by IS NULL AND (o.message = '{BROUGHT}' OR {WAS_BY_HAND})"""
# By every name that a tag has or had.
_CALLED = """INSERT INTO temp.called SELECT id, name_key FROM live.tags WHERE name_key IS NOT NULL
UNION SELECT id, name_key FROM live.history_tags WHERE existed = 1 AND name_key IS NOT NULL"""
# List -> where its values stood: the table, what is joined to it, the person, by what they are told apart.
_STOOD = {
    "emails": [("user_emails", "", "h.user_id", "h.email_key"), ("users", "", "h.id", "h.email_key")],
    "tags": [
        ("user_tags", "CROSS JOIN temp.called c ON c.tag = h.tag_id", "h.user_id", "c.name_key"),
        ("tags", "CROSS JOIN live.user_tags m ON m.tag_id = h.id", "m.user_id", "h.name_key"),
    ],
    **{
        name: [(table, "", "h.user_id", lists.keyed(name, "h", foreign=True))]
        for name, table in lists.TABLES.items()
    },
}
_TOLD = dict.fromkeys(lists.COLUMNS, '"key"') | {
    "emails": "email_key",
    "tags": "name_key",
    "photos": "hash",
    "relations": "kind || char(10) || label || char(10) || other",
}
_ANY = """SELECT EXISTS (SELECT 1 FROM temp.done o CROSS JOIN live.history_{table} h
  ON h.operation = o.id AND h.existed = 1 WHERE o.by_hand)"""
# What a file took out or changed: gathered once, for history is not found by person.
_BY_FILE = """INSERT OR IGNORE INTO temp.by_file SELECT '{name}', {whose}, coalesce({key}, ''), h.operation
FROM temp.done o CROSS JOIN live.history_{table} h ON h.operation = o.id AND h.existed = 1 {join}
WHERE NOT o.by_hand"""
# From the few that were taken out to the rows that say them: these are many.
_OUT = """SELECT DISTINCT s.user_id, d.position, d.{told}
FROM temp.done o CROSS JOIN live.history_{table} h ON h.operation = o.id AND h.existed = 1 {join}
CROSS JOIN staged s ON s.user_id = {whose} AND s.verdict IN ('new', 'question')
CROSS JOIN staged_{name} d ON d.position = s.position AND NOT d.had AND +d.{told} = {key}
WHERE o.by_hand AND NOT EXISTS (SELECT 1 FROM temp.by_file b WHERE b.name = '{name}'
  AND b.user = s.user_id AND b.key = d.{told} AND b.operation > o.id)"""
# Of an own field also what a file wrote: whose a value is says it, or its history.
_OWN_BY_FILE = f"""WITH values_of(id, user, field) AS MATERIALIZED (
  SELECT id, user_id, field_id FROM live.field_values
  UNION SELECT id, user_id, field_id FROM live.history_field_values WHERE existed = 1)
INSERT OR IGNORE INTO temp.by_file SELECT '{HERE}' || v.field, v.user, coalesce(x.value_key, ''), x.operation
FROM temp.done o CROSS JOIN live.history_field_values x ON x.operation = o.id
JOIN values_of v ON v.id = x.id WHERE NOT o.by_hand"""
# What a field held when it was of another kind can't be told apart: that a file said before what it says is
# enough.
_KIND_THEN = """coalesce((SELECT k.kind FROM live.history_fields k
  WHERE k.id = f.id AND k.existed = 1 AND k.operation > h.operation ORDER BY k.operation LIMIT 1), f.kind)"""
_OWN_OUT = f"""SELECT DISTINCT s.user_id, d.position, d.value_key, d.field
FROM temp.done o CROSS JOIN live.history_field_values h ON h.operation = o.id AND h.existed = 1
CROSS JOIN live.fields f ON f.id = h.field_id
CROSS JOIN staged s ON s.user_id = h.user_id AND s.verdict IN ('new', 'question')
CROSS JOIN staged_own d ON d.position = s.position AND d.field = f.uid AND NOT d.had
  AND (+d.value_key = h.value_key OR {_KIND_THEN} <> f.kind)
WHERE o.by_hand AND NOT EXISTS (SELECT 1 FROM temp.by_file b WHERE b.name = '{HERE}' || f.id
  AND b.user = s.user_id AND b.operation > o.id AND (f.kind <> 'choices' OR b.key = d.value_key))"""
_PHOTOS = """SELECT s.user_id, p.position, p.hash FROM staged_photos p JOIN staged s USING (position)
WHERE NOT p.had AND s.user_id IS NOT NULL AND s.verdict IN ('new', 'question')"""
# Whichever of the two a row is of. Whom it names may be named otherwise in other files.
_PARTED = f"""SELECT DISTINCT s.user_id, o.id, staged_relations.position,
  staged_relations.kind, staged_relations.label, staged_relations.other
FROM temp.done d CROSS JOIN live.history_relations h ON h.operation = d.id AND h.existed = 1
CROSS JOIN staged s ON s.user_id IN (h.user_id, h.other_id) AND s.verdict IN ('new', 'question')
CROSS JOIN staged_relations ON staged_relations.position = s.position AND NOT staged_relations.had
CROSS JOIN live.users o ON o.id = iif(s.user_id = h.user_id, h.other_id, h.user_id) AND {bringing.NAMES}
WHERE d.by_hand"""
# Someone may have a thousand of them: each of a row is looked for by an index that is made of those.
_POSTS = """WITH was(user_id, title, body, date) AS MATERIALIZED (
  SELECT DISTINCT h.user_id, h.title, h.body, h.date
  FROM temp.done d CROSS JOIN live.history_posts h ON h.operation = d.id AND h.existed = 1 WHERE d.by_hand)
SELECT s.user_id, b.position, b.rank, b.title || char(10) || b.body
FROM (SELECT DISTINCT user_id FROM was) u
CROSS JOIN staged s ON s.user_id = u.user_id AND s.verdict IN ('new', 'question')
CROSS JOIN staged_posts b ON b.position = s.position AND NOT b.had
CROSS JOIN was ON was.user_id = s.user_id AND was.title = b.title AND was.body = b.body
  AND coalesce(b.date, was.date) = was.date
GROUP BY 1, 2, 3 ORDER BY 1"""
_UIDS = """SELECT uid FROM live.users WHERE id = :user
UNION SELECT source_uid FROM live.sources WHERE user_id = :user AND source_uid IS NOT NULL"""
_EDITED = """SELECT DISTINCT h.id FROM temp.done o
CROSS JOIN live.history_users h ON h.operation = o.id AND h.existed = 1 WHERE o.by_hand"""
_IMAGES = """SELECT h.operation, o.by_hand, {values} FROM live.history_users h
LEFT JOIN temp.done o ON o.id = h.operation WHERE h.id = :user
UNION ALL SELECT 1 << 60, NULL, {values} FROM live.users h WHERE h.id = :user ORDER BY 1"""
_VALUES = {name: f"h.{name}" for name in (*TEXTS, "photo_hash")}
_VALUES |= {"birthday_typed": "coalesce(h.birthday_typed, h.birthday)"}


class TakenOut:
    """Finds it for one plan, whose connection has the database beside it."""

    def __init__(self, connection: Connection, earlier: Earlier) -> None:
        self._connection, self._earlier = connection, earlier
        connection.execute("DROP TABLE IF EXISTS temp.done")
        connection.execute("CREATE TEMP TABLE done (id INTEGER PRIMARY KEY, by_hand INTEGER)")
        connection.execute(_DONE, {"by_hand": BY_HAND})
        connection.execute("DROP TABLE IF EXISTS temp.by_file")
        connection.execute(
            "CREATE TEMP TABLE by_file (name TEXT, user INTEGER, key, operation INTEGER,"
            " PRIMARY KEY (name, user, key, operation)) WITHOUT ROWID"
        )
        connection.execute("DROP TABLE IF EXISTS temp.called")
        connection.execute(
            "CREATE TEMP TABLE called (tag INTEGER, name_key TEXT, PRIMARY KEY (tag, name_key)) WITHOUT ROWID"
        )
        connection.execute(_CALLED)
        self._edited = {user for (user,) in connection.execute(_EDITED)}

    def mark(self) -> None:
        """Mark in the plan what of lists, own fields and what else a row brings stays as it is here."""
        found: dict[int, list[tuple[str, int, str]]] = {}
        for name, user, position, key in self._out():
            found.setdefault(user, []).append((name, position, key))
        for user, out in found.items():
            said = self._earlier.ever(user, {(name, key) for name, _position, key in out})
            for name, position, key in out:
                if (name, key) in said:
                    self._stays(name, position, key)
        for user, position, photo in self._connection.execute(_PHOTOS).fetchall():
            if self.fields(user, {"photo_hash": [None, photo]}):
                self._stays("photos", position, photo)
        for user, other, position, *said in self._connection.execute(_PARTED).fetchall():
            if self._was_related(user, other, *said):
                self._stays("relations", position, "\n".join(said))
        for user, posts in groupby(self._connection.execute(_POSTS).fetchall(), itemgetter(0)):
            self._mark_posts(user, {(position, rank): key for _user, position, rank, key in posts})

    def fields(self, user: int, changes: Mapping[str, Sequence[str | None]]) -> set[str]:
        """Return those fields, or the photo, of `changes` (field -> [old, new]) of which that is so."""
        if user not in self._edited:
            return set()
        values = ", ".join(map(_VALUES.__getitem__, changes))
        images = self._connection.execute(_IMAGES.format(values=values), {"user": user}).fetchall()
        out: dict[str, set[str]] = {name: set() for name in changes}
        for (_at, by_hand, *before), (_next, _by, *after) in pairwise(images):
            for name, was, became in zip(changes, before, after, strict=True):
                if was != became and by_hand is not None:
                    out[name] = {*out[name], was} if by_hand else set()
        wanted = {(name, new) for name, (_was, new) in changes.items() if new and new in out[name]}
        return {name for name, _new in self._earlier.ever(user, wanted)}

    def _out(self) -> Iterator[tuple[str, int, int, str]]:
        """Yield (list or own field, user, position, key) of what was last taken out by hand."""
        for name, stood in _STOOD.items():
            if not any(self._is_any(table) for table, *_rest in stood):
                continue
            told = [dict(zip(("table", "join", "whose", "key"), each, strict=True)) for each in stood]
            for each in told:
                self._connection.execute(_BY_FILE.format(name=name, **each))
            for each in told:
                query = _OUT.format(name=name, told=_TOLD[name], **each)
                yield from ((name, *row) for row in self._connection.execute(query).fetchall())
        if self._is_any("field_values"):
            self._connection.execute(_OWN_BY_FILE)
            for *row, field in self._connection.execute(_OWN_OUT).fetchall():
                yield (f"{HERE}{field}", *row)

    def _mark_posts(self, user: int, posts: Mapping[tuple[int, int], str]) -> None:
        """Mark those of someone, told by position and rank, that a file said before."""
        said = self._earlier.ever(user, {("posts", key) for key in posts.values()})
        self._connection.executemany(
            f"UPDATE staged_posts SET had = {rules.STAYS} WHERE position = ? AND rank = ?",
            [at for at, key in posts.items() if ("posts", key) in said],
        )

    def _uids(self, user: int) -> set[str]:
        """Return by what cards name someone."""
        return {uid for (uid,) in self._connection.execute(_UIDS, {"user": user})}

    def _was_related(self, user: int, other: int, kind: str, label: str, uid: str) -> bool:
        """Tell whether any row of either ever said that the other is this to the user."""
        named = {uid, *self._uids(other)}
        says = {("relations", bringing.as_said(kind, label, each)) for each in named}
        back = {("related_as", bringing.as_said(kind, label, each)) for each in self._uids(user)}
        return bool(self._earlier.ever(user, says) or self._earlier.ever(other, back))

    def _is_any(self, table: str) -> bool:
        """Tell whether rows of a table were taken out or changed by hand."""
        return bool(self._connection.execute(_ANY.format(table=table)).fetchone()[0])

    def _stays(self, name: str, position: int, key: str) -> None:
        table, told, where = f"staged_{name}", _TOLD.get(name), ""
        if told is None:
            table, told, where = "staged_own", "value_key", "AND field = :field"
        self._connection.execute(
            f"UPDATE {table} SET had = {rules.STAYS}"
            f" WHERE position = :position AND {told} = :key AND NOT had {where}",
            {"position": position, "key": key, "field": name.removeprefix(HERE)},
        )
