"""How those who match a query are come by: in order, from a place on, and counted, without reading everyone.

Few are read and sorted. Of many, the next page most likely is among the people who come next in that order,
and to see whether these match costs less than to sort everyone who does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

from webui.store.ledger import fetching
from webui.store.orders import BY_NAME, Order
from webui.store.query import plan, words
from webui.store.query.asked import Asked
from webui.store.query.plan import Both, Condition, Driver, Leaf
from webui.store.query.sizes import Sizes
from webui.store.query.words import Tier

Params = dict[str, Any]
Pairs = list[tuple[int, Any]]  # ids and keys
SPANS = ((0, 120), (120, 480))  # from where, and how many people are read for a word that very many have


@dataclass(frozen=True)
class Group:
    """People who are listed together: in which order, their condition, that besides words, and their tier
    (None for all)."""

    order: Order
    condition: Condition
    rest: tuple[Condition, ...]
    tier: Tier | None = None


class Finding:
    """Answers one query on a session. `few`, `ahead` and `counted` are the limits of `search`."""

    def __init__(self, session: Session, asked: Asked, few: int, ahead: int, counted: int) -> None:
        self.session, self.asked = session, asked
        self.few, self.ahead, self.counted = few, ahead, counted
        self._sizes = Sizes(session, asked.values, counted)
        self._ranked: list[tuple[int, Any, int]] | None = None
        self._settled: Driver | None = None

    def tiers(self) -> list[Group]:
        """Return everyone who matches in groups, the best first, each by name."""
        orders = [replace(BY_NAME, scan=f"person_text WHERE {tier.within}") for tier in self.asked.tiers]
        tiers = zip(orders, self.asked.tiers, strict=True)
        return [Group(order, tier.condition, tier.rest, tier) for order, tier in tiers]

    def sorted(self, order: Order) -> list[Group]:
        """Return everyone who matches: those with a value in order, then those without, by name."""
        everyone, rest = self.asked.condition, self.asked.rest
        if order.is_by_name:
            return [Group(order, everyone, rest)]
        without = Leaf(f"{order.value} IS NULL", cost=1)
        both = without if self.asked.everyone else Both((everyone, without))
        return [Group(order, everyone, rest), Group(BY_NAME, both, (*rest, without))]

    def count(self) -> tuple[int, bool]:
        """Return how many match, and whether there are more than were counted."""
        if self.asked.everyone:
            return self._scalar("SELECT count(*) FROM person_text"), False
        known = self._settled.size if self._settled else None if self._ranked is None else len(self._ranked)
        found = self._counted(self._driver(self.asked.condition)) if known is None else known
        return min(found, self.counted), found > self.counted

    @property
    def about(self) -> int | None:
        """About how many have to be read to tell who matches, None where it is everyone."""
        driver = self._driver(self.asked.condition, roughly=True)
        return driver.size if driver else None

    def has(self, user_id: int) -> bool:
        """Tell whether someone is among those who match."""
        test = plan.test(self.asked.condition, ":one", "SELECT :one")
        found = f"SELECT count(*) FROM person_text WHERE user_id = :one AND {test}"
        return bool(self._scalar(found, {"one": user_id}))

    def ids(self) -> str:
        """Return a SELECT of the `user_id` of all who match, '' for everyone."""
        if self.asked.everyone:
            return ""
        some, where = self._tested(self._driver(self.asked.condition), self.asked.condition)
        return f"{some} SELECT user_id FROM some WHERE {where}"

    def ranked(self) -> list[tuple[int, Any, int]] | None:
        """Return (tier, key, id) of all who match words and more, where few have to be read; else None.

        One reading then gives the page and the count. The groups of words alone are found sooner.
        """
        driver = self._driver(self.asked.condition) if self.asked.rest else None
        if not driver or driver.size > self.counted:
            return None
        if self._ranked is None:
            scope = "SELECT user_id FROM some"
            better = [plan.test(tier.asked, "some.user_id", scope) for tier in self.asked.tiers[:-1]]
            whens = " ".join(f"WHEN {test} THEN {number}" for number, test in enumerate(better))
            some, where = self._tested(driver, self.asked.condition)
            joined, key = BY_NAME.joined()  # who is in the trash has no name there
            rows = self._rows(
                f"{some} SELECT CASE {whens} ELSE {len(better)} END, {key} AS key, some.user_id AS user_id"
                f" FROM some {joined} WHERE {where} ORDER BY 1, key, user_id"
            )
            self._ranked = [(tier, key, user_id) for tier, key, user_id in rows]
        return self._ranked

    def some(self, group: Group, place: Sequence[Any], limit: int) -> Sequence[tuple[int, Any]]:
        """Return (id, key) of up to `limit` people of a group, behind `place` (key, id)."""
        order, since = group.order, group.tier.since if group.tier else b""
        place = place or ((since, 0) if since else ())
        params = {"limit": limit, **dict(zip(("key", "id"), place, strict=False))}
        ahead = order.ahead(place)
        if group.condition == Both():
            return self._pairs(f"SELECT {order.id}, {order.key} {ahead} LIMIT :limit", params)
        driver, found = None if since else self._driver(group.condition), None
        is_rare = driver is not None and driver.size * self.ahead < limit * self._sizes.newest
        is_dear = order.dear and order.down and driver is not None and driver.size <= self.counted
        for reach in [] if is_rare or is_dear else self._reaches(driver, bool(since)):
            found = reach(group, ahead, params)
            if len(found) == limit:
                return found
        if found is not None:
            seen = self._scalar(f"SELECT count(*) FROM (SELECT 1 {ahead} LIMIT {self.ahead})", params)
            if seen < self.ahead:  # those were the last there are
                return found
        far = driver.way(limit, self._sizes.newest) if driver and not is_dear else 0
        if far > self.ahead and len(further := self.look_ahead(group, ahead, params, far)) == limit:
            return further
        driver = driver or self._driver(group.condition)
        # Where few of the next pass, few of all do: they are read once, and counted with it.
        is_rare = driver is not None and driver.is_narrowed and (is_rare or found is not None)
        if group.condition == self.asked.condition and (
            is_rare or driver is None or not self.counted < driver.size < plan.UNKNOWN
        ):
            driver = self._settle(driver)
            # To come to so many in that order takes longer than to sort all, where there are few.
            way = 2 * limit * self._sizes.newest
            if found is None and not is_dear and driver.size * min(driver.size, self.ahead) > way:
                found = self.look_ahead(replace(group, condition=driver.leaf), ahead, params)
                if len(found) == limit:
                    return found
        return self._all(driver, group, place, params)

    def _all(self, driver: Driver | None, group: Group, place: Sequence[Any], params: Params) -> Pairs:
        """Read and sort all, for those behind a place."""
        some, where = self._tested(driver, group.condition)
        joined, key = group.order.joined()
        living = "" if joined else _living(driver)  # who is in the trash has tags, but no key elsewhere
        return self._pairs(
            f"{some} SELECT some.user_id AS user_id, {key} AS key FROM some {joined} WHERE {where} {living}"
            f" AND key IS NOT NULL {group.order.behind(place)} {group.order.by} LIMIT :limit",
            params,
        )

    def _settle(self, driver: Driver | None) -> Driver:
        """Return what reads just those who match: who they are, and so how many, is found out once."""
        if driver and driver.living and not driver.is_narrowed and driver.size <= self.counted:
            return driver
        if self._settled is None:
            some, where = self._tested(driver, self.asked.condition)
            found = f"FROM some WHERE {where} {_living(driver)}"
            size, ids = self._rows(f"{some} SELECT count(*), json_group_array(user_id) {found}").one()
            self.asked.values["settled"] = ids
            self._settled = Driver(("SELECT value FROM json_each(:settled)",), size, living=True)
        return self._settled

    def _reaches(self, driver: Driver | None, is_span: bool) -> list[Callable[..., Pairs]]:
        """Return the ways to look among those who come next that are worth it, the cheapest first.

        Of a span of the order, nearly all are who is sought.
        """
        if driver and (driver.size <= self.few or (driver.is_narrowed and driver.size <= self.counted)):
            return []
        # Where the least that could be read is that many, the texts of a few people tell sooner.
        is_common = is_span or (driver is not None and driver.size > self.counted)
        first = [self._read_ahead] if is_common and self.asked.words.readable else []
        return [*first, self.look_ahead]

    def look_ahead(self, group: Group, ahead: str, params: Params, far: int = 0) -> Pairs:
        """Test those who come next, `far` of them or `ahead`."""
        test = plan.test(group.condition, "some.user_id", "SELECT user_id FROM some")
        return self._pairs(
            f"WITH some AS MATERIALIZED (SELECT {group.order.id} AS user_id, {group.order.key} AS key"
            f" {ahead} LIMIT {far or self.ahead})"
            f" SELECT user_id, key FROM some WHERE {test} {group.order.by} LIMIT :limit",
            params,
        )

    def _read_ahead(self, group: Group, ahead: str, params: Params) -> Pairs:
        """Read the texts of those who come next: sooner than to walk through all who have a common word."""
        rest = plan.test(Both(group.rest), "some.user_id")
        tagged = "".join(f", {each}" for each in words.with_tag(self.asked.words, "some.user_id"))
        is_said = words.reader(self.asked.words, group.tier.number if group.tier else None)
        found: Pairs = []
        for offset, count in SPANS:
            rows = self._rows(
                f"WITH some AS MATERIALIZED (SELECT {group.order.id} AS user_id, {group.order.key} AS key"
                f" {ahead} LIMIT {count} OFFSET {offset}) SELECT user_id, key, names, reach, body{tagged}"
                f" FROM some CROSS JOIN person_text USING (user_id) WHERE {rest} {group.order.by}",
                params,
            )
            found += [(user_id, key) for user_id, key, *said in rows if is_said(*said)]
            if len(found) >= params["limit"]:
                break
        return found[: params["limit"]]

    def _driver(self, condition: Condition, roughly: bool = False) -> Driver | None:
        sizes = self._sizes
        driver = plan.driver(condition, sizes.of, max(sizes.newest, 1), self.counted, roughly)
        return replace(driver, sources=sizes.read(driver.sources)) if driver else None

    def _tested(self, driver: Driver | None, condition: Condition, is_page: bool = True) -> tuple[str, str]:
        """Return the WITH of those who are read, and the condition that they still have to meet.

        A count of very many stops before all are read, so that these are not gathered first.
        """
        if driver is None:
            everyone = "WITH some AS NOT MATERIALIZED (SELECT user_id FROM person_text)"
            return everyone, plan.test(condition, "some.user_id")
        if not is_page and driver.size > self.counted:
            some = f"WITH some(user_id) AS NOT MATERIALIZED ({driver.ids()})"
            return some, plan.test(Both(driver.rest), "some.user_id")
        some = f"WITH some(user_id) AS MATERIALIZED ({driver.ids()})"
        return some, plan.test(Both(driver.rest), "some.user_id", "SELECT user_id FROM some")

    def _counted(self, driver: Driver | None) -> int:
        """Count who matches, up to one more than is told."""
        if driver and driver.living and not driver.is_narrowed:
            return self._sizes.of(driver.sources)
        some, where = self._tested(driver, self.asked.condition, is_page=False)
        found = f"SELECT 1 FROM some WHERE {where} {_living(driver)} LIMIT {self.counted + 1}"
        return self._scalar(f"{some} SELECT count(*) FROM ({found})")

    def _scalar(self, statement: str, params: Mapping[str, Any] = {}) -> int:
        return int(self._rows(statement, params).scalar() or 0)

    def _pairs(self, statement: str, params: Mapping[str, Any]) -> Pairs:
        return [(user_id, key) for user_id, key in self._rows(statement, params)]

    def _rows(self, statement: str, params: Mapping[str, Any] = {}) -> CursorResult[*tuple[Any, ...]]:
        return fetching.rows(self.session, statement, {**self.asked.values, **params})


def _living(driver: Driver | None) -> str:
    """Return the condition that those who are read still have to meet where some may be in the trash."""
    return "" if driver is None or driver.living else f"AND user_id NOT IN ({plan.TRASH})"
