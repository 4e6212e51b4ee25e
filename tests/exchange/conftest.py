"""What the tests of exchange share: a CSV written down in a line, imported in a line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.exchange.sheets import back, person, send, two
from webui.exchange import importing
from webui.exchange.plan import Plan

__all__ = ["back", "person", "send", "two"]  # fixtures of `sheets`
Import = Callable[..., importing.Result]
Planning = Callable[..., Plan]


@pytest.fixture
def planning(engine: Engine, tmp_path: Path) -> Planning:
    """Return a function that plans the import of a text, of bytes or of a file."""
    made: list[Plan] = []

    def plan(content: str | bytes | Path, **how: Any) -> Plan:
        path = content if isinstance(content, Path) else tmp_path / "people.csv"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        made.append(importing.plan(engine, path, tmp_path / f"plan-{len(made)}.sqlite", **how))
        return made[-1]

    yield plan  # type: ignore[misc]
    for each in made:
        each.close()


@pytest.fixture
def bring_in(engine: Engine, planning: Planning) -> Import:
    """Return a function that imports a text, bytes or a file."""

    def imported(
        content: str | bytes | Path, allow_missing_email: bool = True, **how: Any
    ) -> importing.Result:
        return importing.apply(engine, planning(content, **how), allow_missing_email=allow_missing_email)

    return imported


@pytest.fixture
def rows(session: Session) -> Callable[[str], list[tuple[Any, ...]]]:
    """Return a function that gives the rows of a query as they are now."""

    def found(query: str) -> list[tuple[Any, ...]]:
        session.rollback()
        return [tuple(row) for row in session.execute(text(query))]

    return found
