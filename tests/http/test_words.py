"""Sentences, whatever their values are."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from webui import filters, plurals, words
from webui.store.errors import Message

MOMENT = "2026-11-25T08:10:11.123Z"


def test_a_region_is_named_and_none_is_said(app: Flask) -> None:
    with app.test_request_context():
        for region, said in (
            ("SE", "Read phones as from Sweden"),
            ("", "Read phones as from nowhere in particular"),
        ):
            assert words.sentence(Message("done.settings.phone_region", {"region": region})) == said


def test_what_an_older_roster_noted_of_a_post_that_went_is_said(app: Flask) -> None:
    with app.test_request_context():
        noted = Message("done.posts.remove", {"title": "Call"})
        assert words.sentence(noted) == "Delete the post Call for good"


def test_no_sentence_has_a_moment_as_it_is_stored(app: Flask) -> None:
    names = ("name", "title", "at")
    with app.test_request_context():
        told = [id_ for id_, said in words.SENTENCES.items() if "%(at)" in str(said)]
        assert "done.users.bring_back" in told
        for id_ in (*told, "done.restore"):
            said = words.sentence(Message(id_, {"name": "Mara", "title": "Choir", "at": MOMENT}))
            assert filters.moment(MOMENT) in said, id_
            assert MOMENT not in said, id_
            assert "some day" in words.sentence(Message(id_, dict.fromkeys(names, "some day")))


def test_one_is_never_more_than_one(app: Flask) -> None:
    with app.test_request_context():
        assert [filters.filesize(count) for count in (0, 1, 2)] == ["0 bytes", "1 byte", "2 bytes"]
        assert filters.counted({"users": 1, "tags": 1}) == "1 person, 1 tag"
        assert filters.counted({"users": 100_000, "posts": 2}) == "100,000 people, 2 posts"


def test_a_count_in_a_sentence_is_written_as_people_write_numbers(app: Flask) -> None:
    with app.test_request_context():
        assert plurals.ngettext("%(num)s person", "%(num)s people", 12408) == "12,408 people"
        template = app.jinja_env.from_string('{{ ngettext("%(num)s row", "%(num)s rows", 100000) }}')
        assert template.render() == "100,000 rows"


def test_each_request_is_in_its_own_language(app: Flask, tmp_path: Path) -> None:
    catalogue, folder = Catalog("de"), tmp_path / "de" / "LC_MESSAGES"
    catalogue.add("%(name)s saved.", "%(name)s gespeichert.")
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.config["LANGUAGES"] = ("en", "de")
    app.extensions["babel"].translation_directories = [str(tmp_path)]
    template = app.jinja_env.from_string('{{ _("%(name)s saved.", name=name) }} {{ when | day }}')
    for language, said in (
        ("de", "&lt;Mara&gt; gespeichert. 18. November 2026"),
        ("en", "&lt;Mara&gt; saved. 18 November 2026"),
    ):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert template.render(name="<Mara>", when="2026-11-18") == said
            assert template.render(name="<Mara>", when="2026-11-18") == said  # as it is kept for the request
