"""Check the import against files whose right reading is known: `python tests/corpus.py DIR [PART]`.

DIR has an `expected.json`; PART keeps to the files whose path begins with it. Each file is brought into a new
database by the command, as a person would, and compared: values that have a field must be in it, all others
in the kept source. Prints a table; the exit code is 1 when anything is wrong.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from click.testing import CliRunner, Result
from sqlalchemy.orm import Session, object_session

from desktop.commands import cli
from webui.exchange.reading import kinds
from webui.exchange.tables import Grid
from webui.exchange.vcard import lines
from webui.safety import opening
from webui.store.ledger import sqlite
from webui.store.models import Photo, Source, User
from webui.store.values.person import LISTS

PARTS = {
    "zip": "postal_code",
    "pobox": "po_box",
    "extended": "extra",
}  # of an address, where the file has another word for it
ENCODINGS = {"ascii": "utf-8", "utf-16": "utf-16-le", "shift_jis": "cp932"}


@dataclass
class Outcome:
    """What came of a file: people in it, rows refused, and whatever is wrong."""

    file: str
    records: int = 0
    people: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def check(folder: Path, part: str = "") -> list[Outcome]:
    """Return the outcome of every file of a corpus."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
    with tempfile.TemporaryDirectory() as empty:
        opening.create(Path(empty) / "roster.db")  # once for all, since making it takes longest
        return [
            _check(folder, name, about, Path(empty) / "roster.db")
            for name, about in expected.items()
            if name.startswith(part)
        ]


def _check(folder: Path, name: str, expected: dict[str, Any], empty: Path) -> Outcome:
    outcome, path = Outcome(name), folder / name
    with tempfile.TemporaryDirectory() as data:
        shutil.copy(empty, data)
        command = ["--data", data, "import", str(path), "--allow-missing-email", "--json"]
        done = CliRunner().invoke(cli, command, standalone_mode=False)
        if getattr(done.exception, "exit_code", None) == 4:
            if any("ask once" in must for must in expected.get("must", [])):
                done = CliRunner().invoke(cli, [*command, "--dates", "day"], standalone_mode=False)
        elif any("ask once" in must for must in expected.get("must", [])):
            outcome.wrong.append("nothing was asked")
        if done.exception or done.return_value not in (None, 0, 3):
            whole = any("refuse whole" in must for must in expected.get("must", []))
            if not whole and not (expected.get("records") == 0 and "no people" in _failure(done)):
                outcome.wrong.append(_failure(done))
            return outcome
        told = json.loads(done.stdout)
        outcome.refused = told["refused"]
        outcome.records = told["added"] + told["changed"] + told["same"]
        engine = sqlite.engine(Path(data) / "roster.db")
        with Session(engine) as session:
            found = [
                (session.get_one(User, source.user_id), source.raw.decode(told["encoding"], "replace"))
                for source in session.query(Source).order_by(Source.position)
            ]
            outcome.people = session.query(User).count()
            _compare_people(outcome, expected, found)
        engine.dispose()
    _compare_cells(outcome, expected, path)
    _compare_file(outcome, expected, told)
    return outcome


def _failure(done: Result) -> str:
    return getattr(done.exception, "message", None) or str(done.exception) or done.output.strip()


def _compare_file(outcome: Outcome, expected: dict[str, Any], told: dict[str, Any]) -> None:
    encoding = expected.get("encoding")
    if any("refused or placeholder" in each or "refused with" in each for each in expected.get("unsure", [])):
        return
    one = any("one person" in must for must in expected.get("must", []))
    rows = (
        outcome.people
        if one
        else outcome.records
        if "refused" in expected
        else outcome.records + told["refused"]
    )
    for name, wanted, got in (
        ("records", expected.get("records"), rows),
        ("refused", expected.get("refused"), told["refused"]),
        ("encoding", ENCODINGS.get(encoding, encoding), told["encoding"]),
        ("delimiter", expected.get("delimiter"), told["delimiter"]),
        ("columns", expected.get("columns"), told["columns"]),
        (
            "rejected",
            [row["row"] for row in expected.get("rejected", [])],
            [r["line"] for r in told["rejected"]],
        ),
    ):
        if wanted is not None and wanted != got and (name != "rejected" or "rejected" in expected):
            outcome.wrong.append(f"{name} is {got!r}, not {wanted!r}")


def _compare_cells(outcome: Outcome, expected: dict[str, Any], path: Path) -> None:
    """Compare the cells of a sheet, by their places in it, with the rows as they are staged."""
    if not expected.get("cells"):
        return
    table = kinds.look(path)
    if isinstance(table, Grid):
        there = dict(table.lines())
    else:
        header = [list(table.header)] if table.header else []
        there = dict(enumerate([*header, *(row.cells for row in table.rows())], table.above or 1))
    for place, wanted in expected["cells"].items():
        letter, line = place[0], int(place[1:])
        cells = there.get(line, [])
        got = cells[ord(letter) - ord("A")] if ord(letter) - ord("A") < len(cells) else ""
        if got != (str(wanted).upper() if isinstance(wanted, bool) else str(wanted)):
            outcome.wrong.append(f"{place} is {got!r}, not {wanted!r}")


def _compare_people(outcome: Outcome, expected: dict[str, Any], found: list[tuple[User, str]]) -> None:
    for number, person in expected.get("people", {}).items():
        if (
            int(number) >= len(found)
            and not outcome.people
            and any("refused" in each for each in expected.get("unsure", []))
        ):
            continue
        if int(number) >= len(found):
            outcome.wrong.append(f"person {number} is missing")
            continue
        user, raw = found[int(number)]
        have = _record(user)
        for name, wanted in person.items():
            if name not in have:
                lost = [value for value in _texts(wanted) if not _held(value, raw)]
                outcome.wrong += [f"person {number}: {name} {value!r} is not in the source" for value in lost]
            elif _is_right(name, wanted, have[name]) or (
                name == "photo" and _is_cut(wanted, have[name], raw)
            ):
                continue
            elif (sorted(wanted) if name == "tags" else wanted) != have[name]:
                outcome.wrong.append(f"person {number}: {name} is {have[name]!r}, not {wanted!r}")


def _is_cut(wanted: dict[str, Any], got: Any, raw: str) -> bool:
    """Tell whether a photo is kept in the card alone: it is cut off there, so nothing of it can be shown."""
    for line in filter(None, map(lines.parsed, lines.unfolded(raw.encode(), "utf-8"))):
        if line.name == "PHOTO" and not got:
            return wanted == {"mime": "image/jpeg"} and lines.from_base64(line.value).startswith(b"\xff\xd8")
    return False


def _is_right(name: str, wanted: Any, got: Any) -> bool:
    """Tell whether a value is the one that is wanted, in the way that Roster keeps it."""
    if not wanted or not got:
        return False
    if name == "photo":
        return bool(wanted.items() <= got.items())
    if name == "emails":  # the preferred one is the first, wherever it stands in the file
        return set(got) == set(wanted) and wanted == sorted(got, key=wanted.index)
    if name == "notes":
        return bool(got == wanted.replace("\r\n", "\n").strip("\n"))
    return name == "addresses" and _addresses(wanted) == _addresses(got)


def _addresses(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """Return addresses in any order; a second line of a street has a field of its own in Roster."""
    found = []
    for row in rows:
        street = "\n".join(filter(None, (row.get("street"), row.get("extended"))))
        found.append(sorted({**row, "street": street, "extended": ""}.items()))
    return sorted(found)


def _record(user: User) -> dict[str, Any]:
    """Return what a person has in fields, by the words that a corpus uses."""
    words = {part: word for word, part in PARTS.items()}
    photo = user.photo_hash and object_session(user).get(Photo, user.photo_hash)  # type: ignore[union-attr]
    return {
        "name": user.name, "given": user.given, "family": user.family, "nickname": user.nickname,
        "emails": [*([user.email] if user.email else []), *(row.email for row in user.emails)],
        "tags": [tag.name for tag in user.tags], "notes": user.note, "phonetic": user.phonetic,
        "middle": user.additional, "prefix": user.prefix, "suffix": user.suffix,
        "photo": photo and {"mime": photo.media_type, "bytes": len(photo.original), "sha256": photo.hash},
        "org": user.organisation, "department": user.department, "title": user.job_title,
        "birthday": user.birthday, "phones": [row.phone for row in user.phones],
        "urls": [row.url for row in user.links], "handles": [row.handle for row in user.handles],
        "addresses": [
            {words.get(part, part): said for part in LISTS["addresses"] if (said := getattr(row, part))}
            for row in user.addresses
        ],
        "events": [{"label": row.label, "date": row.date} for row in user.dates],
    }  # fmt: skip


def _texts(value: Any) -> list[str]:
    """Return every text and number in a value; labels are the program's own words and left out."""
    if isinstance(value, dict):
        return [text for name, each in value.items() if name != "label" for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _held(value: str, raw: str) -> bool:
    """Tell whether a source holds a value, as it is or, for numbers and days, by its digits."""
    if value in raw or value.replace('"', '""') in raw:
        return True
    numbers = {int(digits) for digits in re.findall(r"\d+", raw)}
    if re.fullmatch(r"[-\d]+", value):
        return {int(digits) for digits in re.findall(r"\d+", value)} <= numbers
    digits = re.sub(r"\D", "", value)
    return bool(re.fullmatch(r"[\d.]+", value)) and digits in re.sub(r"\D", "", raw)


def main(arguments: list[str]) -> int:
    """Print the table; 0 when all is right, 1 when not, 2 for a usage that makes no sense."""
    if not 1 <= len(arguments) <= 2 or not (Path(arguments[0]) / "expected.json").is_file():
        print("usage: corpus.py DIR [PART], where DIR has an expected.json", file=sys.stderr)
        return 2
    outcomes = check(Path(arguments[0]), *arguments[1:])
    width = max((len(each.file) for each in outcomes), default=4)
    print(f"{'file':{width}}  records  people  refused")
    for each in outcomes:
        print(f"{each.file:{width}}  {each.records:7}  {each.people:6}  {each.refused:7}", end="  ")
        print("ok" if not each.wrong else "WRONG: " + "; ".join(each.wrong))
    wrong = sum(1 for each in outcomes if each.wrong)
    print(f"{len(outcomes)} files, {wrong} wrong")
    return 1 if wrong or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
