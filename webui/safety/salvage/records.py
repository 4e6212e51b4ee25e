"""What is in a cell of SQLite's file format: numbers of variable length and records (sqlite.org/fileformat2).

Values are what SQLite would hand over; a text that is no UTF-8 comes as `Odd`. Nothing here trusts a byte.
"""

import struct

_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # serial type -> bytes
_FIXED = {0: 0, 7: 8, 8: 0, 9: 0, **_INTEGERS}

Value = int | float | str | bytes | None


class Odd(bytes):
    """A text whose bytes are no UTF-8: another program's, or damaged."""


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place, as 64 bits with a sign, and the place behind it. Raises IndexError."""
    value = 0
    for step in range(8):
        byte = data[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >> 63 else value, at + 9


def record(payload: bytes) -> list[Value] | None:
    """Return the values of a record; None where the bytes are none: sizes must add up to the last byte."""
    try:
        end, at = varint(payload, 0)
        if not at <= end <= len(payload):
            return None
        kinds = []
        while at < end:
            kind, at = varint(payload, at)
            kinds.append(kind)
        if at != end:
            return None
        values: list[Value] = []
        for kind in kinds:
            size = _FIXED[kind] if kind < 12 else (kind - 12) // 2
            if kind < 0 or at + size > len(payload):
                return None
            values.append(_value(kind, payload[at : at + size]))
            at += size
    except (IndexError, KeyError):  # cut off, or one of the reserved types
        return None
    return values if at == len(payload) else None


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        if kind % 2 == 0:
            return data
        try:
            return data.decode()
        except UnicodeDecodeError:
            return Odd(data)
    if kind in _INTEGERS:
        return int.from_bytes(data, signed=True)
    if kind == 7:
        found: float = struct.unpack(">d", data)[0]
        return None if found != found else found  # SQLite has no NaN
    return None if kind == 0 else kind - 8
