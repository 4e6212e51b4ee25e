"""What was typed of a person on a page that was left: a draft, there again until it is saved or thrown away.

In memory alone, so that nothing of anyone lies where forgetting them does not reach: it ends with Roster.
"""

from collections import OrderedDict

from flask import Response, current_app, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

MOST = 50  # forms


class Unsaved:
    """Forms as they were left, by their address; the oldest goes where there are too many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, MultiDict[str, str]] = OrderedDict()

    def keep(self, address: str, form: MultiDict[str, str]) -> None:
        """Keep a form in place of what was kept of it."""
        self.drop(address)
        self._kept[address] = form
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def of(self, address: str) -> MultiDict[str, str] | None:
        """Return the form that was left at an address."""
        return self._kept.get(address)

    def drop(self, address: str) -> None:
        """Let go of it: it was saved, or thrown away."""
        self._kept.pop(address, None)

    def clear(self) -> None:
        """Let go of all of them."""
        self._kept.clear()


def kept() -> Unsaved:
    """Return those of this app."""
    found: Unsaved = current_app.extensions["roster.unsaved"]
    return found


def answered() -> BaseResponse | None:
    """Keep the form that is left, or throw it away, where that was sent; None where it is to be saved."""
    form = MultiDict(request.form)
    if form.pop("draft", None):
        kept().keep(request.path, form)
        flash(_("What you typed is kept as a draft until you close Roster."))
        return Response(status=204)
    if form.pop("throw", None):
        kept().drop(request.path)
        return redirect(request.path, 303)
    return None
