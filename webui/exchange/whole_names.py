"""A whole name taken apart: a guess that a preview shows, for files that have no parts of it.

Not for names that are told in parts: see `people`.
"""

from webui.store.values import text

# What stands behind a comma in a name and is no given name.
_BEHIND = {
    "jr", "sr", "ii", "iii", "iv", "phd", "ph d", "md", "m d", "dr", "mba", "msc", "bsc", "esq", "cpa", "dds",
    "inc", "llc", "ltd", "gmbh", "ag", "e v", "co", "corp", "sa", "bv", "ab", "kg",
}  # fmt: skip


def split(whole: str) -> tuple[str, str, str]:
    """Return given name, family name and the name as it is shown, of a whole name.

    >>> split("Testfeld, Alma")
    ('Alma', 'Testfeld', 'Alma Testfeld')
    """
    before, comma, after = (part.strip() for part in whole.partition(","))
    if (
        comma
        and before
        and after
        and "," not in after
        and text.fold(after).strip(". ").replace(".", " ") not in _BEHIND
    ):
        return after, before, f"{after} {before}"
    first, _space, last = before.rpartition(" ")
    return (first.strip(), last, whole) if first else (last, "", whole)
