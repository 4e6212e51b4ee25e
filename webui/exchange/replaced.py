"""What of people's lists a plan replaces or takes out: found, noted in the plan, written.

Only where the file wins; what someone wrote by hand, or changed since, is never touched. Not for what takes
which place: see `replacing`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from sqlite3 import Connection

from webui.exchange import by_hand, lists, relations, remaining, replacing, rules, sides
from webui.exchange.columns import HERE
from webui.exchange.earlier import Earlier, Item, place
from webui.exchange.plan import Plan
from webui.exchange.replacing import Change, Group, Has, Told
from webui.store.values import person

_CHUNK = 500  # people
_ROWS = """SELECT user_id, position, verdict = 'question', source_uid, width FROM staged
WHERE user_id IN (SELECT user_id FROM staged WHERE user_id IS NOT NULL AND verdict IN ('new', 'question'))
ORDER BY 1, 2"""
# In the file it is that of the row in which it stands furthest in front, as for new people.
_FREE = """SELECT length(:email) <= :longest AND NOT EXISTS (SELECT 1 FROM live.users u
  WHERE u.email_key = :key AND u.deleted_at IS NULL AND u.id <> :user)
AND coalesce((SELECT s.user_id IS :user AND (s.verdict <> 'question' OR s.position = :at)
  FROM staged_emails e JOIN staged s USING (position)
  WHERE e.email_key = :key ORDER BY e.rank, e.position LIMIT 1), 1)"""
_INSERT = "INSERT INTO replaced VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_Rows = list[tuple[int, int, int, str | None, int]]


def find(plan: Plan, earlier: Earlier, ways: Mapping[str, str]) -> None:
    """Note it, after it was marked what people have already; `ways` are those of `rules`."""
    Replacing(plan, earlier, ways).find()


class Replacing:
    """Finds it for one plan, whose connection has the database beside it."""

    def __init__(self, plan: Plan, earlier: Earlier, ways: Mapping[str, str]) -> None:
        self._connection, self._earlier = plan.connection, earlier
        usual = ways.get("", rules.FILE)
        self._every = ("emails", *lists.COLUMNS, "tags", *self._earlier.choices)
        self._lists = [name for name in self._every if ways.get(name, usual) == rules.FILE]
        columns = [(column.name, column.target) for column in plan.columns]
        self._tags = place(columns, plan.about("format"))
        self._clears = bool(plan.about("clears"))
        self._width = max((column.index + 1 for column in plan.columns if column.name.strip()), default=0)
        self._places = {*relations.places(plan.columns).values(), "tags", "own"}
        self._elsewhere: dict[int, set[tuple[str, str]]] = {}
        self._inherited: set[str] = set()  # e-mails that became the main one of somebody

    def find(self) -> None:
        """Note it."""
        known: list[int] = []
        people = groupby(self._connection.execute(_ROWS).fetchall(), itemgetter(0))
        while chunk := {user: list(rows) for user, rows in islice(people, _CHUNK)}:
            uids = {user: {row[3] for row in rows} for user, rows in chunk.items()}
            if before := self._earlier.rows(uids):
                self._compare({user: chunk[user] for user in before}, before)
                known += [row[1] for user in before for row in chunk[user]]
        rules.beside(self._connection, self._lists, known)

    def _compare(self, chunk: Mapping[int, _Rows], before: Mapping[int, list[tuple[int, int]]]) -> None:
        whose = {position: user for user, rows in chunk.items() for _user, position, *_rest in rows}
        told: dict[tuple[int, str], list[Told]] = {}
        theirs: dict[tuple[int, str], dict[str, Has]] = {}
        for name in self._every:
            for each in sides.told(self._connection, name, list(whose), self._tags):
                told.setdefault((whose[each.position], name), []).append(each)
            for user, has in sides.theirs(self._connection, name, list(chunk)):
                theirs.setdefault((user, name), {})[has.item.key] = has
        left: list[tuple[int, str, str, str]] = []
        for user, rows in chunk.items():
            last = self._earlier.newest(before[user])
            newest = self._earlier.said(last)
            older = self._earlier.said(before[user][len(last) :])
            for name in self._every:
                said = [*newest.get(name, ()), *older.get(name, ())]
                if not said or not (has_now := theirs.get((user, name))):
                    continue
                now, found = told.get((user, name), []), list[Change]()
                if name in self._lists:
                    groups = _groups(rows, _counting(now, newest.get(name, ())))
                    found += self._changes(user, name, said, rows, groups, has_now)
                    self._note(name, found)
                left += [
                    (rows[0][1], name, self._earlier.choices.get(name, each.label), _shown(name, each))
                    for each in remaining.of(newest.get(name, ()), now, has_now, found)
                ]
        self._connection.executemany("INSERT INTO remaining VALUES (?, ?, ?, ?)", left)

    def _changes(
        self,
        user: int,
        name: str,
        old: Sequence[Item],
        rows: _Rows,
        groups: Sequence[Group],
        theirs: dict[str, Has],
    ) -> Iterator[Change]:
        whole = self._clears and all(row[4] >= self._width for row in rows)

        def clears(was: Item) -> bool:
            return whole and (not was.place or was.place in self._places)

        def is_own(has: Has) -> bool:
            return by_hand.is_own(self._connection, user, name, has.id) or (
                name,
                has.item.key,
            ) in self._of_others(user, rows)

        found = replacing.changes(name, old, groups, theirs, is_own, clears)
        return self._emails(user, list(found), groups, theirs) if name == "emails" else found

    def _of_others(self, user: int, rows: _Rows) -> set[tuple[str, str]]:
        """Return what other sources say of a person; the last answer is remembered."""
        if user not in self._elsewhere:
            self._elsewhere = {user: self._earlier.elsewhere(user, {row[3] for row in rows})}
        return self._elsewhere[user]

    def _emails(
        self, user: int, found: Sequence[Change], groups: Sequence[Group], theirs: Mapping[str, Has]
    ) -> Iterator[Change]:
        """Yield changes of e-mails; the main one goes only where another can be it, or none has to be."""
        said = {told.item.key for _position, group in groups for told in group}
        gone = {each.has.id for each in found if each.has and each.rank is None and each.label is None}
        left = [has for has in theirs.values() if has.id and has.id not in gone]
        for each in found:
            if each.has is None or each.has.id or (each.rank is None and each.label is not None):
                yield each
            elif each.now:
                if self._is_free(user, each.position, each.now):
                    yield each
            elif left:
                heirs = (has for has in left if has.item.key not in self._inherited)
                heirs = (has for has in heirs if self._is_free(user, each.position, has.item))
                if heir := min(heirs, key=lambda has: has.item.key not in said, default=None):
                    self._inherited.add(heir.item.key)
                    yield each._replace(now=heir.item, heir=heir.id)
            elif self._clears and not self._is_required():
                yield each

    def _is_free(self, user: int, at: int, email: Item) -> bool:
        """Tell whether the row `at` can make an e-mail the main one of a person: it is nobody else's."""
        values = {"email": email.parts[0], "key": email.key, "longest": person.LONGEST["email"]}
        values |= {"user": user, "at": at}
        return bool(self._connection.execute(_FREE, values).fetchone()[0])

    def _is_required(self) -> bool:
        query = "SELECT value FROM live.settings WHERE name = 'email_required'"
        found = self._connection.execute(query).fetchone()
        return found is None or str(found[0]) == "1"

    def _note(self, name: str, changes: Iterable[Change]) -> None:
        rows, had = [], []
        for each in changes:
            if name.startswith(HERE):  # what is chosen now comes in as any other
                each = each._replace(rank=None, now=None)
            if each.rank is not None:
                had.append((each.position, each.rank))
            if each.has:
                was, now = (_shown(name, item) for item in (each.has.item, each.now))
                called = self._earlier.choices.get(name) or each.label or each.has.item.label
                if each.now and each.rank is None and each.label:
                    before = f" ({each.has.item.label})" if each.has.item.label else ""
                    was, now, called = f"{was}{before}", f"{now} ({called})", ""
                what = (each.position, name, each.has.id, each.rank, each.heir, each.label)
                rows.append((*what, called, was, now))
        self._connection.executemany(_INSERT, rows)
        if had:
            self._connection.executemany(
                f"UPDATE staged_{name} SET had = 1 WHERE position = ? AND rank = ?", had
            )


def _groups(rows: _Rows, told: Sequence[Told]) -> list[Group]:
    """Return what comes in together: the rows that are the person, and each that may be on its own."""
    asked = [row[1] for row in rows if row[2]]
    sure = [row[1] for row in rows if not row[2]]
    found: list[Group] = [(sure[0], [each for each in told if each.position not in asked])] if sure else []
    return found + [(at, [each for each in told if each.position == at]) for at in asked]


def _counting(told: Sequence[Told], newest: Sequence[Item]) -> Sequence[Told]:
    """Return what rows say, without what stays away (see `taken_out`) and the newest file said not: that is
    no reason to take out what it said."""
    known = {each.key for each in newest}
    return [each for each in told if each.had != rules.STAYS or each.item.key in known]


def _shown(name: str, item: Item | None) -> str:
    if item is None:
        return ""
    if name not in lists.COLUMNS:
        return item.parts[0]
    return lists.shown(name, dict(zip(lists.COLUMNS[name], ("", *item.parts), strict=True)))


def any_in(connection: Connection) -> bool:
    """Tell whether the plan that is attached replaces anything."""
    return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM plan.replaced)").fetchone()[0])


def statements(slice_: str) -> Iterator[str]:
    """Yield what writes a slice of a plan, before anything is added to lists: what another value, another
    label takes the place of, and what goes. `slice_` is the condition of the rows."""
    of = "FROM plan.replaced r JOIN plan.staged s ON s.position = r.position"
    where = f"WHERE {slice_} AND s.does = 'change' AND r.list = '{{name}}'"
    went = "AND r.rank IS NULL AND r.label IS NULL"
    columns = {"emails": ("email", "email_key"), **{name: each[1:] for name, each in lists.COLUMNS.items()}}
    for name, table in by_hand.TABLES.items():  # before one of them becomes the main e-mail
        if name in columns:
            yield f"""UPDATE {table} SET label = r.label {of} {where.format(name=name)}
              AND r.rank IS NULL AND r.label IS NOT NULL AND {table}.id = r.id"""
    yield f"""UPDATE users SET email = n.email, email_key = n.email_key,
      email_label = nullif(iif(n.email IS NULL, '', coalesce(n.label, users.email_label)), '') FROM (
      SELECT s.whom_user AS whom, e.email, e.email_key, r.label {of}
      LEFT JOIN plan.staged_emails e ON e.position = r.position AND e.rank = r.rank
      {where.format(name="emails")} AND r.id = 0 AND r.heir IS NULL
      AND (r.rank IS NOT NULL OR r.label IS NULL)
      UNION ALL SELECT s.whom_user, m.email, m.email_key, m.label {of} JOIN user_emails m ON m.id = r.heir
      {where.format(name="emails")}) n WHERE users.id = n.whom"""
    yield f"""UPDATE users SET email_label = r.label {of} {where.format(name="emails")}
      AND r.id = 0 AND r.rank IS NULL AND r.label IS NOT NULL AND users.id = s.whom_user"""
    yield f"DELETE FROM user_emails WHERE id IN (SELECT r.heir {of} {where.format(name='emails')})"
    for name, table in by_hand.TABLES.items():
        if name in columns:
            new = ", ".join(f"{column} = d.{column}" for column in columns[name])
            yield f"""UPDATE {table} SET label = coalesce(r.label, {table}.label), {new} {of}
              JOIN plan.staged_{name} d ON d.position = r.position AND d.rank = r.rank
              {where.format(name=name)} AND {table}.id = r.id"""
        yield f"DELETE FROM {table} WHERE id IN (SELECT r.id {of} {where.format(name=name)} {went})"
    yield f"""DELETE FROM field_values WHERE id IN (SELECT r.id {of}
      WHERE {slice_} AND s.does = 'change' AND substr(r.list, 1, {len(HERE)}) = '{HERE}')"""
