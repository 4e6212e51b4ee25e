"""Nothing of an import is answered, or begun, while a job works on it, which would not know of it."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from webui import words
from webui.jobs import Job
from webui.pages import import_begun
from webui.pages.drafts import Draft
from webui.store.errors import Message

# Draft -> between the look for a job of it and the beginning of one.
_locks: dict[str, Lock] = {}

_Answer = TypeVar("_Answer")
_View = Callable[..., _Answer]


def settled(
    otherwise: Callable[[Draft, Job], Response],
) -> Callable[[_View[_Answer]], _View[_Answer | Response]]:
    """Give a view of a draft its Draft; while a job works on that, return what `otherwise` does instead."""

    def decorated(view: _View[_Answer]) -> _View[_Answer | Response]:
        @wraps(view)
        def settled_view(draft_id: str, **values: int) -> _Answer | Response:
            draft = Draft.find(draft_id)
            with _locks.setdefault(draft.id, Lock()):
                if (job := import_begun.job_of(draft)) is None:
                    return view(draft, **values)
            return otherwise(draft, job)

        return settled_view

    return decorated


def watched(_draft: Draft, job: Job) -> Response:
    """Go to the page of the job."""
    return redirect(url_for("jobs.watch", job_id=job.id), 303)


def told(draft: Draft, job: Job) -> Response:
    """Say that nothing was taken, and go to the page of the job."""
    flash(words.sentence(Message("import.under_way")))
    return watched(draft, job)
