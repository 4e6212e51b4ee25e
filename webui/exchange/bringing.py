"""What a row brings beside fields and lists: a photo, posts, whom the person knows.

Staged, marked where the person has it already, and written, set by set, as all of an import; where no row
brings any of it, nothing of this is done.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from webui.exchange.brought import MOST_POSTS, Brought
from webui.exchange.plan import Plan
from webui.store.errors import Invalid, Message
from webui.store.models import new_uid
from webui.store.posts import LONGEST
from webui.store.relations import BACK, LONGEST_LABEL, OWN
from webui.store.values import pictures, text

TABLES = ("photos", "posts", "relations")


class Staging:
    """Gathers what some rows bring, and inserts it. Pictures are read here: what is none is a warning."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[Any, ...]] = {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}

    def take(self, position: int, brought: Brought) -> list[Message]:
        """Take what a row brings; return a warning of each thing that stands in the raw row alone."""
        warnings = []
        if brought.photo is not None:
            try:
                picture = pictures.read(brought.photo)
                self._pictures[picture.hash] = (
                    picture.hash,
                    picture.media_type,
                    picture.original,
                    picture.shown,
                )
                self._rows["photos"].append((position, picture.hash, 0))
            except Invalid:
                warnings.append(Message("row.no_photo"))
        posts = [each for each in brought.posts if len(each.body) <= LONGEST["body"]][:MOST_POSTS]
        if len(posts) < len(brought.posts):
            told = {"most": MOST_POSTS, "limit": LONGEST["body"]}
            warnings.append(Message("row.posts_left", told))
        for rank, each in enumerate(posts):
            self._rows["posts"].append((position, rank, each.title, each.body, each.date or None, 0))
        self._rows["relations"] += [
            (position, rank, *in_kind(kind, label, word), other, back, 0)
            for rank, (kind, label, word, other, back) in enumerate(brought.relations)
        ]
        return warnings

    def write(self, connection: sqlite3.Connection) -> None:
        """Insert all of it."""
        connection.executemany(
            "INSERT OR IGNORE INTO photo_bytes VALUES (?, ?, ?, ?)", self._pictures.values()
        )
        for name, rows in self._rows.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO staged_{name} VALUES ({marks})", rows)


def in_kind(kind: str, label: str, word: str) -> tuple[str, str, str]:
    """Return the kind, and of an own one the words of both sides, the second "" where it is the first."""
    if kind in BACK and kind != OWN:
        return kind, "", ""
    label, word = (text.one_line(text.kept(each))[:LONGEST_LABEL] for each in (label or kind, word))
    return OWN, label, "" if text.key(word) == text.key(label) else word


def as_said(kind: str, label: str, other: str) -> str:
    """Return by what two say the same of someone: the kind, the word of an own one, and whom it names."""
    return "\n".join((kind, text.key(label), other))


# Whether the other one's card is in the file: then that one says a relation that is told from the `back`.
_SAYS_IT = """EXISTS (SELECT 1 FROM {plan}staged t WHERE t.source_uid = {of}.other AND t.readable)
  OR EXISTS (SELECT 1 FROM {plan}staged t WHERE t.told_uid = {of}.other AND t.readable)"""
# Whether a relation of a row names the person `o`.
NAMES = """(o.uid = staged_relations.other OR EXISTS (
  SELECT 1 FROM live.sources c WHERE c.user_id = o.id AND c.source_uid = staged_relations.other)
OR EXISTS (SELECT 1 FROM staged t WHERE t.source_uid = staged_relations.other AND t.user_id = o.id)
OR EXISTS (SELECT 1 FROM staged t WHERE t.told_uid = staged_relations.other AND t.user_id = o.id))"""
# The post of a row that someone has already is one that says the same on the same day.
_MARK = {
    "photos": """UPDATE staged_photos SET had = 1 WHERE EXISTS (
      SELECT 1 FROM staged s JOIN live.users u ON u.id = s.user_id
      WHERE s.position = staged_photos.position AND u.photo_hash = staged_photos.hash)
    OR EXISTS (SELECT 1 FROM staged s JOIN staged_photos o ON o.position = s.twin
      WHERE s.position = staged_photos.position AND o.hash = staged_photos.hash)""",
    "posts": """UPDATE staged_posts SET had = 1 WHERE EXISTS (
      SELECT 1 FROM staged s JOIN live.posts p ON p.user_id = s.user_id
      WHERE s.position = staged_posts.position AND p.date = coalesce(staged_posts.date, p.date)
        AND p.title = staged_posts.title AND p.body = staged_posts.body)
    OR EXISTS (SELECT 1 FROM staged s JOIN staged_posts o ON o.position = s.twin
      WHERE s.position = staged_posts.position AND o.date IS staged_posts.date
        AND o.title = staged_posts.title AND o.body = staged_posts.body)""",
    "relations": f"""UPDATE staged_relations SET had = 1
    WHERE back AND ({_SAYS_IT.format(plan="", of="staged_relations")}) OR EXISTS (
      SELECT 1 FROM staged s JOIN live.relations r ON s.user_id IN (r.user_id, r.other_id)
      JOIN live.users o ON o.id = CASE WHEN r.user_id = s.user_id THEN r.other_id ELSE r.user_id END
      WHERE s.position = staged_relations.position
        AND {NAMES})
    OR NOT ({_SAYS_IT.format(plan="", of="staged_relations")})
      AND NOT EXISTS (SELECT 1 FROM live.users o WHERE o.uid = staged_relations.other)
      AND NOT EXISTS (SELECT 1 FROM live.sources c WHERE c.source_uid = staged_relations.other)""",
}


def filled(connection: sqlite3.Connection, schema: str = "main") -> list[str]:
    """Return which of TABLES any row has something in."""
    return [
        name
        for name in TABLES
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM {schema}.staged_{name})").fetchone()[0]
    ]


def mark(connection: sqlite3.Connection) -> None:
    """Mark what the person of a row has already, and relations to somebody who is not here."""
    for name in filled(connection):
        connection.execute(f"UPDATE staged_{name} SET had = 0 WHERE had")
        connection.execute(_MARK[name])


def statements(connection: sqlite3.Connection, whom: str, slice_: str) -> list[str]:
    """Return what writes a slice of a plan; `whom` is the expression of the person a row belongs to."""
    takes = f"{slice_} AND (s.does = 'add' OR (s.does = 'change' AND NOT b.had))"
    made = {
        "photos": (
            f"""
        INSERT OR IGNORE INTO photos (hash, media_type, original, shown)
        SELECT p.hash, p.media_type, p.original, p.shown FROM plan.staged s
        JOIN plan.staged_photos b USING (position) JOIN plan.photo_bytes p USING (hash) WHERE {takes}""",
            f"""
        UPDATE users SET photo_hash = n.hash FROM (SELECT {whom} AS whom, b.hash, max(s.position)
          FROM plan.staged s JOIN plan.staged_photos b USING (position) WHERE {takes} GROUP BY 1) n
        WHERE users.id = n.whom""",
        ),
        "posts": (
            f"""
        INSERT INTO posts (uid, user_id, title, body, date, created_at, updated_at)
        SELECT made_uid(), {whom}, b.title, b.body, coalesce(b.date, :today), :now, :now
        FROM plan.staged s JOIN plan.staged_posts b USING (position) WHERE {takes}
        ORDER BY s.position, b.rank""",
        ),
    }
    return [each for name in filled(connection, "plan") for each in made.get(name, ())]


# Nobody who knew another before is told so again: by which side, in which words, is their own matter.
_RELATED = """SELECT 1 FROM relations WHERE id <= :before
  AND (user_id = :user AND other_id = :other OR user_id = :other AND other_id = :user)"""


def _here(column: str) -> str:
    """Return the expression of whoever is here already, by the row of the other: it may bring nothing."""
    return f"""(SELECT t.user_id FROM plan.staged t WHERE t.{column} = b.other
      AND (t.verdict = 'same' OR t.does = 'change') LIMIT 1)"""


def relate(connection: sqlite3.Connection, whom: str, base: int) -> None:
    """Write who knows whom, once everyone is there: once for both sides, and nothing that is known."""
    if "relations" not in filled(connection, "plan"):
        return
    (before,) = connection.execute("SELECT coalesce(max(id), 0) FROM relations").fetchone()
    rows = connection.execute(
        f"""SELECT {whom}, b.kind, b.label, b.word, coalesce((SELECT u.id FROM users u WHERE u.uid = b.other),
          {_here("source_uid")}, {_here("told_uid")},
          (SELECT max(c.user_id) FROM sources c JOIN users u ON u.id = c.user_id AND u.deleted_at IS NULL
           WHERE c.source_uid = b.other))
        FROM plan.staged s JOIN plan.staged_relations b USING (position)
        WHERE (s.does = 'add' OR (s.does = 'change' AND NOT b.had))
          AND NOT (b.back AND ({_SAYS_IT.format(plan="plan.", of="b")})) ORDER BY s.position, b.rank""",
        {"base": base},
    ).fetchall()
    known: set[tuple[int, int, str, str]] = set()
    for user, kind, label, word, other in rows:
        said = (user, other, kind, text.key(label))
        pair = {"user": user, "other": other, "before": before}
        if other is None or user == other or said in known or connection.execute(_RELATED, pair).fetchone():
            continue
        known |= {said, (other, user, BACK[kind], text.key(word or label))}
        connection.execute(
            "INSERT INTO relations (uid, user_id, other_id, kind, label, back_label)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (new_uid(), user, other, kind, label, word),
        )


def shown_at(plan: Plan, positions: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how much new the rows at `positions` bring of each of TABLES, where they do."""
    told = json.dumps(positions)
    found: dict[int, dict[str, int]] = {}
    for name in filled(plan.connection):
        for position, count in plan.connection.execute(
            f"SELECT position, count(*) FROM staged_{name} WHERE NOT had"
            " AND position IN (SELECT value FROM json_each(?)) GROUP BY 1",
            (told,),
        ):
            found.setdefault(position, {})[name] = count
    return found
