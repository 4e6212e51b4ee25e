"""Birthdays: whose comes round in the days ahead."""

import datetime
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webui.store.models import User
from webui.store.values import dates


def coming(
    session: Session, today: datetime.date, ahead: int, limit: int = 200
) -> Sequence[tuple[User, int]]:
    """Return the living people whose birthday is today or in the `ahead` days after it, and in how many days.

    The nearest first. Whoever was born on 29 February has it on 1 March in a year without that day.
    """
    days = [today + datetime.timedelta(number) for number in range(ahead + 1)]
    wanted = {day.strftime("%m-%d") for day in days} | {"02-29"}
    listed = ", ".join(f"'{day}'" for day in sorted(wanted))  # digits of our own making
    found = session.execute(
        text(
            "SELECT id, birthday FROM users WHERE birthday IS NOT NULL AND deleted_at IS NULL"
            f" AND length(birthday) >= 7 AND substr(birthday, -5) IN ({listed})"
        )
    )
    left: dict[int, int] = {}
    for user_id, birthday in found:
        number = _days_until(birthday, today)
        if number is not None and number <= ahead:
            left[user_id] = number
    nearest = sorted(left, key=lambda user_id: (left[user_id], user_id))[:limit]
    users = {user.id: user for user in session.scalars(select(User).where(User.id.in_(nearest)))}
    return [(users[user_id], left[user_id]) for user_id in nearest if user_id in users]


def _days_until(birthday: object, today: datetime.date) -> int | None:
    try:
        return dates.days_until(str(birthday), today)
    except ValueError:  # another program wrote it
        return None
