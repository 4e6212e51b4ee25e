"""The backups on a line of time. The table below it holds the same facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webui import filters
from webui.pages import scale
from webui.plurals import ngettext
from webui.safety import pins
from webui.safety.catalogue import Backup


@dataclass(frozen=True)
class Timeline:
    """What is drawn: each backup (its place in hundredths, its UTC time, whether it is pinned), the words
    under the line and where they begin, and all of it in a sentence."""

    dots: Sequence[tuple[float, str, bool]]
    labels: Sequence[tuple[float, str]]
    said: str


def timeline(backups: Sequence[Backup], pinned: Mapping[str, bool]) -> Timeline | None:
    """Return the line of some backups, newest first; None where there are none. `pinned` as in `pins`."""
    told = [(each.at, pins.is_pinned(each, pinned)) for each in reversed(backups) if each.told]
    if not told:
        return None
    parts = list(scale.parts(told[0][0]))
    dots = [(scale.place(parts, at), at, pinned) for at, pinned in told]
    return Timeline(
        dots,
        list(scale.labels(parts)),
        _said([at for at, _pinned in told], sum(pinned for _at, pinned in told)),
    )


def _said(at: Sequence[str], pinned: int) -> str:
    """Return what the line shows, for who does not see it."""
    first, last = filters.moment(at[0]), filters.moment(at[-1])
    if len(at) == 1:
        said = _("1 verified backup, of %(first)s.", first=first)
    else:
        said = _("%(num)s verified backups, from %(first)s to %(last)s.", num=len(at), first=first, last=last)
    return f"{said} {ngettext('%(num)s is pinned.', '%(num)s are pinned.', pinned)}" if pinned else said
