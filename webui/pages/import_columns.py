"""The page that shows where each column of a file goes, and lets a person send it elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from webui import database, words
from webui.exchange import (
    columns,
    csv_file,
    encodings,
    importing,
    known_by,
    left_out,
    looking,
    mending,
    nameless,
    own_columns,
    remembered,
    tables,
)
from webui.exchange.columns import HERE, NEW, Column
from webui.exchange.reading.cards import Cards
from webui.exchange.rules import FILE, FILL, MINE, WAYS, Rules
from webui.jobs import Job
from webui.pages import jobs, own_fields
from webui.pages.drafts import Draft
from webui.pages.import_targets import OF_CARDS, RULED, TARGETS
from webui.store.errors import Message, Refused

SAMPLES = 3
EXISTING = {
    FILL: _l("Fill in what is missing"),
    FILE: _l("Replace with the file"),
    MINE: _l("Leave it as it is"),
}
_DELIMITERS = {",": _l("Comma"), ";": _l("Semicolon"), "\t": _l("Tab"), "|": _l("Vertical line")}


def page(
    draft: Draft,
    fault: Message | None = None,
    choices: Sequence[str] | None = None,
    told: Rules | None = None,
) -> str:
    """Return the page, with `choices` and the rules that were `told` kept where a fault stands in their way.
    Raises Refused."""
    session = database.session()
    there = own_columns.known(session)
    sheet, found = looking.look(session, draft.file, draft.options)
    if isinstance(sheet, Cards):
        return _of_cards(draft, sheet, found, there, fault, told)
    own = {f"{HERE}{each.uid}": each.name for each in there}
    how, why = told or draft.answers.rules, ""
    if told is None and draft.answers.choices is None:
        key, why = remembered.key(session, sheet, found)
        how = replace(how, key=key)
    choices = choices or [column.target for column in found]
    samples = [_samples(sheet, index) for index in range(len(found))]
    guesses = [own_columns.guess(sheet, column) for column in found]
    return render_template(
        "imports/columns.html",
        draft=draft,
        columns=list(zip(found, choices, samples, guesses, strict=True)),
        known=sum(map(_goes_to_a_field, found)),
        program=columns.program(sheet.header),
        targets=TARGETS,
        ruled=RULED,
        own=own,
        kinds=own_fields.KINDS,
        read=_read_as(sheet),
        encodings=encodings.choices(sheet.encoding),
        delimiters=_DELIMITERS,
        existing=EXISTING,
        how=how,
        keys=(keys := _keys(session, sheet, found, how, own)),
        why="none" if keys and not how.key and nameless.is_file(found) else why,
        fault=_said(fault) if fault else None,
    )


def _goes_to_a_field(column: Column) -> bool:
    return column.target in columns.FIELDS or column.target.startswith((HERE, NEW))


def _keys(
    session: Session, sheet: tables.Table, found: Sequence[Column], how: Rules, own: Mapping[str, str]
) -> dict[str, str]:
    """Return the fields of one's own, by target, by which people can be known, or are."""
    apart = {*known_by.offered(session, sheet, found), how.key}
    return {target: name for target, name in own.items() if target in apart}


def _of_cards(
    draft: Draft,
    sheet: Cards,
    found: Sequence[Column],
    there: Sequence[own_columns.Known],
    fault: Message | None,
    told: Rules | None,
) -> str:
    """Return the page of a file of cards, which say themselves what goes where."""
    how, own = told or draft.answers.rules, {f"{HERE}{each.uid}": each.name for each in there}
    said = TARGETS | OF_CARDS | own
    goes: dict[int, Any] = {}
    for column in sheet.chosen_of(found):
        goes.setdefault(column.index, said.get(column.target, column.name))
    dated = {column.index for column in sheet.chosen_of(found) if column.target in ("birthday", "date")}
    samples = {
        at: [own_fields.worded("date" if at in dated else "", each) for each in said_]
        for at, said_ in sheet.samples().items()
    }
    return render_template(
        "imports/fields.html",
        draft=draft,
        fields=[
            (at, names, goes[at], [each[:80] for each in samples.get(at, ())][:SAMPLES])
            for at, names in sheet.carried().items()
        ],
        keys=_keys(database.session(), sheet, found, how, own),
        why="",
        existing=EXISTING,
        how=how,
        fault=_said(fault) if fault else None,
    )


def plan(draft: Draft, *, again: bool = False, at: str | None = None) -> BaseResponse:
    """Plan the import in the background, as the person said that the columns are to be read.

    `again` keeps what was said in the preview of the plan before; who is left out stays so in any case. The
    preview opens `at` an id.
    """
    options, name, answers = draft.options, draft.name, draft.answers
    said, out = mending.answered(draft.plan_file) if again else None, left_out.of(draft.plan_file)

    def work(engine: Engine, job: Job) -> None:
        planned = importing.plan(
            engine,
            draft.file,
            draft.plan_file,
            name=name,
            options=options,
            choices=answers.choices,
            dates=answers.dates,
            how=answers.rules,
            step=job.step,
        )
        with planned:
            if said:
                mending.say_again(engine, planned, said)
            left_out.leave_again(engine, planned, out)

    return jobs.start(
        "import.plan",
        work,
        title=_("Import %(name)s", name=name),
        phases=["import.read", "import.match"],
        then=url_for("imports.preview", draft_id=draft.id, _anchor=at),
        back=url_for("imports.match", draft_id=draft.id),
        draft=draft.id,
    )


def options(asked: Mapping[str, str]) -> tables.Options:
    """Return how a person says that the file is to be read; what is unknown is found as before, and so is the
    header of another sheet, unless it was changed with the sheet."""
    delimiter, header = asked.get("delimiter"), asked.get("header", "")
    if other_table(asked) and header == asked.get("header_was"):
        header = ""
    return tables.Options(
        encodings.called(asked.get("encoding", "")),
        delimiter if delimiter in csv_file.DELIMITERS else None,
        {"yes": True, "no": False}.get(header),
        asked.get("table"),
    )


def other_table(asked: Mapping[str, str]) -> bool:
    """Tell whether a person chose another sheet, or table, than the page showed."""
    return "table_was" in asked and asked.get("table") != asked["table_was"]


def rules(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what a person says is to happen to who is here already, as `Rules` takes it."""
    ways = {name.removeprefix("way-"): way for name, way in asked.items() if name.startswith("way-")}
    return {
        "existing": asked.get("existing") if asked.get("existing") in WAYS else FILE,
        "columns": {index: way for index, way in ways.items() if way in WAYS and index.isdecimal()},
        "clears": asked.get("clears") == "1",
        "key": asked.get("key") or None,
    }


def check_key(draft: Draft, sheet: tables.Table, found: Sequence[Column], key: str | None) -> None:
    """Raise Refused where people are to be known by what does not tell them apart."""
    session = database.session()
    known = {None, "phone", draft.answers.rules.key, remembered.key(session, sheet, found)[0]}
    if key not in known and key not in known_by.offered(session, sheet, found):
        raise Refused(Message("import.no_key"))


def _read_as(sheet: tables.Table) -> dict[str, Any]:
    told = {name: getattr(sheet, name) for name in ("format", "tables", "table", "encoding", "delimiter")}
    return told | {"header": bool(sheet.header)}


def _said(fault: Message) -> str:
    """Say what is wrong, with a field by the word it has on the page."""
    field = fault.values.get("field")
    return words.sentence(Message(fault.id, {**fault.values, "field": TARGETS.get(str(field), field)}))


def _samples(sheet: tables.Table, index: int) -> list[str]:
    said = (row[index].strip() for row in sheet.first if index < len(row))
    return [each[:80] for each in said if each][:SAMPLES]
