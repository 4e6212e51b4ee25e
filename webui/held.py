"""The words of the page of all that is held about a person, in the language of whoever asks for it.

What stands on it is read and written by `exchange.held`.
"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webui import facts, filters, words
from webui.labels import POSTS, VALUES
from webui.store.ledger.history import Done
from webui.store.values import own

_WORDS = {
    "title": _l("All that Roster holds about %(name)s"),
    "written": _l("Written on %(at)s, from a roster on one person’s own computer."),
    "then": _l("This is how it was on %(at)s. What came later is not in here."),
    "trashed": _l("%(name)s is in the trash since %(at)s: out of every list and search, and still held."),
    "photo_of": _l("Photo of %(name)s"),
    "original": _l("The photo as it came:"),
    "person": _l("The person"),
    "tags": _l("Tags"),
    "created_at": _l("Added"),
    "updated_at": _l("Changed"),
    "uid": _l("Number in exports"),
    "field_in_trash": _l("%(name)s (a field in the trash)"),
    "in_trash": _l("(in the trash)"),
    "knows": _l("How they belong to others"),
    "posts": _l("Posts"),
    "mainly": _l("Mainly about %(name)s."),
    "also": _l("Also about %(names)s."),
    "come_back": _l("To come back to on %(day)s."),
    "done": _l("Done on %(at)s."),
    "times": _l("Written on %(at)s, changed on %(changed)s."),
    "files": _l("Files"),
    "added": _l("Added on %(at)s."),
    "file_gone": _l("Removed; the history still has it."),
    "photo_gone": _l("A former photo; the history still has it."),
    "too_large": _l("Too large to be in here."),
    "no_content": _l("Its content is not there any more."),
    "sources": _l("What they came from, as it came"),
    "came": _l("Imported on %(at)s."),
    "source_gone": _l("Imported on %(at)s. Removed; the history still has it."),
    "history": _l("What was done, the last first"),
    "to_trash": _l("Moved to the trash"),
    "from_trash": _l("Put back from the trash"),
    "photo_added": _l("Photo added"),
    "photo_changed": _l("Photo changed"),
    "photo_removed": _l("Photo removed"),
    "horizon": _l("History reaches back to %(at)s. What was done before is not held any more."),
    "beyond": _l("What is not in here"),
    "people": _l("People"),
    "people_of": _l("People: %(count)s. Written on %(at)s by Roster."),
    "others_texts": _l(
        "Texts about others, and files of others, may mention %(name)s without being marked as about them. "
        "Roster can't tell, so they are not in here."
    ),
    "no_copy": _l(
        "What was printed, exported or sent is not in here: Roster keeps no copy of that and does not know "
        "who has it."
    ),
    "backups": _l(
        "Backups are whole copies of this roster. Those that were made since %(name)s was added hold them "
        "too. They lie in %(folder)s, and wherever else copies were put."
    ),
}


class Words:
    """What `exchange.held.words` asks for."""

    def __init__(self) -> None:
        self.language = filters.language()

    def word(self, name: str, /, **values: object) -> str:
        """Return a word or a sentence; a moment among its values is called `at`."""
        told = {key: filters.moment(str(said)) if key == "at" else said for key, said in values.items()}
        return str(_WORDS[name]) % told if told else str(_WORDS[name])

    def value(self, field: str) -> str:
        """Return what a field is called."""
        return str(VALUES.get(field) or POSTS[field])

    def date(self, date: str) -> str:
        """Return a date of which a part may be unknown."""
        return facts.partial(date)

    def moment(self, utc: str) -> str:
        """Return a moment in full."""
        return filters.moment(utc)

    def size(self, count: int) -> str:
        """Return a count of bytes."""
        return filters.filesize(count)

    def relation(self, kind: str, label: str) -> str:
        """Return what someone is to another."""
        return label or facts.relation_word(kind)

    def own(self, kind: str, value: str, typed: str) -> str:
        """Return what stands in an own field of a kind."""
        if kind == "date" and value:
            return facts.partial(value)
        text = own.said(kind, [own.Kept(value, typed or None)]) if kind != "choices" else value
        return {"yes": _("Yes"), "no": _("No")}.get(str(text), str(text)) if kind == "yes_no" else str(text)

    def done(self, done: Done | None, how: str) -> str:
        """Return what was done; `how` is undo or redo where it was taken back or done again."""
        if done is None:
            return _("A change that can’t be named")
        sentence = words.sentence(done.as_message())
        if how == "undo":
            return _("Undone: %(what)s", what=sentence)
        return _("Done again: %(what)s", what=sentence) if how else sentence
