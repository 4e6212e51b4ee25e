"""What an import took is not there any more beside what comes after it."""

import sys
import weakref
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.conftest import Import, Planning
from tests.exchange.workbooks import row, xlsx
from webui import memory
from webui.exchange import importing, looking, matching

BOOK = xlsx(row(1, "Name", "E-mail"), row(2, "Mara Ek", "m@x.example"))


def held() -> int:
    """Return the megabytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000


@pytest.mark.platform
@pytest.mark.skipif(sys.platform != "linux", reason="others give memory back by themselves")
def test_what_was_freed_between_things_that_stay_is_given_back() -> None:
    pages = [bytes(4000) for _ in range(30_000)]
    stay = pages[::500]
    del pages
    before = held()
    memory.give_back()
    assert held() < before - 60, len(stay)


def test_it_is_given_back_before_each_step_that_takes_much(
    monkeypatch: pytest.MonkeyPatch, bring_in: Import
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(memory, "give_back", lambda: steps.append("given back"))
    for module, name in ((looking, "look"), (matching, "match"), (importing, "_apply")):
        does = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, name=name, does=does, **k: (steps.append(name), does(*a, **k))[1]
        )
    assert bring_in(BOOK).added == 1
    assert steps == ["given back", "look", "given back", "match", "given back", "_apply"]


def test_a_workbook_is_gone_when_its_rows_are_judged(
    monkeypatch: pytest.MonkeyPatch, planning: Planning
) -> None:
    books: list[weakref.ref[Any]] = []
    look, match = looking.look, matching.match

    def looked(*args: Any) -> Any:
        sheet, found = look(*args)
        books.append(weakref.ref(sheet))
        return sheet, found

    def judged(*args: Any) -> None:
        assert [each() for each in books] == [None]
        match(*args)

    monkeypatch.setattr(looking, "look", looked)
    monkeypatch.setattr(matching, "match", judged)
    assert len(planning(BOOK).page()) == 1
