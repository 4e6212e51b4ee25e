"""What the full-text indexes are asked: words that begin so, or phrases.

Each is in quotation marks, so that nothing in it is an operator of theirs (sqlite.org/fts5, section 3).
"""

import re

from webui.store.values import text as texts

_GATHERED = re.compile(r'\w{4}" ?\*')  # the beginnings of up to three letters have an index of their own


def matching(index: str, expression: str) -> str:
    """Return the query of the ids of people whom an index knows by an expression, as SQL: a parameter."""
    return f"SELECT rowid FROM {index} WHERE {index} MATCH {expression}"


def quote(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def of_themselves(expression: str) -> str:
    """Return the expression of the words alone, '' where it is counted no sooner.

    All that begin with a longer one are gathered before the first is known.
    """
    return re.sub(r'" ?\*', '"', expression) if _GATHERED.search(expression) else ""


def in_column(column: str, value: str, quoted: bool) -> str:
    """Return the expression of a text in a column: words that begin so, or a phrase; '' for none."""
    words = [value] if quoted else texts.fold(value).split()
    found = [f"{quote(word)}{'' if quoted else ' *'}" for word in words if any(map(str.isalnum, word))]
    return f"{{{column}}} : ({' '.join(found)})" if found else ""
