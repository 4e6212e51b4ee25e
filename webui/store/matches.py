"""Who matches a search, as SQL over the full-text indexes. Not for their order and pages: `search` does that.

A name that begins with each word is the best match, then any word of all that is known, then a part of a
name or e-mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """People in any of the `within` and in none of the `but`: pairs of an index and a parameter's name.

    Nothing to be within means everyone.
    """

    within: tuple[tuple[str, str], ...] = ()
    but: tuple[tuple[str, str], ...] = ()

    def ids(self, limited: str = "") -> str:
        """Return a SELECT of their ids; `limited` is a condition on `rowid`, and may be empty."""
        where = f"AND +rowid {limited}" if limited else ""  # +: read the index once, do not look each id up
        return f"{_union(self.within, where)} {''.join(f'EXCEPT {_one(kind)} ' for kind in self.but)}"

    def count(self, limit: int) -> str:
        """Return a SELECT of their number, at most `limit`: of all within, whoever is left out."""
        some = " UNION ".join(f"SELECT * FROM ({_one(kind)} LIMIT {limit})" for kind in self.within)
        return f"SELECT count(*) FROM (SELECT 1 FROM ({some}) LIMIT {limit})"


_NAMES, _WORDS, _PARTS = ("names_fts", "starts"), ("words_fts", "starts"), ("parts_fts", "parts")


def expressions(words: Sequence[str], run: str | None = None) -> dict[str, str]:
    """Return the parameters of a search: each word is quoted, so that nothing in it is an operator.

    `run` is what the words are when they are part of a phone: one run of digits, however it was divided.
    """
    if not words:
        return {}
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    found = {"starts": " ".join(f"{word}*" for word in quoted)}
    if run:
        found["parts"] = f'"{run}"'
    elif all(len(word) >= 3 for word in words):  # a trigram index knows nothing shorter
        found["parts"] = " ".join(quoted)
    return found


def every(asked: Mapping[str, str]) -> Group:
    """Return all who match in any way; whoever is found by name is among the words."""
    return Group(tuple(kind for kind in (_WORDS, _PARTS) if kind[1] in asked))


def tiers(asked: Mapping[str, str]) -> list[Group]:
    """Return the same in groups that do not overlap, the best first."""
    groups = [Group((_NAMES,)), Group((_WORDS,), (_NAMES,)), Group((_PARTS,), (_WORDS,))]
    return [group for group in groups if group.within[0][1] in asked]


def _union(kinds: Sequence[tuple[str, str]], where: str) -> str:
    return " UNION ".join(f"{_one(kind)} {where}" for kind in kinds)


def _one(kind: tuple[str, str]) -> str:
    index, name = kind
    return f"SELECT rowid FROM {index} WHERE {index} MATCH :{name}"
