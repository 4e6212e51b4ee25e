"""What each term of a query asks of a person, as conditions; and why one can't be answered.

Needs a session for what the database knows: its tags, its own fields. Reads no person.
"""

import datetime
import difflib
import functools
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from sqlalchemy import text
from sqlalchemy.orm import Session

from webui.store.errors import Message, Unreadable
from webui.store.query import days, fields, own, said
from webui.store.query.plan import NOBODY, Condition, Leaf
from webui.store.query.syntax import Term
from webui.store.values import text as texts

NEAR = 0.6  # how alike a name has to be to be the likely one (difflib)


class Terms:
    """Makes conditions; `values` are the parameters they need."""

    def __init__(self, session: Session, query: str, today: datetime.date) -> None:
        self.session, self.query, self.today = session, query, today
        self.values: dict[str, Any] = {}
        self._names: dict[object, str] = {}
        self._own: list[own.Own] | None = None
        self._tags: list[tuple[int, str]] | None = None

    def put(self, value: object) -> str:
        """Keep a value and return the parameter that stands for it, the same for the same."""
        name = self._names.setdefault((type(value), value), f"v{len(self.values)}")
        self.values[name] = value
        return f":{name}"

    def own_fields(self) -> list[own.Own]:
        """Return the own fields, asked for once."""
        if self._own is None:
            self._own = list(own.every(self.session))
        return self._own

    def tags(self) -> list[tuple[int, str]]:
        """Return ids and folded names of all tags, asked for once."""
        if self._tags is None:
            found = self.session.execute(text("SELECT id, name FROM tags"))
            self._tags = [(key, texts.fold(texts.shown(name))) for key, name in found]
        return self._tags

    def condition(self, term: Term) -> Condition:
        """Return what a term asks. Raises Unreadable."""
        name = self.named(term)
        example = fields.EXAMPLES.get(name if isinstance(name, str) else "", "")
        if not term.value.strip("*"):
            shown = example or f"{self.query[term.start : term.behind]}…"
            self._fail(term, "query.empty", field=self.query[term.start : term.behind], example=shown)
        if isinstance(name, own.Own):
            return self._own_term(term, name)
        if name in fields.DATES:
            return self._date(term, name, example)
        if term.compared.strip("="):
            self._fail(term, "query.not_compared", field=name, example=example)
        if name in fields.TEXTS:
            return said.text(term, fields.TEXTS[name], self.put)
        if name in fields.PARTS:
            return said.part(term, fields.PARTS[name], self.put)
        made: Mapping[str, Any] = {
            "tag": self._tag,
            "name": functools.partial(said.name, put=self.put),
            "phone": self._phone,
            "post": functools.partial(said.post, put=self.put),
            "relation": functools.partial(said.relation, put=self.put),
            "has": self._has,
            "no": self._has,
        }
        found: Condition = made[name](term)
        return found

    def named(self, term: Term) -> str | own.Own:
        """Return the field that a term names: one of everyone's, or an own one. Raises Unreadable."""
        found = self._found(term.field, term.named)
        if found is not None:
            return found
        if plain(term.field) == "is" and plain(term.value) in ("trashed", "trash", "deleted"):
            self._fail(term, "query.trash")
        known = [*(each.name for each in self.own_fields()), *fields.EXAMPLES]
        folded = {plain(each): each for each in known}
        likely = difflib.get_close_matches(plain(term.field), folded, 1, NEAR)
        if not likely:
            self._fail(term, "query.field", field=term.field)
        name = folded[likely[0]]
        spelled = f'"{name}"' if re.search(r"[^\w.-]", name) else name
        instead = f"{self.query[: term.start]}{spelled}{self.query[term.behind - 1 :]}"
        raise Unreadable(
            Message("query.field_likely", {"field": term.field, "likely": f"{spelled}:"}),
            self.query,
            term.start,
            term.behind,
            instead,
        )

    def _found(self, name: str, quoted: bool) -> str | own.Own | None:
        """Return the field of that name; in quotation marks an own one comes first."""
        name = plain(name)
        common = name if name in fields.EXAMPLES else None
        if common and not quoted:
            return common
        return self._own_field(name) or common

    def _own_field(self, name: str) -> own.Own | None:
        return next((each for each in self.own_fields() if plain(each.name) == plain(name)), None)

    def _date(self, term: Term, name: str, example: str) -> Condition:
        date, value = fields.DATES[name], term.value
        if date.kind in ("partial", "age"):
            made = days.age if date.kind == "age" else days.partial
            where = made(f"t.{date.column}", term.compared, value, self.today, self.put)
            if where is None:
                self._fail(term, f"query.no_{'age' if date.kind == 'age' else 'birthday'}", value=value)
            return fields.of_birthday(where)
        window = days.window(term.compared, value, self.today)
        if window is None:
            self._fail(term, "query.no_day", value=value, field=name, example=example)
        moment = date.kind == "moment"
        put = [self.put(_utc(day) if moment else day.isoformat()) if day else "" for day in window]
        bounds = [
            f"t.{date.column} {sign} {each}" for sign, each in zip((">=", "<"), put, strict=True) if each
        ]
        where = " AND ".join([*bounds, f"t.{date.column} <> ''"])
        return fields.of_user(where) if moment else fields.of_text(where)

    def _phone(self, term: Term) -> Condition:
        run = re.sub(r"\D", "", term.value).lstrip("0")
        if len(run) < 3:
            self._fail(term, "query.digits", value=term.value)
        return said.phone(run, self.put)

    def _tag(self, term: Term) -> Condition:
        """Ask for the tag called so, else for those that begin so; membership is `user_tags`' to say."""
        named = texts.fold(texts.one_line(term.value.rstrip("*")))
        ids = [] if term.value.endswith("*") else [key for key, name in self.tags() if name == named]
        if not ids and not term.quoted:
            ids = [key for key, name in self.tags() if name.startswith(named)]
        if not ids:
            return NOBODY
        where = f"t.tag_id IN ({', '.join(map(self.put, ids))})"
        distinct = "DISTINCT " if len(ids) > 1 else ""
        test = f"EXISTS (SELECT 1 FROM user_tags t WHERE t.user_id = {{id}} AND {where})"
        return Leaf(
            test,
            (f"SELECT {distinct}user_id FROM user_tags t WHERE {where}",),
            f"SELECT user_id FROM user_tags t WHERE {where}",
            sorted=len(ids) == 1,
        )

    def _has(self, term: Term) -> Condition:
        wanted = plain(term.field) == "has"
        thing = plain(term.value.strip("*"))
        thing = thing if thing in fields.THINGS else thing.removesuffix("s")  # has:posts
        is_common = thing in fields.THINGS
        if (not is_common or term.quoted) and (field := self._own_field(term.value)):
            return own.has(field, wanted, self.put)
        if is_common:
            return fields.has(thing, wanted, self.put)
        known = {plain(each): each for each in (*fields.THINGS, *(each.name for each in self.own_fields()))}
        likely = difflib.get_close_matches(thing, known, 1, NEAR)
        instead = ""
        if likely:
            name = f'"{known[likely[0]]}"' if " " in known[likely[0]] else known[likely[0]]
            instead = f"{self.query[: term.behind]}{name}{self.query[term.end :]}"
        message = Message("query.no_thing", {"value": term.value, "known": ", ".join(known.values())})
        raise Unreadable(message, self.query, term.behind, term.end, instead)

    def _own_term(self, term: Term, field: own.Own) -> Condition:
        of = f"t.field_id = {self.put(field.id)}"
        if field.kind not in own.ASKED:
            says = own.said(term.value, term.quoted, self.put)
            test = f"EXISTS (SELECT 1 FROM field_values t WHERE t.user_id = {{id}} AND +({of} AND {says}))"
            return said.within(test, "reach", term, self.put)
        if term.compared.strip("=") and field.kind not in own.NUMBERS | own.DATES:
            self._fail(term, "query.not_compared", field=field.name, example=f'"{field.name}":…')
        where, fault = own.asked(field, term.compared, term.value, term.quoted, self.today, self.put)
        if where is None and field.kind in own.CHOICES:
            kept = own.kept(field, term.value, self.put)
            rows = text(f"SELECT EXISTS (SELECT 1 FROM field_values t WHERE {kept})")
            where = kept if self.session.scalar(rows, self.values) else None
        if where is None:
            self._fail(term, fault, field=field.name, value=term.value, known=", ".join(field.options))
        return fields.of_rows("field_values", f"{of} AND {where}")

    def _fail(self, term: Term, message: str, **values: object) -> NoReturn:
        start = term.start if message in ("query.field", "query.empty", "query.trash") else term.behind
        raise Unreadable(Message(message, values), self.query, start, max(term.end, start + 1))


def plain(name: str) -> str:
    """Return the name of a field as names are compared: `Last post`, `last_post` and `last-post` are one."""
    return re.sub(r"[\s_-]+", "-", texts.fold(name).strip())


def _utc(day: datetime.date) -> str:
    """Return the moment at which a day begins here, as moments are stored."""
    try:
        here = datetime.datetime.combine(day, datetime.time()).astimezone()
    except (ValueError, OverflowError):  # beyond what has an offset
        return f"{day.isoformat()}T00:00:00.000Z"
    return here.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
