"""What matched rows say that has no field, beside what such a file said of the person before."""

import json
from collections.abc import Collection, Mapping

from webui.exchange import leftovers
from webui.exchange.earlier import Earlier
from webui.exchange.plan import Plan
from webui.exchange.rules import FILE, MINE

Change = tuple[str, str, str]  # the column or property, what it said before ("" for nothing), what it says
Said = list[tuple[str, str]]
Row = tuple[str, bytes, str]  # the format of its file, its bytes, how the file was read
_NOTHING: Row = ("", b"", "{}")
# What is warned of and stands in the raw row alone, but in no column without a field.
_UNTOLD = {
    "row.too_many", "row.no_photo", "row.posts_left", "row.broken_lines", "row.cut", "row.unkeepable",
    "email.long",
}  # fmt: skip
# Not of rows whose very bytes are with the person already.
_LIVE = """
SELECT s.position, s.user_id, s.source_uid, s.warnings, r.raw, NULL
FROM staged s JOIN staged_raw r USING (position)
WHERE s.keeps AND s.user_id IS NOT NULL AND s.position IN (SELECT value FROM json_each(:at))
AND NOT EXISTS (SELECT 1 FROM live.sources o WHERE o.user_id = s.user_id AND o.raw_hash = r.raw_hash)
UNION ALL
SELECT s.position, NULL, NULL, s.warnings, r.raw, t.raw
FROM staged s JOIN staged_raw r USING (position) JOIN staged_raw t ON t.position = s.twin
WHERE s.keeps AND s.user_id IS NULL AND s.position IN (SELECT value FROM json_each(:at))
AND r.raw_hash <> t.raw_hash
"""


class KeptColumns:
    """Compares it for one plan, whose connection has the database beside it; `ways` are those of `rules`."""

    def __init__(self, plan: Plan, earlier: Earlier, ways: Mapping[str, str]) -> None:
        self._connection, self._earlier = plan.connection, earlier
        self._way = ways.get("kept", ways.get("", FILE))
        self._format = str(plan.about("format"))
        self._options = json.dumps(plan.about("options"), ensure_ascii=False)
        self._rows = leftovers.Rows()

    def changes(self, positions: Collection[int]) -> tuple[dict[int, list[Change]], list[int]]:
        """Return position -> what is new, of those rows of which anything is; one with empty texts where it
        can't be told by its column; and the positions of those of which something else may not be kept."""
        found: dict[int, list[Change]] = {}
        left = []
        rows = self._connection.execute(_LIVE, {"at": json.dumps(list(positions))}).fetchall()
        for position, user, uid, warnings, raw, twin in rows:
            row = (self._format, raw, self._options)
            now = self._said(*row)
            earlier = [(self._format, twin, self._options)] if twin else self._before(user, uid)
            new = min((self._new(now, self._said(*each)) for each in earlier or [_NOTHING]), key=len)
            untold = not now or any(warning in _UNTOLD for warning, _values in json.loads(warnings or "[]"))
            if not new and untold and not any(self._alike(row, each) for each in earlier):
                new = [("", "", "")]  # a part of a value that has a field
            if taken := self._taken(new) if user else new:
                found[position] = taken
            elif new:
                left.append(position)
        return found, left

    def _before(self, user: int, uid: str | None) -> list[Row]:
        """Return the rows of someone in the newest file of this source."""
        rows = self._earlier.rows({user: {uid}}).get(user, [])
        return [
            self._connection.execute(_SOURCE, (source,)).fetchone()
            for source, file in rows
            if file == rows[0][1]
        ]

    def _alike(self, one: Row, other: Row) -> bool:
        """Tell whether two rows say the same in other bytes."""
        return leftovers.whole(*one) == leftovers.whole(*other)

    def _said(self, format_: str, raw: bytes, options: str) -> Said:
        return [
            (each.name or str(each.number), each.value) for each in self._rows.of_row(format_, raw, options)
        ]

    def _new(self, now: Said, before: Said) -> list[Change]:
        if self._format == "vcard":
            return [(name, "", value) for name, value in now if (name, value) not in before]
        was, says = dict(before), dict(now)
        return [(name, was.get(name, ""), value) for name, value in says.items() if was.get(name) != value]

    def _taken(self, new: list[Change]) -> list[Change]:
        """Return what of it may be kept with who is here."""
        if self._way == MINE:
            return []
        return [each for each in new if self._way == FILE or not each[1]]


_SOURCE = """SELECT f.format, o.raw, f.options
FROM live.sources o JOIN live.source_files f ON f.id = o.file_id WHERE o.id = ?"""
