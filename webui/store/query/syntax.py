"""A query's text as a tree: words, phrases, `field:value`, `-`, `or` and brackets, each with its place.

Knows no field and no session: what a term means is for `terms` to say. Whatever can be meant as words is
taken as words, since a query is read at each key.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from webui.store.errors import Message, Unreadable

LONGEST, DEEPEST, MOST = 1_000, 20, 60  # letters, brackets within brackets, words and filters

_NAME = re.compile(r"([^\W\d_][\w.-]*):(?!//)")
_COMPARED = re.compile(r"[<>]=?|=")
# Values in brackets, as mail programs take them.
_SEVERAL, _PART = re.compile(r'\(((?:[^()"\s]|"[^"]*")*\s[^()]*)\)'), re.compile(r'"[^"]*"|[^\s"]+')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Word:
    """A word, or with `quoted` a phrase."""

    text: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True)
class Term:
    """A field and what is asked of it: `compared` is '', <, <=, >, >= or =; `behind` where the value stands.

    `named` says that the field was in quotation marks, as own fields of several words are.
    """

    field: str
    value: str
    start: int
    end: int
    behind: int
    compared: str = ""
    quoted: bool = False
    named: bool = False


@dataclass(frozen=True)
class Not:
    """Whoever does not match `node`."""

    node: "Node"
    start: int
    end: int


@dataclass(frozen=True)
class All:
    """Whoever matches each of `nodes`; everyone, where there are none."""

    nodes: tuple["Node", ...]
    start: int
    end: int


@dataclass(frozen=True)
class Any:
    """Whoever matches one of `nodes`."""

    nodes: tuple["Node", ...]
    start: int
    end: int


Node = Word | Term | Not | All | Any


def parse(query: str) -> All:
    """Return the tree of a query; what has no `or` outside of brackets is a list of all that must match.

    `a b or c` is (a and b) or c. Raises Unreadable with the place.
    """
    reader = _Reader(query)
    if len(query) > LONGEST:
        reader.fail("query.long", LONGEST, len(query), limit=LONGEST)
    found = reader.any(0)
    return found if isinstance(found, All) else All((found,), found.start, found.end)


def write(field: str, value: str, compared: str = "", *, quoted: bool = False) -> str:
    """Return the term that asks a field for a value, with quotation marks where they are needed.

    `quoted` puts the field in them: an own one then, where one of everyone's is called so too.
    """
    name = field if not quoted and re.fullmatch(r"[^\W\d_][\w.-]*", field) else quote(field)
    plain = re.fullmatch(r"[\w@.*-]+(\.\.[\w-]+)?", value) and value.lower() != "or"
    return f"{name}:{compared}{value if plain else quote(value)}"


def without(query: str, start: int, end: int) -> str:
    """Return a query without the part from `start` to `end`."""
    return " ".join(f"{query[:start].rstrip()} {query[end:].lstrip()}".split(" ")).strip()


def quote(text: str) -> str:
    """Return a text in quotation marks."""
    return '"' + text.replace('"', '""') + '"'


class _Reader:
    """Reads from `at` on; each method leaves it behind what it read."""

    def __init__(self, query: str) -> None:
        self.query, self.at, self.count = query, 0, 0

    def fail(self, message: str, start: int, end: int, **values: object) -> NoReturn:
        raise Unreadable(Message(message, values), self.query, start, end)

    def any(self, depth: int) -> Node:
        """Read lists of terms with `or` between them."""
        start, found = self.at, [self.all(depth)]
        while self._skip_or():
            found.append(self.all(depth))
        return found[0] if len(found) == 1 else Any(tuple(found), start, self.at)

    def all(self, depth: int) -> All:
        """Read terms up to an `or`, a closing bracket or the end."""
        start = self.at
        found: list[Node] = []
        while self._more(depth):
            if found and self._is_between("or"):
                break
            if found and self._is_between("AND"):
                self.at += 3
                continue
            found.append(self.one(depth))
        return All(tuple(found), start, found[-1].end if found else start)

    def one(self, depth: int) -> Node:
        """Read a term, with what negates it."""
        start = self.at
        self.count += 1
        if self.count > MOST:
            self.fail("query.many", start, len(self.query), limit=MOST)
        if depth > DEEPEST:
            self.fail("query.deep", start, len(self.query), limit=DEEPEST)
        if self.query[start] == "-" and self.query[start + 1 : start + 2].strip():
            self.at += 1
            node = self.one(depth + 1)
            return Not(node, start, self.at)
        if self.query[start] == "(":
            return self._group(depth)
        return self._term(depth)

    def _group(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        node = self.any(depth + 1)
        self._more(0)
        if self.query[self.at : self.at + 1] == ")":  # one that is not closed yet reaches to the end
            self.at += 1
            if isinstance(node, All) and not node.nodes:
                self.fail("query.brackets", start, self.at)
        if isinstance(node, Any):
            return Any(node.nodes, start, self.at)
        return All(node.nodes if isinstance(node, All) else (node,), start, self.at)

    def _term(self, depth: int) -> Node:
        start = self.at
        if self.query[start] == '"':
            text = self._quoted()
            if self.query[self.at : self.at + 1] != ":":
                return Word(text, start, self.at, quoted=True)
            self.at += 1
            return self._value(text, start, depth)
        if named := _NAME.match(self.query, start):
            self.at = named.end()
            return self._value(named[1], start, depth)
        text = self._bare(depth)
        return Word(text, start, self.at)

    def _value(self, field: str, start: int, depth: int) -> Term:
        behind = self.at
        compared = ""
        if match := _COMPARED.match(self.query, self.at):
            compared, self.at = match[0], match.end()
        if several := _SEVERAL.match(self.query, self.at):
            self._fail_several(field, compared, start, several)
        quoted = self.query[self.at : self.at + 1] == '"'
        value = self._quoted() if quoted else self._bare(depth)
        if quoted and self.query[self.at : self.at + 1] == "*":
            value, quoted = value + "*", False
            self.at += 1
        return Term(field, value.strip(), start, self.at, behind, compared, quoted, self.query[start] == '"')

    def _fail_several(self, field: str, compared: str, start: int, several: re.Match[str]) -> NoReturn:
        """Say how to write field:(a or b), and field:(a b), which mail programs take so."""
        words = [word.strip(",|") for word in _PART.findall(several[1])]
        parts = [word.strip('"') for word in words if word.lower() not in ("or", "and", "")]
        each = [write(field, part, compared, quoted=self.query[start] == '"') for part in parts]
        is_any = len(words) == 2 * len(parts) - 1 and all(word.lower() == "or" for word in words[1::2])
        if not each or (not is_any and "or" in map(str.lower, words)):  # which belongs to what is not clear
            self.fail("query.several", start, several.end(), example="(tag:choir or tag:board)")
        said = (" or " if is_any else " ").join(each)
        said = f"({said})" if is_any or self.query[:start].endswith("-") else said
        instead = f"{self.query[:start]}{said}{self.query[several.end() :]}"
        what = Message("query.several", {"example": said})
        raise Unreadable(what, self.query, start, several.end(), instead)

    def _quoted(self) -> str:
        """Read up to the closing mark, or the end: it is not typed yet. Two marks are one within."""
        start = self.at + 1
        end = self.query.find('"', start)
        while end >= 0 and self.query[end + 1 : end + 2] == '"':
            end = self.query.find('"', end + 2)
        text = self.query[start : end if end >= 0 else len(self.query)]
        self.at = end + 1 if end >= 0 else len(self.query)
        return text.replace('""', '"')

    def _bare(self, depth: int) -> str:
        start = self.at
        while self.at < len(self.query) and not self.query[self.at].isspace():
            if depth and self.query[self.at] == ")":
                break
            self.at += 1
        return self.query[start : self.at]

    def _more(self, depth: int) -> bool:
        """Skip spaces and tell whether a term follows."""
        if space := _SPACE.match(self.query, self.at):
            self.at = space.end()
        return self.at < len(self.query) and not (depth and self.query[self.at] == ")")

    def _is_between(self, word: str) -> bool:
        """Tell whether an operator stands here, with something behind it: at the end it is a word."""
        here = self.query[self.at : self.at + len(word)]
        is_it = here == word if word.isupper() else here.lower() == word
        rest = self.query[self.at + len(word) :]
        return is_it and rest[:1].isspace() and bool(rest.strip()) and rest.lstrip()[0] != ")"

    def _skip_or(self) -> bool:
        if not self._is_between("or"):
            return False
        self.at += 2
        return True
