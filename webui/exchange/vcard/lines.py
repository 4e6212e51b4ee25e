r"""The lines of vCards: 2.1 (versit), 3.0 (RFC 2426) and 4.0 (RFC 6350), as programs really write them.

They are unfolded as bytes, before anything is decoded: a fold may fall within a letter. What the standards do
not say, and files do: `\r\r\n` is one line end; a soft break of quoted-printable needs no blank behind it and
may end in an empty line; base64 may go on without a blank, until an empty line. Not for where a card begins
and ends, nor what a property means: see `splitting` and `reading`.
"""

import binascii
import functools
import quopri
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

END = re.compile(rb"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_QUOTED = re.compile(rb"[^:]*QUOTED-PRINTABLE", re.IGNORECASE)
_BASE64 = re.compile(rb"[^:]*[;=](B|BASE64)[;:]", re.IGNORECASE)
# What needs to be unfolded line by line: an encoding, or a line that is empty but for blanks.
_ENCODED = (b"QUOTED", b"BASE64", b"ENCODING=B")
_EMPTY = re.compile(rb"\n[ \t]{0,80}\n")
_LETTERS = re.compile(rb"[A-Za-z0-9+/=]+\s*")
# RFC 6350 3.3: group.NAME;parameters:value. Programs write slashes and underscores into names too.
_HEAD = re.compile(r"(?:([\w-]+)\.)?([\w/-]+)((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*)")
_WITH_QUOTES = re.compile(r'([^":]*(?:"[^"]*"[^":]*)*):(.*)', re.DOTALL)  # a colon in them divides nothing
_LONGEST_HEAD = 200  # of those that are kept to be met again
_PARAMETER = re.compile(r";([^\":;]*(?:\"[^\"]*\"[^\":;]*)*)")
_SEVERAL = re.compile(r'(?:[^,"]|"[^"]*")+')
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}  # RFC 6868
_CARET = re.compile(r"\^[n'^]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ENCODINGS = {"QUOTED-PRINTABLE": "Q", "BASE64": "B", "B": "B", "8BIT": "", "7BIT": ""}


class Line(NamedTuple):
    """A line of a card: `group`, `name` and the names of parameters in capitals, the value as it stands.

    Of quoted-printable the value is decoded, of base64 it is not; nothing is unescaped. `said` is the whole
    line as it came, unfolded.
    """

    group: str
    name: str
    parameters: dict[str, list[str]]
    value: str
    said: str

    @property
    def types(self) -> list[str]:
        """The types, in small letters."""
        return [each.casefold() for each in self.parameters.get("TYPE", ())]


def unfolded(raw: bytes, codec: str) -> list[str]:
    """Return the lines of a card between its BEGIN and its END, unfolded and decoded.

    Bytes that are none of `codec` are read as `Windows-1252`, as most programs without an encoding write.
    """
    plain, capitals = raw.replace(b"\r\n", b"\n"), raw.upper()
    if not (b"\r" in plain or any(word in capitals for word in _ENCODED) or _EMPTY.search(plain)):
        with suppress(UnicodeDecodeError):
            whole = plain.replace(b"\n ", b"").replace(b"\n\t", b"").decode(codec)
            return _between(list(filter(str.strip, whole.split("\n"))))
    found: list[bytearray] = []
    soft = base64 = open_ = False
    for line in re.split(rb"\r{0,2}\n|\r(?!\r?\n)", raw):
        if soft:
            found[-1] += line
            soft = line.endswith(b"=")
            found[-1] = found[-1][:-1] if soft else found[-1]
            continue
        if not line.strip():
            base64 = open_ = False
            continue
        if line[:1] in b" \t" and open_:
            found[-1] += line[1:] if not base64 else line.strip()
        elif base64 and open_ and _LETTERS.fullmatch(line) and not END.fullmatch(line):
            found[-1] += line.strip()
        else:
            found.append(bytearray(line))
            open_ = True
            base64 = bool(_BASE64.match(line))
            soft = line.endswith(b"=") and bool(_QUOTED.match(line))
            found[-1] = found[-1][:-1] if soft else found[-1]
    return _between([_decoded(bytes(each), codec) for each in found])


def _between(lines: list[str]) -> list[str]:
    """Return what stands between BEGIN and END."""
    begin = 1 if lines and lines[0].strip().upper().startswith("BEGIN") else 0
    return lines[begin : -1 if lines and lines[-1].strip().upper().startswith("END") else None]


def parsed(said: str) -> Line | None:
    """Return a line taken apart, None for what is none."""
    line = said.strip()
    head, colon, value = line.partition(":")
    if '"' in head or len(head) > _LONGEST_HEAD:
        match = _WITH_QUOTES.fullmatch(line)
        known, value = (_head(match[1]), match[2]) if match else (None, "")
    else:
        known = _known_head(head) if colon else None
    if known is None:
        return None
    group, name, parameters, encoding = known
    if encoding == "Q":
        value = _from_quoted(value, (parameters.get("CHARSET") or [""])[0])
    return Line(group, name, parameters, value, said)


def _head(said: str) -> tuple[str, str, dict[str, list[str]], str] | None:
    """Return group, name, parameters and encoding of what stands before a value, None where it is none."""
    match = _HEAD.fullmatch(said)
    if not match:
        return None
    group, name, told = match.groups()
    parameters = _parameters(told) if told else {}
    return (group or "").upper(), name.upper(), parameters, _encoding(parameters)


_known_head = functools.lru_cache(maxsize=1_024)(_head)  # a file has few, again and again


def is_base64(line: Line) -> bool:
    """Tell whether the value is said to be base64."""
    return _encoding(line.parameters) == "B"


def unescape(value: str, version: str) -> str:
    r"""Return a text: in 2.1 only a semicolon is escaped, later also commas, backslashes and line ends."""
    if "\\" not in value:
        return value
    if version == "2.1":
        return value.replace("\\;", ";")
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def apart(value: str, mark: str, version: str) -> list[str]:
    """Return the parts of a value, unescaped; `mark` divides them where it is not escaped."""
    return [unescape(each, version) for each in divided(value, mark)]


def divided(value: str, mark: str) -> list[str]:
    """Return the parts of a value as they stand; `mark` divides them where it is not escaped."""
    if mark not in value:
        return [value]
    if "\\" not in value:
        return value.split(mark)
    parts = re.split(rf"(?<!\\)((?:\\\\)*){re.escape(mark)}", value)
    return [parts[at] + (parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)]


def _parameters(told: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in _PARAMETER.findall(told):
        name, mark, value = each.partition("=")
        name = name.strip().upper()
        if not mark:  # 2.1 has values without a name
            value, name = each, "ENCODING" if name in _ENCODINGS else "TYPE"
        values = [_plain(part) for part in _SEVERAL.findall(value)]
        if name == "TYPE":
            values = [part for said in values for part in said.split(",")]
        found.setdefault(name, []).extend(part.strip() for part in values if part.strip())
    return found


def _plain(value: str) -> str:
    return _CARET.sub(lambda match: _CARETS[match[0]], value.replace('"', ""))


def _encoding(parameters: dict[str, list[str]]) -> str:
    return _ENCODINGS.get((parameters.get("ENCODING") or [""])[0].upper(), "")


def _from_quoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8"))
    if not charset:  # old phones did not say it; what is no UTF-8 is as their computers wrote it
        return _decoded(raw, "utf-8")
    codec = charset if charset.casefold() != "us-ascii" else "utf-8"
    for name, errors in ((charset, "strict"), (codec, "replace")):
        with suppress(ValueError, LookupError):  # it may be the name of no codec, or of none for texts
            return raw.decode(name, errors)
    return raw.decode("utf-8", "replace")


def _decoded(line: bytes, codec: str) -> str:
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def from_base64(value: str) -> bytes:
    """Return the bytes of base64; of what is cut off, those that are whole. Raises ValueError."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", value)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def parameter(line: Line, name: str) -> str:
    """Return a parameter as a whole, '' without it: what reads those of others divides it at commas."""
    return ",".join(line.parameters.get(name, ()))


def property_of(found: Sequence[Line], name: str) -> Line | None:
    """Return the first line of that name."""
    return next((line for line in found if line.name == name), None)


def uid_of(found: Iterable[Line | None]) -> Line | None:
    """Return the line with the UID of a card; an empty one is none."""
    return next((line for line in found if line and line.name == "UID" and line.value.strip()), None)
