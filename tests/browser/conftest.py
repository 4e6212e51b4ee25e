"""A browser on a real server with the guard as people have it, and a watch over everything a page does.

A test fails on an error in the console (a broken policy is one), on an error thrown in a script, and on any
request that leaves for another host, whatever else it was about; what would leave the machine is refused.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from desktop.server import Server
from tests import pictures
from tests.offline import Attempts, Trap
from webui import database
from webui.app import create_app
from webui.config import Config
from webui.guard import Guard
from webui.safety import opening
from webui.store import attachments, fields, photos, posts, relations, saved_views, users
from webui.store.ledger.operations import operation
from webui.store.values import own
from webui.store.values import pictures as values

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TIMEOUT = 10_000  # milliseconds; a page takes 50, a machine that tests everything at once takes longer
STATUS = re.compile(r"the server responded with a status of (\d+)")


class Roster:
    """A running Roster over a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._server = Server()
        self.guard = Guard(self._server.host_port)
        self.origin = self.guard.origin
        self.app = self._app()
        self._server.swap(self.app)
        self._server.start()

    def _app(self) -> Flask:
        class Own(Config):
            ROSTER_DATA = self.data
            GUARD = self.guard
            PREFERENCES = self.data / "preferences.json"
            BACKUPS = self.data / "backups"

        return create_app(Own)

    def add(self, **form: Any) -> int:
        """Add a person and return the id; what must be there is made from the first name."""
        given = form.setdefault("given", "Mara")
        with self.app.app_context():
            session = database.session()
            form.setdefault("username", users.suggest_username(session, form))
            form.setdefault("email", f"{given.lower()}@roster.example")
            with operation(session):
                return users.add(session, form).id

    def crowd(self, count: int) -> None:
        """Add `count` people in one operation: Person 001, Person 002, ..."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                for number in range(1, count + 1):
                    name = f"{number:03}"
                    users.add(
                        session,
                        {
                            "given": "Person",
                            "family": name,
                            "username": f"p{name}",
                            "email": f"p{name}@roster.example",
                        },
                    )

    def fields(self) -> dict[str, str]:
        """Make a field of every kind, one with a name too long, one in the trash; return a value for each."""
        values = {
            "choice": "Alto",
            "choices": "Alto, Bass",
            "number": "12.5",
            "date": "4 March",
            "yes_no": "yes",
        }
        values |= {"link": "l.example", "email": "m@l.example", "phone": "+46 8 465 004 17"}
        found = {}
        with self.app.app_context():
            session = database.session()
            for number, kind in enumerate(own.KINDS):
                name, alike = (kind if number else "W" * 80), int(kind == "text")
                form = {"name": name, "kind": kind, "options": "Alto\nBass", "no_two_alike": alike}
                with operation(session):
                    fields.add(session, form | {"hint": "H" * 200})
                found[name] = values.get(kind, "W" * 300)
            with operation(session):
                fields.remove(session, fields.add(session, {"name": "V" * 80}).id)
        return found

    def field(self, name: str, kind: str, **form: Any) -> None:
        """Make an own field that the list shows."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                fields.add(session, {"name": name, "kind": kind, "listed": True, **form})

    def post(self, user_id: int, title: str, date: str = "2026-11-02", body: str = "") -> int:
        """Write a post about someone and return its id."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                return posts.add(session, user_id, {"title": title, "date": date, "body": body}).id

    def belong(self, user_id: int, other_id: int, file: str = "scan.pdf", label: str = "Aunt") -> None:
        """Give someone a photo and a file, and say what another is to them."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                photos.put(session, user_id, values.read(pictures.TURNED))
                attachments.add(session, user_id, [attachments.Offered(file, b"scan")])
                form = {"people": [other_id], "kind": "own", "label": label}
                relations.add(session, user_id, form)

    def trash(self, user_id: int) -> None:
        """Move someone to the trash."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                users.trash(session, [user_id])

    def trash_more(self, post_id: int, view: str) -> None:
        """Move a post to the trash, and a view of that name."""
        with self.app.app_context():
            session = database.session()
            with operation(session):
                posts.trash(session, post_id)
            with operation(session):
                view_id = saved_views.add(session, view, "tag:choir").id
            with operation(session):
                saved_views.trash(session, view_id)

    def stop(self) -> None:
        self._server.stop()
        with self.app.app_context():
            database.engine().dispose()


# What htmx logs of a search whose next letter came before its answer: the newest wins, as it should.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")


class Watch:
    """What went wrong in the pages of a test; `allow` names the statuses that it wants to see."""

    def __init__(self, origin: str) -> None:
        self.faults: list[str] = []
        self._origin = origin
        self._allowed: set[int] = set()

    def allow(self, *statuses: int) -> None:
        self._allowed.update(statuses)

    def over(self, page: Page) -> Page:
        page.set_default_timeout(TIMEOUT)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"thrown: {error}"))
        page.on("request", self._request)
        for name in ("press", "type"):
            setattr(page.keyboard, name, self._once_loaded(page, getattr(page.keyboard, name)))
        return page

    @staticmethod
    def _once_loaded(page: Page, use: Callable[..., None]) -> Callable[..., None]:
        """No key works before a page's script is there, which is after the first of its text can be seen."""

        def used(*keys: str, **options: float) -> None:
            page.wait_for_load_state("load")
            use(*keys, **options)

        return used

    def _console(self, message: ConsoleMessage) -> None:
        answered = STATUS.search(message.text)
        if message.text.startswith(OVERTAKEN):
            return
        if message.type == "error" and not (answered and int(answered[1]) in self._allowed):
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._origin}/", "data:")):
            self.faults.append(f"asked another host: {request.url}")


expect.set_options(timeout=TIMEOUT)


@pytest.fixture(scope="session")
def chromium(attempts: Attempts) -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is missing: python3 build/make.py test brings it")
    trap = Trap(attempts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS + trap.flags)
        yield browser
        browser.close()
    trap.close()
    attempts.settle()  # what it did by itself after the last test


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("new") / "roster.db"
    opening.create(path)
    return path


@pytest.fixture
def roster(new_file: Path, tmp_path: Path) -> Iterator[Roster]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(new_file, data / "roster.db")
    made = Roster(data)
    yield made
    made.stop()


@pytest.fixture
def watch(roster: Roster) -> Iterator[Watch]:
    made = Watch(roster.origin)
    yield made
    assert not made.faults


@pytest.fixture
def look(chromium: Browser, roster: Roster, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a profile of its own at the first page: `look(width, dark=, script=)`."""
    contexts = []

    def opened(width: int = 1280, height: int = 820, *, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            base_url=roster.origin,
            locale="en-GB",
        )
        contexts.append(context)
        page = watch.over(context.new_page())
        page.goto(roster.guard.address())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(look: Callable[..., Page]) -> Page:
    """The first page, light, at 1280 by 820. What must be there first, a test adds and reloads."""
    return look()
