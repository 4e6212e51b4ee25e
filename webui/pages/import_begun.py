"""Imports that were begun and are neither done nor left: offered again where the next file is chosen."""

import sqlite3
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from webui.exchange.plan import Plan
from webui.jobs import Job
from webui.pages import drafts, shared
from webui.pages.drafts import Draft

MOST = 3


@dataclass(frozen=True)
class Begun:
    """One of them, and the address where it stands."""

    draft: Draft
    address: str


def found() -> list[Begun]:
    """Return the newest of them, the newest first."""
    open_ones = (draft for draft in drafts.open_ones() if not is_under_way(draft))
    begun = (Begun(draft, address) for draft in open_ones if (address := _stands(draft)))
    return list(islice(begun, MOST))


def is_under_way(draft: Draft) -> bool:
    """Tell whether a job works on it just now."""
    return job_of(draft) is not None


def at_work() -> list[Job]:
    """Return the jobs that work on one just now."""
    return [job for job in shared.jobs().active() if "draft" in job.values]


def job_of(draft: Draft) -> Job | None:
    """Return the job that works on it just now, or None."""
    return next((job for job in at_work() if job.values["draft"] == draft.id), None)


def _stands(draft: Draft) -> str:
    """Return where one goes on: "" where that can't be told, as of a sheet that was not compared."""
    if draft.comparison_file.exists():
        return url_for("sent.preview", draft_id=draft.id)
    if draft.again.exists():
        return ""
    return url_for("imports.preview" if _is_planned(draft) else "imports.match", draft_id=draft.id)


def _is_planned(draft: Draft) -> bool:
    if not draft.plan_file.exists():
        return False
    try:
        with Plan(draft.plan_file) as planned:
            return planned.about("forgotten") is not None  # noted last; a cancelled one has it not
    except (sqlite3.Error, ValueError):  # it is being made just now
        return False
