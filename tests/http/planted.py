"""A roster in which every text that can be typed is hostile, and what pages make of it. Not a test."""

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.imported import planned
from webui.store.values import person

# Each way out of where a text may stand: between tags, in an attribute of either quotation mark, in a title,
# in a comment, in a template, in a cell of a spreadsheet. Short, as some fields are.
HOSTILE = "=x'\"><xss onxss=1>--></title>{{7*7}}"
SCRIPT = "javascript:xss(1)"


class Foreign(HTMLParser):
    """What of a page came from a hostile text: elements, attributes, addresses that run."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "xss" in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            runs = re.sub(r"[\s\x00-\x20]", "", value or "").lower().startswith(("javascript:", "data:text"))
            if "xss" in name or name.startswith("on") or (name in ("href", "src", "action") and runs):
                self.found.append(f"<{tag} {name}={value!r}>")


def plant(client: FlaskClient) -> None:
    """Put it into each text of a person, a post, a tag, a view, a file, a relation, an own field, a title."""
    own = {"name": f"Own {HOSTILE}", "hint": HOSTILE, "kind": "choice", "options": HOSTILE, "listed": "1"}
    took(client.post("/settings/fields/add", data=own), 303)
    took(client.post("/settings/fields/add", data={"name": "Page", "kind": "text", "hint": ""}), 303)
    given: dict[str, Any] = {name: HOSTILE[: most - 3] for name, most in person.LONGEST.items()}
    given |= {"email": "mara@post.example", "username": HOSTILE, "birthday": ""}
    for name, parts in person.LISTS.items():
        given[name] = [{"label": HOSTILE} | {part: HOSTILE[:most] for part, most in parts.items()}]
    given["emails"] = [{"label": HOSTILE, "email": "m@work.example"}]
    given["dates"] = [{"label": HOSTILE, "date": "1987"}]
    given["links"] += [{"label": HOSTILE, "url": SCRIPT}]
    given["fields"] = {f"Own {HOSTILE}": HOSTILE, "Page": SCRIPT}
    took(client.post("/api/users", json=given | {"tags": [HOSTILE.replace(",", "")]}), 201)
    took(client.post("/api/users", json={"username": "noor", "email": "noor@post.example"}), 201)
    took(
        client.post(
            "/api/posts", json={"user_id": 1, "title": HOSTILE, "body": f"{HOSTILE}\n\n[a]({SCRIPT})"}
        ),
        201,
    )
    took(client.post("/api/users/1/attachments", query_string={"name": f"{HOSTILE}.html"}, data=b"x"), 201)
    related = {"people": [2], "kind": "own", "label": HOSTILE, "back_label": HOSTILE}
    took(client.post("/api/users/1/relations", json=related), 201)
    took(client.post("/views", data={"name": HOSTILE, "q": f'"{HOSTILE[:5]}" -"<xss>"', "sort": ""}), 303)
    took(client.post("/settings/programs", data={"name": HOSTILE, "may": "read"}), 200)
    took(client.post("/settings/roster", data={"title": HOSTILE, "email_required": "1"}), 303)


def waiting_import(client: FlaskClient) -> str:
    """Choose a hostile file and plan it; return the address of its import."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows([["First Name", "E-mail", f"H{HOSTILE}", "Birthday"], [HOSTILE] * 4])
    file = (io.BytesIO(sheet.getvalue().encode()), f"a{HOSTILE}.csv")
    address = took(client.post("/import", data={"file": file}), 303).location.removesuffix("/columns")
    took(planned(client, address, ["given", "email", "kept", "birthday"]), 200)
    return address


def took(response: TestResponse, status: int) -> TestResponse:
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return response
