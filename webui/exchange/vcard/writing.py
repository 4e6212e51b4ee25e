"""Writing vCards, 4.0 (RFC 6350) and 3.0 (RFC 2426): escaped, folded at 75 octets, one card a person.

What has no property of its own in 4.0 stands in one of Roster's, X-ROSTER-..., so that nothing is lost on
the way back (docs/formats.md). 3.0 is for address books and phones.
"""

import base64
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from webui.exchange.vcard import details
from webui.exchange.vcard.outgoing import NEW, Card
from webui.exchange.vcard.values import bare, escape

_NAME = ("family", "given", "additional", "prefix", "suffix")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_APART = str.maketrans("", "", "-:")
_WIDTH = 75  # octets of a line without its end


def card(
    person: Mapping[str, Any],
    photo: tuple[str, bytes] | None = None,
    version: str = NEW,
    about: str = "",
) -> bytes:
    """Return a card of a person as `exporting.people` gives one; only uid and name must be there. `photo` is
    its media type and its bytes, which go into the card as they are; `about` what is said of the whole file.

    `updated_at` is `YYYY-MM-DDTHH:MM:SS.mmmZ`, dates are as in `values.dates`.
    """
    return folded(lines(person, photo, version, about))


def folded(content: Iterable[str]) -> bytes:
    """Return content lines as a file has them: each folded at 75 octets, never inside a character, with its
    CRLF (RFC 6350, 3.2)."""
    said = "\r\n".join([*content, ""]).encode("utf-8", "replace")
    lines = said.split(b"\r\n")
    return b"\r\n".join(map(_fold, lines)) if max(map(len, lines)) > _WIDTH else said


def _fold(line: bytes) -> bytes:
    if len(line) <= _WIDTH:
        return line
    width = _WIDTH - 1  # the blank that begins each but the first counts
    if line.isascii():  # a photo has a hundred thousand lines
        return b"\r\n ".join(
            [line[:_WIDTH], *(line[at : at + width] for at in range(_WIDTH, len(line), width))]
        )
    cut, at, end = [], 0, _WIDTH
    while end < len(line):
        while line[end] & 0xC0 == 0x80:
            end -= 1
        cut.append(line[at:end])
        at, end = end, end + width
    return b"\r\n ".join([*cut, line[at:]])


def lines(
    person: Mapping[str, Any], photo: tuple[str, bytes] | None = None, version: str = NEW, about: str = ""
) -> list[str]:
    """Return the content lines of the same card, not folded."""
    made = Card(version)
    made.lines += ["BEGIN:VCARD", f"VERSION:{version}"]
    made.put_uri("UID", f"urn:uuid:{person['uid']}")
    _put_names(made, person)
    put_emails(made, person)
    _put_work(made, person)
    details.put(made, person)
    if fields := person.get("fields"):
        details.put_own_fields(made, fields)
    if relations := person.get("relations"):
        details.put_related(made, relations)
    _put_photo(made, photo)
    if person.get("tags"):
        made.lines.append("CATEGORIES:" + ",".join(map(escape, person["tags"])))
    if person.get("note"):
        made.put("NOTE", person["note"])
    if not made.is_old:
        _put_rest(made, person, about)
    if rev := _stamp(person.get("updated_at") or ""):
        made.lines.append(f"REV:{rev}")
    made.lines.append("END:VCARD")
    return made.lines


def _put_names(made: Card, person: Mapping[str, Any]) -> None:
    # DERIVED (RFC 9554): nobody wrote this name, it is the username.
    derived = "display_name" in person and not person["display_name"] and not made.is_old
    made.put("FN", person["name"], ";DERIVED=TRUE" if derived else "")
    parts = [person.get(part) or "" for part in _NAME]
    if any(parts) or made.is_old:
        made.put_parts("N", parts)
    if person.get("nickname"):
        made.put("NICKNAME", person["nickname"])
    if person.get("phonetic"):  # what address books read; SORT-AS would say where it is sorted, not its sound
        made.put("X-PHONETIC-FIRST-NAME", person["phonetic"])


def put_emails(made: Card, person: Mapping[str, Any]) -> None:
    """Put the e-mail of a person and the further ones, where there are any."""
    if person.get("email"):
        more = ";TYPE=INTERNET;TYPE=PREF" if made.is_old else ";PREF=1"
        made.put_labelled("EMAIL", person.get("email_label") or "", escape(person["email"]), more)
    for row in person.get("emails") or ():
        more = ";TYPE=INTERNET" if made.is_old else ""
        made.put_labelled("EMAIL", row["label"], escape(row["email"]), more)


def _put_work(made: Card, person: Mapping[str, Any]) -> None:
    organisation, department = person.get("organisation") or "", person.get("department")
    if organisation or department:
        made.put_parts("ORG", [organisation, department] if department else [organisation])
    if person.get("job_title"):
        made.put("TITLE", person["job_title"])


def _put_photo(made: Card, photo: tuple[str, bytes] | None) -> None:
    if not photo:
        return
    data = base64.b64encode(photo[1]).decode()
    if made.is_old:
        kind = "".join(filter(str.isalnum, photo[0].rpartition("/")[2])).upper()
        made.lines.append(f"PHOTO;ENCODING=b;TYPE={kind}:{data}")
    else:
        made.lines.append(f"PHOTO:data:{bare(photo[0])};base64,{data}")


def _put_rest(made: Card, person: Mapping[str, Any], about: str) -> None:
    """Put what only Roster reads, and when the person was added (RFC 9554)."""
    if person.get("username"):
        made.put("X-ROSTER-USERNAME", person["username"])
    for uid in person.get("aliases") or ():
        made.put_own("ALIAS", [uid])
    for post in person.get("posts") or ():
        also = ",".join(each["uid"] for each in post["also_about"])
        moments = {name: post[name] for name in ("follow_up", "done_at", "created_at", "updated_at")}
        said = [post["title"], post["body"]]
        made.put_own("POST", said, uid=post["uid"], date=post["date"], also=also, **moments)
    if about:
        made.put_own("ABOUT", [about])
    if created := _stamp(person.get("created_at") or ""):
        made.lines.append(f"CREATED:{created}")


@functools.lru_cache(maxsize=1_024)  # an import touches all its people in one moment
def _stamp(moment: str) -> str:
    if not _MOMENT.fullmatch(moment):
        return ""
    return f"{moment.translate(_APART).split('.')[0].rstrip('Z')}Z"
