"""The rows that were refused, as a file of the same kind that can be mended and imported again.

Each is written with the bytes it had; a last column says why it was refused, and an import reads over it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import BinaryIO

from webui.exchange.plan import Plan, as_message
from webui.store.errors import Message

REASON = "roster_reason"
# What a column is called in the file of a plan that had no header.
_NAMES = {
    "full_name": "Name", "display_name": "Display name", "given": "First name", "family": "Last name",
    "email": "E-mail", "phone": "Phone",
}  # fmt: skip


def write(stream: BinaryIO, plan: Plan, say: Callable[[Message], str]) -> int:
    """Write the refused rows of `plan` and return how many there are. `say` makes a sentence of a reason."""
    codec, delimiter, end = plan.about("encoding"), plan.about("delimiter"), plan.about("line_end")

    def line(cells: Iterable[str]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator=end).writerow(cells)
        return text.getvalue().encode(codec, "replace")

    widest = plan.connection.execute("SELECT max(width) FROM staged WHERE verdict = 'refused'").fetchone()[0]
    if widest is None:
        return 0
    header = plan.about("header") or [
        _NAMES.get(column.target, f"Column {column.index + 1}") for column in plan.columns
    ]
    widest = max(widest, len(header))
    stream.write(bytes.fromhex(plan.about("mark")))
    stream.write(line([*header, *[""] * (widest - len(header)), REASON]))
    count = 0
    for raw, width, kept in plan.connection.execute(
        "SELECT raw, width, reason FROM staged JOIN staged_raw USING (position)"
        " WHERE verdict = 'refused' ORDER BY position"
    ):
        reason = as_message(json.loads(kept))
        count += 1
        if reason.id == "row.open_quote":  # whatever is put behind it would be inside the quotation mark
            stream.write(raw)
            continue
        row = raw.decode(codec, "replace").rstrip("\r\n").encode(codec, "replace") if _wide(codec) else None
        stream.write(raw.rstrip(b"\r\n") if row is None else row)
        stream.write((delimiter * (widest - width + 1)).encode(codec))
        stream.write(line([say(reason)]))
    return count


def _wide(codec: str) -> bool:
    return codec.startswith(("utf-16", "utf-32"))
