"""How many people a source of ids yields, counted no further than a choice or a page needs it."""

import functools
from typing import Any

from sqlalchemy.orm import Session

from webui.store.ledger import fetching

ROUGHLY = 500  # so many in order tell about how many follow


class Sizes:
    """Counts for one query on a session, each made once; beyond `counted`, about how many.

    Whom several sources yield is kept with the query's `values` where all were read to count them.
    """

    def __init__(self, session: Session, values: dict[str, Any], counted: int) -> None:
        self._session, self._values, self._counted = session, values, counted
        self._known: dict[int, dict[tuple[str, ...], int]] = {counted: {}}
        self._kept: dict[tuple[str, ...], str] = {}

    def of(self, sources: tuple[str, ...], some: str = "", roughly: bool = False) -> int:
        """Count whom any of the sources yields; `some` yields a part, sooner.

        `roughly` is for a choice between sources that yield ids in order: then few of them tell.
        """
        limit = ROUGHLY if roughly and self._counted > ROUGHLY else self._counted
        known = self._known.setdefault(limit, {})
        for begun, size in {**known, **self._known.get(self._counted, {})}.items():
            if begun == sources or (size > self._counted and begun == sources[: len(begun)]):
                return size
        # The first often is enough, and gathers nobody. What begins so is gathered, also to count it: where
        # a part of it likely is enough, that is counted, else all at once.
        begin = (some,) if some else sources[:1]
        is_likely = begin != sources and (not some or self.of(begin, roughly=True) > 2 * self._counted)
        size = self.of(begin, roughly=roughly) if is_likely else 0
        known[sources] = size if size > self._counted else self._count(sources, limit + 1)
        return known[sources]

    def read(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Return sources of the same ids, the first of them those that are kept, if any are."""
        for count in range(len(sources), 1, -1):
            if kept := self._kept.get(sources[:count]):
                return (kept, *sources[count:])
        return sources

    def _count(self, asked: tuple[str, ...], limit: int) -> int:
        """Count source by source, without whom one before has: a UNION would read all of them first."""
        sources, every, new = self.read(asked), [], []
        for number, source in enumerate(sources):
            # Gathered once, as each of those behind it looks there; what is needed of the last is enough.
            gather = "MATERIALIZED" if number < len(sources) - 1 else "NOT MATERIALIZED"
            every.append(f"s{number}(id) AS {gather} (SELECT * FROM ({source}) LIMIT {limit})")
            known = "".join(f" AND id NOT IN (SELECT id FROM s{before})" for before in range(number))
            new.append(f"SELECT id FROM s{number} WHERE 1{known}")
        ids = "json_group_array(id)" if len(sources) > 1 else "NULL"
        counted = f"SELECT count(*), min(id), max(id), {ids} FROM ({' UNION ALL '.join(new)} LIMIT {limit})"
        found = fetching.rows(self._session, f"WITH {', '.join(every)} {counted}", self._values).one()
        count, first, last = (int(each or 0) for each in found[:3])
        if count < limit:
            self._known[self._counted][asked] = count
        if count < limit and len(sources) > 1:
            name = f"kept{len(self._kept)}"
            self._values[name] = found[3]
            self._kept[asked] = f"SELECT value FROM json_each(:{name})"
            self._known[self._counted][self._kept[asked],] = count
        # Most sources yield ids in their order: then those that follow are likely as near to each other.
        likely = count * (self.newest - first) // max(last - first, 1)
        return count if count < limit else max(limit, likely)

    @functools.cached_property
    def newest(self) -> int:
        """The highest id of someone who lives, about as many as there are; 0 with nobody."""
        found = fetching.rows(self._session, "SELECT max(user_id) FROM person_text", {})
        return int(found.scalar() or 0)
