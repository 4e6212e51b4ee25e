"""What is asked of an export: who, which columns, and how each kind of file is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webui.exchange.held.words import Words

OWN = "own:"  # before the uid of an own field
# What is no column of a table; what is kept is what files said of people and Roster has no field for.
BESIDE = ("photo", "relations", "posts", "kept")
GOES_WITH = {"email_label": ("email", "emails")}  # no choice of its own: there with all of these
MARK = "roster_sent"  # how the name of the column begins that marks a sheet which is to come back


def no_step(_done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Wanted:
    """Who goes out (`ids` in their order, or all living by id) and what of them.

    `columns` are names of `exporting.USER_COLUMNS` and OWN with the uid of a field, None for all; `beside`
    some of BESIDE, where a kind of file has a place for them. `safe` and `delimiter` are for CSV; `merge` is
    for both kinds of tables: each part of an address in a column of its own; so is `comes_back`, for a sheet
    that someone is to edit, which then has a `mark` (see `sent.mark`). `version` is that of vCards.
    `words` are what a page says. `step` is told how many people of how many are written, and may raise.
    """

    ids: Sequence[int] | None = None
    columns: frozenset[str] | None = None
    beside: frozenset[str] = frozenset(BESIDE)
    safe: bool = True
    delimiter: str = ","
    merge: bool = False
    comes_back: bool = False
    mark: str = ""
    version: str = "4.0"
    words: Words | None = None
    step: Callable[[int, int], None] = no_step

    def has(self, column: str) -> bool:
        """Whether a column, or one of BESIDE, is asked for."""
        if column in GOES_WITH:
            return all(map(self.has, GOES_WITH[column]))
        return column in self.beside or (
            column not in BESIDE and (self.columns is None or column in self.columns)
        )

    @property
    def is_whole(self) -> bool:
        """Whether all that is written of those people goes out."""
        return self.columns is None and self.beside == frozenset(BESIDE)

    @property
    def is_everything(self) -> bool:
        """Whether all that is written of anyone goes out, so that the database can be made from it again."""
        return self.ids is None and self.is_whole


EVERYTHING = Wanted()
OF_ROSTER = Wanted(beside=frozenset(BESIDE) - {"kept"})
