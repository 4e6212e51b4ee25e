"""The page that shows what they edited in a sheet that is back, and who is new in it."""

from flask import render_template, request

from webui import addresses, database, typed, words
from webui.exchange import cells, encodings
from webui.exchange.left_out import Shown
from webui.exchange.out.wanted import OWN
from webui.exchange.plan import ADDED, Plan
from webui.exchange.sent import left
from webui.exchange.sent.comparison import ANSWERED, SHOWN, STUCK, Comparison, Row
from webui.labels import VALUES
from webui.pages import export_form, own_fields, sent_draft, shared
from webui.pages.drafts import Draft
from webui.pages.sent_draft import Arrival
from webui.store import fields
from webui.store.errors import Message
from webui.store.ledger.history import connection_of
from webui.store.values import person

PAGE = 100
NEW, ASKED = "new", "asked"


def page(draft: Draft, fault: Message | None = None) -> str:
    """Return the page. Raises NotFound while there is no comparison."""
    show, after = request.args.get("show", ""), addresses.number(request.args, "after")
    after = -1 if after is None else after
    session = database.session()
    kinds = {"birthday": "date"} | {f"{OWN}{each.uid}": each.kind for each in fields.every(session)}
    with sent_draft.comparison(draft) as compared, sent_draft.newcomers(draft) as new:
        rows = _rows(compared, new, show, after)
        without_email = sent_draft.without_email(draft)
        return render_template(
            "sent/preview.html",
            draft=draft,
            about=compared.about,
            counts=sent_draft.counts(compared, new),
            missing=left.missing(compared, new),
            edits=compared.will()[0],
            has_left=show == STUCK and left.count(compared, new) > 0,
            without_email=without_email,
            sharing_email=new.sharing_email() if new and without_email else 0,
            read_in=(read_in := _guessed_letters(draft, compared)),
            encodings=encodings.choices(read_in) if read_in else {},
            dates=sent_draft.question(draft),
            dates_said=compared.about("dates"),
            rows=rows[:PAGE],
            choices_of=lambda row: sent_draft.choices_of(draft, row),
            labels=export_form.columns(connection_of(session)) | {"email_label": VALUES["email_label"]},
            worded=lambda field, said: _worded(field, kinds.get(field, ""), said),
            **sent_draft.brings(new, rows[:PAGE]),
            in_words=own_fields.worded,
            show=show if show in (*SHOWN, NEW, ASKED) else "",
            after=after,
            next=rows[PAGE - 1].position if len(rows) > PAGE else None,
            fault=words.sentence(fault) if fault else None,
            say=shared.fault,
        )


def _guessed_letters(draft: Draft, compared: Comparison) -> str | None:
    """Return in which letters the sheet was read, None where that is sure and was not told."""
    codec = compared.about("encoding")
    sure = codec is None or (encodings.is_sure(codec) and draft.options.encoding is None)
    return None if sure or draft.taken else str(codec)


def _worded(field: str, kind: str, said: str) -> str:
    """Return a cell as a page says it: what a sheet has in one cell divided as people divide it."""
    if field == "tags":
        return ", ".join(cells.tags(said, True))
    if field in person.LISTS:
        return "; ".join(typed.as_text(list(row.values())) for row in cells.read(field, said))
    return own_fields.worded(kind, said)


def _rows(compared: Comparison, new: Plan | None, show: str, after: int) -> list[Row | Arrival | Shown]:
    """Return the rows of a page and one more, where there is one."""
    rows: list[Row | Arrival | Shown] = []
    if show != NEW:
        state = ANSWERED if show == ASKED else show if show in SHOWN else ""
        rows += compared.page(state, after, PAGE + 1)
    if show == STUCK or show not in SHOWN:
        verdict = {STUCK: "refused", NEW: ADDED, ASKED: "question"}.get(show)
        rows += sent_draft.arrivals(compared, new, verdict, after, PAGE + 1)
    if show not in (*SHOWN, ASKED):
        rows += sent_draft.unwanted(compared, new, after, PAGE + 1)
    return sorted(rows, key=lambda row: row.position)
