"""Messages become sentences, in the language of whoever reads them.

One place for everything that the store, exchange and safety can say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webui import filters
from webui.sentences import FIELDS, PRESETS, SENTENCES
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
    """Return a value as a sentence has it: a moment, which is always called `at`, and bytes in words."""
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


def _trash(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Move %(name)s to the trash", name=values["name"])
    return ngettext("Move %(num)s person to the trash", "Move %(num)s people to the trash", values["count"])


def _put_back(values: Mapping[str, Any]) -> str:
    if values.get("count", 1) == 1:
        return _("Put %(name)s back", name=values["name"])
    return ngettext("Put %(num)s person back", "Put %(num)s people back", values["count"])


def _remove(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Delete %(name)s for good", name=values["name"])
    return ngettext("Delete %(num)s person for good", "Delete %(num)s people for good", values["count"])


def _bulk_tag(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Tag %(name)s with %(tags)s", **values)
    return ngettext(
        "Tag %(num)s person with %(tags)s",
        "Tag %(num)s people with %(tags)s",
        values["count"],
        tags=values["tags"],
    )


def _bulk_untag(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Take %(tags)s off %(name)s", **values)
    return ngettext(
        "Take %(tags)s off %(num)s person",
        "Take %(tags)s off %(num)s people",
        values["count"],
        tags=values["tags"],
    )


def _bulk_set(values: Mapping[str, Any]) -> str:
    field = str(FIELDS.get(values["field"], str(values["field"]).removeprefix("fields.")))
    told = {**values, "field": field}
    if values["count"] == 1:
        return (
            _("Set %(field)s of %(name)s", **told)
            if values["to"]
            else _("Clear %(field)s of %(name)s", **told)
        )
    if values["to"]:
        return ngettext(
            "Set %(field)s of %(num)s person", "Set %(field)s of %(num)s people", values["count"], field=field
        )
    return ngettext(
        "Clear %(field)s of %(num)s person", "Clear %(field)s of %(num)s people", values["count"], field=field
    )


def _fill(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Paste values for %(name)s", name=values["name"])
    return ngettext("Paste values for %(num)s person", "Paste values for %(num)s people", values["count"])


def _change(values: Mapping[str, Any]) -> str:
    """Name the own field that was changed, where it was that alone."""
    fields = values.get("fields") or [""]
    own = str(fields[0]).removeprefix("fields.")
    if len(fields) == 1 and own != fields[0]:
        return _("Change %(field)s of %(name)s", field=own, name=values["name"])
    return _("Change %(name)s", name=values["name"])


def _attach(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Attach %(file)s to %(name)s", file=values["file"], name=values["name"])
    return ngettext(
        "Attach %(num)s file to %(name)s",
        "Attach %(num)s files to %(name)s",
        values["count"],
        name=values["name"],
    )


def _relate(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Say what %(other)s is to %(name)s", other=values["other"], name=values["name"])
    return ngettext(
        "Say what %(num)s person is to %(name)s",
        "Say what %(num)s people are to %(name)s",
        values["count"],
        name=values["name"],
    )


def _without_email(values: Mapping[str, Any]) -> str:
    return ngettext(
        "%(num)s person has no e-mail, so the rule was not turned on.",
        "%(num)s people have no e-mail, so the rule was not turned on.",
        values["count"],
    )


def _invalid(values: Mapping[str, Any]) -> str:
    return ngettext(
        "Not saved yet. One thing to fix:", "Not saved yet. %(num)s things to fix:", values["count"]
    )


def _import_without_email(values: Mapping[str, Any]) -> str:
    return ngettext(
        "%(num)s person in the file has no e-mail, and everyone needs one. Nothing was imported.",
        "%(num)s people in the file have no e-mail, and everyone needs one. Nothing was imported.",
        values["count"],
    )


def _either_day(values: Mapping[str, Any]) -> str:
    return _("“%(value)s” can be two days; write %(one)s or %(other)s", **_two_days(values))


def _import_dates(values: Mapping[str, Any]) -> str:
    return _(
        "In the column %(column)s, %(value)s can be %(one)s or %(other)s, and no row says which. "
        "Nothing was imported.",
        **_two_days(values),
    )


def _two_days(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **{name: filters.written_day(values[name]) for name in ("one", "other")}}


def _phone_region(values: Mapping[str, Any]) -> str:
    if not values["region"]:
        return _("Read phones as from nowhere in particular")
    return _("Read phones as from %(region)s", region=filters.region(values["region"]))


def view(name: str | None, preset: str | None) -> str:
    """Return what a saved view is called: one that Roster comes with, in the person's language."""
    return name or str(PRESETS.get(preset or "", _("Unnamed")))


def _of_view(sentence_id: str) -> Callable[[Mapping[str, Any]], str]:
    def said(values: Mapping[str, Any]) -> str:
        return str(SENTENCES[sentence_id]) % {"name": view(values.get("name"), values.get("preset"))}

    return said


def _of_operation(text: Any) -> Callable[[Mapping[str, Any]], str]:
    """Return how a sentence names an operation that is its value, as `history.told` gives it."""

    def said(values: Mapping[str, Any]) -> str:
        about = {**values["values"], "counts": values.get("counts", {})}
        return str(text) % {"what": sentence(Message(f"done.{values['message']}", about))}

    return said


_PLURAL = {
    "done.history.alone": _of_operation(_l("Take back “%(what)s” alone")),
    "history.stands_in_the_way": _of_operation(
        _l(
            "This can't be taken back alone. Something done later stands in the way: %(what)s. "
            "Nothing was changed."
        )
    ),
    **{
        f"done.saved_views.{verb}": _of_view(f"done.saved_views.{verb}")
        for verb in ("change", "move", "remove")
    },
    "date.either": _either_day,
    "done.attachments.add": _attach,
    "done.relations.add": _relate,
    "done.bulk.set": _bulk_set,
    "done.bulk.tag": _bulk_tag,
    "done.bulk.untag": _bulk_untag,
    "done.settings.phone_region": _phone_region,
    "done.sheet.fill": _fill,
    "done.users.change": _change,
    "done.users.put_back": _put_back,
    "done.users.remove": _remove,
    "done.users.trash": _trash,
    "email_rule.without": _without_email,
    "import.dates": _import_dates,
    "import.without_email": _import_without_email,
    "invalid": _invalid,
}
