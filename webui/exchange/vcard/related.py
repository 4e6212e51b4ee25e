"""Whom a person knows, in the card that they came from: each once, as it stands there or as it is now."""

from collections.abc import Mapping, Sequence
from typing import Any

from webui.exchange.vcard import details, rewriting
from webui.exchange.vcard.kept import Kept
from webui.exchange.vcard.lines import parsed
from webui.exchange.vcard.outgoing import Card
from webui.store.relations import BACK, OWN
from webui.store.values import text

# Who the UID on another's card is: their uid here, and what names them by their own card as it goes out.
Known = Mapping[str, tuple[str, str]]
Row = Mapping[str, Any]
_NAMES = ("RELATED", "X-ABRELATEDNAMES")


def put(
    kept: Kept, person: Mapping[str, Any], known: Known, slots: list[list[str]], groups: rewriting.Groups
) -> list[str]:
    """Let each line that names someone here say what they are now, or go; return the lines of all others."""
    every: Sequence[Row] = person.get("relations") or ()
    said = {at: who for at, (_line, line) in enumerate(kept.lines) if (who := kept.knows(line))}
    said = {at: who for at, who in said.items() if who[0] in known}
    left = [
        each
        for each in every
        if not any(known[uid][0] == each["uid"] and _is(each, *as_) for uid, *as_ in said.values())
    ]
    for at, (uid, *as_) in said.items():
        here, goes_out = known[uid]
        goes_out_so = goes_out.casefold() == f"urn:uuid:{uid}"
        theirs = [each for each in every if each["uid"] == here]
        same = next((each for each in theirs if _is(each, *as_)), None)
        now = same or next((each for each in left if each["uid"] == here), None)
        if now is None:
            slots[at] = []
        elif same is None or not goes_out_so:
            left = [each for each in left if each is not now]
            line = kept.lines[at][1]
            assert line is not None
            made = _lines(kept, {**now, "named": line.value if goes_out_so else goes_out})
            slots[at] = rewriting.in_place(slots[at][0], made, groups, same_label=same is not None)
    there = [(line.value, line.types) for _said, line in kept.lines if line and line.name in _NAMES]
    more = [_lines(kept, each) for each in left]
    return [
        line
        for lines in more
        if not any((one.value, one.types) in there for one in map(parsed, lines) if one)
        for line in groups.renamed(lines)
    ]


def _is(row: Row, kind: str, label: str) -> bool:
    if kind in BACK and kind != OWN:
        return bool(row["kind"] == kind)
    return row["kind"] == OWN and text.key(row["label"]) == text.key(label)


def _lines(kept: Kept, row: Row) -> list[str]:
    card = Card(kept.version)
    details.put_related(card, [row])
    return card.lines
