"""How many statements a page asks of the database: as many for fifty people as for one."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from webui import database
from webui.store import posts, users
from webui.store.ledger.operations import operation

Asked = Callable[[str], list[str]]


@pytest.fixture
def asked(app: Flask, client: FlaskClient) -> Iterator[Asked]:
    """Ask for a page, and return its statements."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    def ask(address: str) -> list[str]:
        found.clear()
        assert client.get(address).status_code == 200
        return list(found)

    with app.app_context():
        event.listen(database.engine(), "before_cursor_execute", note)
    yield ask
    with app.app_context():
        event.remove(database.engine(), "before_cursor_execute", note)


def _add(app: Flask, number: int) -> None:
    """Add a person with something in most lists, and three posts about them and whoever came before."""
    with app.app_context(), operation(session := database.session()):
        form = {
            "username": f"mara{number}", "email": f"mara{number}@post.example", "tags": "Choir, Board",
            "phones": [{"phone": "+49 30 1234"}], "addresses": [{"city": "Lund"}],
        }  # fmt: skip
        user = users.add(session, form)
        for title in ("Met", "Called", "Wrote"):
            about = {"title": title, "people": [user.id - 1] if number else []}
            posts.add(session, user.id, about)


def test_a_page_asks_no_more_for_many_than_for_one(app: Flask, asked: Asked) -> None:
    for number in range(2):  # whom another's posts name, too
        _add(app, number)
    pages = ("/", "/?q=mara&sort=email", "/users/1")
    alone = {page: len(asked(page)) for page in pages}
    for number in range(2, 20):
        _add(app, number)
    assert {page: len(asked(page)) for page in pages} == alone
    assert alone["/"] <= 30
    assert alone["/users/1"] <= 29  # also who stands beside them in what was searched before
