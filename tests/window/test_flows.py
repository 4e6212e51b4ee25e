"""A day with the list in the real window, by keys alone: found, written in, ticked, undone, added, posted."""

import json

import pytest

pytestmark = pytest.mark.window

PEOPLE = """Given Name,Family Name,E-mail,Tags,City
Zoë,Arden,zoe@l.example,Choir,Lund
Łukasz,Berg,lukasz@l.example,Choir,Malmö
Mara,Ceder,mara@l.example,,Lund
"""
NAMES = "[...document.querySelectorAll('.people tbody .who a')].map(a => a.textContent)"
FOCUS = "document.activeElement.dataset.cell || document.activeElement.name"


@pytest.fixture
def roster(desktop, tmp_path):
    """Roster with three people, its window in front."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    assert desktop.run("import", str(tmp_path / "people.csv")).returncode == 0
    roster = desktop.start()
    number = desktop.wait_for_window(".*Roster.*")
    desktop.xdotool("windowfocus", "--sync", number)
    yield roster
    assert roster.close() == 0
    assert "Traceback" not in roster.complaints()


@pytest.fixture
def press(desktop, roster):
    """Press keys once the page has its scripts: whoever sees it load waits too."""

    def press(*keys):
        desktop.until(lambda: roster.js("document.readyState") == "complete", "scripts")
        desktop.xdotool("key", "--delay", "60", *keys)

    return press


@pytest.fixture
def shows(desktop, roster):
    """Wait until an expression in the page has a value."""

    def shows(expression, value):
        desktop.until(lambda: roster.js(expression) == value, f"{expression} of {value!r}")

    return shows


def people(desktop, query=""):
    """What the command beside the window says of them."""
    found = desktop.run("users", "--json", "--query", query)
    return [each["name"] for each in json.loads(found.stdout)]


def test_someone_is_found_and_written_about_where_they_stand(desktop, roster, press, shows):
    shows(NAMES, ["Łukasz Berg", "Mara Ceder", "Zoë Arden"])
    press("slash")
    desktop.xdotool("type", "--delay", "40", "zoe")
    shows(NAMES, ["Zoë Arden"])
    press("Down", "Right", "Right")
    shows(FOCUS, "tags")
    press("F2")
    shows(FOCUS, "value")
    desktop.xdotool("type", "--delay", "40", "Choir, Board")
    press("Return")
    desktop.until(lambda: people(desktop, "tag:board") == ["Zoë Arden"], "written cell")
    press("ctrl+z")
    desktop.until(lambda: people(desktop, "tag:board") == [], "undo")


def test_many_are_ticked_tagged_and_brought_back(desktop, roster, press, shows):
    press("Down", "ctrl+a")
    shows("document.querySelectorAll('.people .tick :checked').length", 4)  # the one above all of them too
    press("t")
    shows("document.activeElement.name", "names")
    desktop.xdotool("type", "--delay", "40", "Board")
    press("Return")
    shows("document.querySelectorAll('.samples tbody tr').length", 3)
    press("ctrl+s")
    desktop.until(lambda: len(people(desktop, "tag:board")) == 3, "tags")
    shows("location.pathname", "/")
    press("Delete")
    desktop.until(lambda: len(people(desktop)) == 2, "one in the trash")
    shows(f"{NAMES}.length", 2)
    press("ctrl+z")
    shows(f"{NAMES}.length", 3)
    press("ctrl+z")
    desktop.until(lambda: people(desktop, "tag:board") == [], "undo of the tags")
    press("ctrl+shift+z")
    desktop.until(lambda: len(people(desktop, "tag:board")) == 3, "redo")


def test_someone_is_added_and_a_post_is_written(desktop, roster, press, shows):
    press("n")
    shows("location.pathname", "/add")
    shows("document.activeElement.name", "given")
    desktop.xdotool("type", "--delay", "40", "Noor")
    press("Tab")
    roster.js("(document.querySelector('[name=email]').focus(), 1)")
    desktop.xdotool("type", "--delay", "40", "noor@l.example")
    press("ctrl+s")
    desktop.until(lambda: people(desktop, "noor") == ["Noor"], "new person")
    shows("document.querySelector('h1').textContent", "Noor")
    press("p")
    shows("document.activeElement.id", "title")
    desktop.xdotool("type", "--delay", "40", "Coffee at the station")
    press("ctrl+Return")
    desktop.until(lambda: people(desktop, "coffee") == ["Noor"], "post")
    assert "Coffee at the station" in roster.js("document.querySelector('.stream').textContent")
    press("question")
    shows("document.querySelector('#keys').open", True)
    press("Escape", "Escape")
    shows("location.pathname", "/")


def test_an_email_and_a_vcard_are_copied(desktop, roster, press, shows):
    shows(NAMES, ["Łukasz Berg", "Mara Ceder", "Zoë Arden"])
    press("Down")
    shows("document.querySelector('#pane h2').textContent", "Mara Ceder")
    shows("document.querySelector('#pane').getAttribute('aria-busy')", None)
    press("c")
    shows("document.querySelector('.toast')?.textContent", "Copied: mara@l.example")
    press("Return")
    shows("document.querySelector('h1').textContent", "Mara Ceder")
    press("p", "ctrl+v")
    shows("document.querySelector('#title').value", "mara@l.example")
    roster.js("(document.querySelector('[popovertarget=more]').focus(), 1)")
    press("Return")
    shows("document.activeElement.textContent.trim()", "Copy as vCard")
    press("Return")
    shows("document.querySelector('.toast')?.textContent.startsWith('Copied as a vCard')", True)
    press("p", "ctrl+a", "ctrl+v")  # on one line, as the field is
    shows("document.querySelector('#title').value.includes('FN:Mara Ceder')", True)
