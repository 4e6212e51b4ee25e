"""What the newest file of a source said of a person's lists, and this one does not: told where it stays."""

from collections.abc import Iterator, Mapping, Sequence

from webui.exchange.earlier import Item
from webui.exchange.replacing import Change, Has, Told


def of(
    newest: Sequence[Item], told: Sequence[Told], theirs: Mapping[str, Has], changes: Sequence[Change]
) -> Iterator[Item]:
    """Yield it: of what `newest` is said to have said what nobody says now, and no change takes away."""
    if any(each.has is None for each in changes):  # an address that only says less than before
        return
    said = {each.item.key for each in told} | {each.has.item.key for each in changes if each.has}
    for each in newest:
        if each.key in theirs and each.key not in said:
            yield theirs[each.key].item
