"""What was done, where its sentence depends on how many it was done to: kind -> a function of its values."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from webui import filters
from webui.done import OF_A_PERSON
from webui.plurals import ngettext
from webui.sentences import FIELDS

_NAMES = {"given", "family", "prefix", "additional", "suffix"}  # the shown name is made of them


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


def _remove_post(values: Mapping[str, Any]) -> str:
    if "name" in values:  # an older Roster did not tell
        return _("Delete the post %(title)s about %(name)s for good", **values)
    return _("Delete the post %(title)s for good", **values)


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
    """Say what was changed, where it was one field or two; what an older Roster did does not tell."""
    fields = values.get("fields")
    named = [each for each in fields if isinstance(each, str)] if isinstance(fields, list) else []
    if not _NAMES.isdisjoint(named):
        named = [each for each in named if each != "display_name"]  # it follows the parts
    said = [_field(each) for each in named]
    if len(said) == 1 and said[0]:
        return _("Change %(name)s’s %(field)s", field=said[0], name=values["name"])
    if len(said) == 2 and all(said):
        told = {"one": said[0], "other": said[1], "name": values["name"]}
        return _("Change %(name)s’s %(one)s and %(other)s", **told)
    return _("Change %(name)s", name=values["name"])


def _field(name: str) -> str:
    """Return what a field of a person is called in a sentence, an own one by its name; '' for none known."""
    own = name.removeprefix("fields.")
    return own if own != name else str(OF_A_PERSON.get(name, ""))


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


def _phone_region(values: Mapping[str, Any]) -> str:
    if not values["region"]:
        return _("Read phones as from nowhere in particular")
    return _("Read phones as from %(region)s", region=filters.region(values["region"]))


def _empty(values: Mapping[str, Any]) -> str:
    what = filters.counted(values)
    if days := values.get("days"):
        return ngettext(
            "Empty the trash by itself after %(num)s day: %(what)s",
            "Empty the trash by itself after %(num)s days: %(what)s",
            days,
            what=what,
        )
    return _("Empty the trash: %(what)s", what=what)


def _trash_days(values: Mapping[str, Any]) -> str:
    if not values["days"]:
        return _("Have the trash emptied by hand alone")
    return ngettext(
        "Have the trash emptied after %(num)s day",
        "Have the trash emptied after %(num)s days",
        values["days"],
    )


def _restore(values: Mapping[str, Any]) -> str:
    if values.get("export"):
        return _("Bring in the export of %(at)s", **values)
    return _("Restore the backup of %(at)s", **values)


def _restore_some(values: Mapping[str, Any]) -> str:
    if values["count"] == 1:
        return _("Restore %(name)s as of %(at)s", **values)
    return ngettext(
        "Restore %(num)s person as of %(at)s",
        "Restore %(num)s people as of %(at)s",
        values["count"],
        at=values["at"],
    )


PLURAL: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "done.attachments.add": _attach,
    "done.bulk.set": _bulk_set,
    "done.bulk.tag": _bulk_tag,
    "done.bulk.untag": _bulk_untag,
    "done.posts.remove": _remove_post,
    "done.relations.add": _relate,
    "done.restore": _restore,
    "done.restore.some": _restore_some,
    "done.settings.phone_region": _phone_region,
    "done.settings.trash_days": _trash_days,
    "done.sheet.fill": _fill,
    "done.trash.empty": _empty,
    "done.users.change": _change,
    "done.users.put_back": _put_back,
    "done.users.remove": _remove,
    "done.users.trash": _trash,
}
