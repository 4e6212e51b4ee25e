"""What a column of numbers, or of yes and no, adds up to: for all who match a search, or for some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store import chosen as many
from webui.store import search
from webui.store.chosen import Chosen

_EXACT = 6  # digits behind the point; a sum of binary fractions is no better


@dataclass(frozen=True)
class Sum:
    """How many people have a value in a field, and what those values are together; of yes and no 1 is yes."""

    count: int = 0
    total: float = 0.0

    @property
    def average(self) -> float:
        """The total over the count, 0 for nobody."""
        return self.total / self.count if self.count else 0.0


def of(session: Session, chosen: Chosen, field_ids: Sequence[int]) -> dict[int, Sum]:
    """Return what fields add up to, by id; what is no number in them counts for nothing.

    Raises Unreadable for a search that can't be read.
    """
    values: dict[str, Any] = {}
    if chosen.q is not None:
        people, values = search.matching(session, chosen.q)
    else:
        many.take(session, chosen)
        people = "SELECT id FROM temp.chosen"
    listed = ", ".join(str(int(each)) for each in field_ids)
    of_fields = f"field_id IN ({listed}) AND abs(number) < 9e300"  # what is infinite adds up to nothing
    rows = session.execute(
        text(
            "SELECT field_id, count(*), sum(number) FROM field_values"
            f" WHERE {of_fields} AND user_id IN ({people}) GROUP BY field_id"
        ),
        values,
    )
    found = {field_id: Sum(count, round(float(total), _EXACT)) for field_id, count, total in rows}
    return {each: found.get(each, Sum()) for each in field_ids}
