"""The page that shows what an import would do to each row."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from webui import addresses, database, facts, words
from webui.exchange import (
    bringing,
    importing,
    left_out,
    notices,
    own_cells,
    own_columns,
    phone_region,
    remembered,
)
from webui.exchange.plan import DOUBTFUL, VERDICTS, Plan, Planned
from webui.pages import own_fields
from webui.pages.drafts import Draft
from webui.pages.import_columns import EXISTING
from webui.store.errors import Message

PAGE = 100
OUT = "out"  # what is shown: not a verdict, for rows that are left out have none


def page(draft: Draft, fault: Message | None = None) -> str:
    """Return the page. Raises NotFound while there is no plan."""
    show, after = _asked()
    with draft.plan() as planned:
        listed = _rows(planned, show, after)
        positions = [row.position for row in listed["rows"]]
        without_email = importing.needs_email(database.engine(), planned)
        phone, told = phone_region.open_phone(planned), planned.about("region_told")
        return render_template(
            "imports/preview.html",
            draft=draft,
            counts=planned.counts(),
            doubtful=planned.doubtful(),
            will=planned.will(),
            kept=planned.about("kept"),
            is_cards=planned.about("format") == "vcard",
            existing=EXISTING[planned.about("existing")],
            is_one_way=planned.about("is_one_way"),
            doubts=notices.of_file(planned),
            forgotten=planned.about("forgotten"),
            phone=phone,
            region_told=told,
            regions=facts.regions() if phone or told else [],
            without_email=without_email,
            sharing_email=planned.sharing_email() if without_email else 0,
            taken=notices.renamed_count(planned),
            renamed=notices.renamed_at(planned, positions),
            brought=bringing.shown_at(planned, positions),
            own=own_cells.shown_at(planned, positions),
            new_fields=[each for each in own_columns.of_plan(planned) if each.made],
            kinds=own_fields.KINDS,
            in_words=own_fields.worded,
            show=show,
            after=after,
            out_count=left_out.count(planned),
            fault=words.sentence(fault) if fault else None,
            say=words.sentence,
            **_of_dates(planned),
            **listed,
        )


def _of_dates(planned: Plan) -> dict[str, Any]:
    """Return the question of what comes first in dates, and its answer."""
    return {
        "dates": importing.question(planned),
        "dates_before": remembered.dates_used(planned),
        "dates_said": remembered.dates_said(planned),
    }


def _rows(planned: Plan, show: str, after: int) -> dict[str, Any]:
    """Return the rows that are shown: of the plan, or `out`, and the position from which it goes on."""
    out, rows = list[left_out.Shown](), list[Planned]()
    if show == OUT:
        out = left_out.page(planned, after, PAGE + 1)
    else:
        rows = planned.page(show if show in (*VERDICTS, DOUBTFUL) else None, after, PAGE + 1)
    shown = out or rows
    following = shown[PAGE - 1].position if len(shown) > PAGE else None
    return {"rows": rows[:PAGE], "out": out[:PAGE], "next": following}


def _asked() -> tuple[str, int]:
    """Return which rows are asked for, and the position behind which they begin."""
    after = addresses.number(request.args, "after")
    return request.args.get("show", ""), -1 if after is None else after


def mending(draft: Draft, planned: Plan, position: int, cells: Sequence[str]) -> str:
    """Return the page on which a row that could not be read is mended."""
    row = planned.page("refused", position - 1, 1)[0]
    names = [column.name or _("Column %(number)s", number=column.index + 1) for column in planned.columns]
    fields = list(zip_longest(names[: len(cells)], cells)) if planned.about("format") != "vcard" else None
    return render_template(
        "imports/mend.html", draft=draft, row=row, fields=fields, lines="\n".join(cells), say=words.sentence
    )
