"""What the tests of import at the door share: a file chosen, its columns told, a page as its words."""

import io
import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.following import followed

HEADER = "First Name,Last Name,E-mail,Tags,Birthday\n"
TWO = f"{HEADER}Mara,Ek,m@x.example,Choir,03/04/1987\nNoor,Haddad,n@x.example,,\n"
TARGETS = ["given", "family", "email", "tags", "kept"]


def choose(client: FlaskClient, content: str | bytes = TWO, name: str = "people.csv") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/import", data={"file": (io.BytesIO(data), name)})


def begun(client: FlaskClient, content: str | bytes = TWO) -> str:
    """Choose a file; return the address of its import."""
    response = choose(client, content)
    assert response.status_code == 303, page(response)
    return response.location.removesuffix("/columns")


def planned(client: FlaskClient, address: str, targets: list[str] | None = None) -> TestResponse:
    return followed(client, client.post(f"{address}/columns", data={"target": targets or TARGETS}))


def page(response: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())
