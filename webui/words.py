"""Messages become sentences, in the language of whoever reads them.

One place for everything that the store, exchange and safety can say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webui import done_in_words, filters
from webui.forgotten import FORGOTTEN
from webui.plurals import ngettext
from webui.sentences import PRESETS, SENTENCES
from webui.store.errors import Message


def sentence(message: Message) -> str:
    """Return the sentence of a message. A message that has none is a fault of ours: KeyError.

    Of something done there is always one: another program may have written what was noted of it.
    """
    if not message.id.startswith("done."):
        return _sentence(message)
    try:
        return _sentence(message)
    except (LookupError, TypeError, ValueError, AttributeError):
        return _("A change that can’t be named")


def _sentence(message: Message) -> str:
    values = {name: _said(name, value) for name, value in message.values.items()}
    if plural := _PLURAL.get(message.id):
        return plural(values)
    text = str(SENTENCES[message.id])
    return text % values if values else text


def _said(name: str, value: Any) -> Any:
    """Return a value as a sentence has it: a moment, which is always called `at`, bytes in words, and in
    the place of whoever was forgotten completely a word."""
    if isinstance(value, Mapping) and "forgotten" in value:
        return str(FORGOTTEN.get(value["forgotten"], FORGOTTEN["person"]))
    if name == "most_bytes":
        return filters.filesize(value)
    return filters.moment(value) if name == "at" else value


def short(error: Exception) -> str:
    """Return what an error says: the store's own sentence, or a general one; details are in the log."""
    told = getattr(error, "message", None)
    return (
        sentence(told)
        if isinstance(told, Message)
        else _("Something went wrong. Nothing was changed; the log has the details.")
    )


def _without_email(values: Mapping[str, Any]) -> str:
    return ngettext(
        "%(num)s person has no e-mail of their own, so the rule was not turned on.",
        "%(num)s people have no e-mail of their own, so the rule was not turned on.",
        values["count"],
    )


def _invalid(values: Mapping[str, Any]) -> str:
    return ngettext(
        "Not saved yet. One thing to fix:", "Not saved yet. %(num)s things to fix:", values["count"]
    )


def _import_without_email(values: Mapping[str, Any]) -> str:
    said = ngettext(
        "%(num)s person in the file has no e-mail of their own, and everyone needs one. "
        "Nothing was imported.",
        "%(num)s people in the file have no e-mail of their own, and everyone needs one. "
        "Nothing was imported.",
        values["count"],
    )
    if not (sharing := values.get("sharing")):
        return said
    shared = ngettext(
        "The e-mail of %(num)s person is another’s main one.",
        "The e-mails of %(num)s people are others’ main ones.",
        sharing,
    )
    return f"{said} {shared}"


def _either_day(values: Mapping[str, Any]) -> str:
    return _("“%(value)s” can be two days; write %(one)s or %(other)s", **_two_days(values))


def _likely(values: Mapping[str, Any]) -> str:
    people = format_list(values["names"], style="or", locale=filters.locale())
    return _("Nobody here is called %(name)s. Did you mean %(people)s?", name=values["name"], people=people)


def _import_dates(values: Mapping[str, Any]) -> str:
    return _(
        "In the column %(column)s, %(value)s can be %(one)s or %(other)s, and the rows do not say which. "
        "Nothing was imported.",
        **_two_days(values),
    )


def _two_days(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **{name: filters.written_day(values[name]) for name in ("one", "other")}}


def view(name: str | None, preset: str | None) -> str:
    """Return what a saved view is called: one that Roster comes with, in the person's language."""
    return name or str(PRESETS.get(preset or "", _("Unnamed")))


def _of_view(sentence_id: str) -> Callable[[Mapping[str, Any]], str]:
    def said(values: Mapping[str, Any]) -> str:
        return str(SENTENCES[sentence_id]) % {"name": view(values.get("name"), values.get("preset"))}

    return said


def _of_operation(text: Any, numbered: bool = False) -> Callable[[Mapping[str, Any]], str]:
    """Return how a sentence names an operation that is its value, as `history.told` gives it, and others."""

    def said(values: Mapping[str, Any]) -> str:
        told = [values, *values.get("others", [])]
        said = [
            sentence(Message(f"done.{each['message']}", {**each["values"], "counts": each.get("counts", {})}))
            for each in told
        ]
        if numbered:
            said = [
                _("number %(id)s, “%(what)s”", id=each["id"], what=what)
                for each, what in zip(told, said, strict=True)
            ]
        return str(text) % {"what": "; ".join(said)}

    return said


def numbered(message: Message) -> str:
    """Return the sentence of what stands in the way of taking something back alone, with the number of each:
    for commands, which name changes by it."""
    return _of_operation(_IN_THE_WAY, numbered=True)(message.values)


_IN_THE_WAY = _l(
    "This can't be taken back alone. Something done later stands in the way: %(what)s. Nothing was changed."
)
_PLURAL = {
    **done_in_words.PLURAL,
    "done.history.alone": _of_operation(_l("Take back “%(what)s” alone")),
    "history.stands_in_the_way": _of_operation(_IN_THE_WAY),
    **{
        f"done.saved_views.{verb}": _of_view(f"done.saved_views.{verb}")
        for verb in ("change", "move", "trash", "put_back", "remove")
    },
    "date.either": _either_day,
    "email_rule.without": _without_email,
    "import.dates": _import_dates,
    "import.without_email": _import_without_email,
    "invalid": _invalid,
    "person.likely": _likely,
}
