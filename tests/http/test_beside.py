"""A browser beside the open window: its files are downloads, and nothing is asked in the other window."""

from flask import Flask
from flask.testing import FlaskClient

from tests.http.conftest import ORIGIN
from webui.host import NoHost


class Window(NoHost):
    """A window that notes what it was asked."""

    native = True

    def __init__(self) -> None:
        self.asked: list[str] = []

    def choose_save(self, _title: str, name: str) -> None:
        self.asked.append(name)

    def retitle(self, title: str) -> None:
        self.asked.append(title)


def post(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data=form, base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_browser_beside_the_window_is_asked_nothing_there(guarded: Flask, window: FlaskClient) -> None:
    guarded.extensions["roster.host"] = shown = Window()
    browser = guarded.test_client()
    address = guarded.config["GUARD"].address(beside=True).removeprefix(ORIGIN)
    assert browser.get(address, base_url=ORIGIN).status_code == 303
    post(window, "/add", given="Mara", username="mara", email="mara@post.example")
    export = {"who": "ticked", "id": "1", "kind": "csv"}
    post(browser, "/export/file", **export)
    assert shown.asked == []
    post(window, "/export/file", **export)
    post(browser, "/settings/roster", title="Choir", email_required="1")
    assert shown.asked == ["roster-people.csv", "Choir"]
    pages = [each.get("/settings", base_url=ORIGIN).text for each in (window, browser)]
    assert ["Show folder" in page for page in pages] == [True, False]
