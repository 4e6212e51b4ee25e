"""Where someone stands in the list that was shown last, as their page says it."""

import re

from flask.testing import FlaskClient


def add(client: FlaskClient, given: str, **more: str) -> None:
    form = {"username": given.lower(), "given": given, "email": f"{given.lower()}@post.example", **more}
    assert client.post("/add", data=form).status_code == 303


def standing(client: FlaskClient, user_id: int) -> tuple[str, list[str]]:
    """What is said of the place, and who stands beside."""
    page = client.get(f"/users/{user_id}").text
    crumbs = re.search(r'class="crumbs".*?</nav>(.*?)</div>', page, re.DOTALL)
    assert crumbs
    said = re.search(r'<span class="num">([^<]*)</span></nav>', page)
    return (said[1] if said else "", re.findall(r'href="/users/(\d+)"', crumbs[1]))


def test_it_is_that_of_the_list_as_it_is_now(client: FlaskClient) -> None:
    for given in ("Ann", "Bea", "Cil"):
        add(client, given, tags="Choir")
    client.get("/?q=tag:choir")
    assert standing(client, 2) == ("2 of 3", ["1", "3"])
    assert standing(client, 3) == ("3 of 3", ["2"])
    add(client, "Abe", tags="Choir")
    assert standing(client, 2) == ("3 of 4", ["1", "3"])
    client.post("/users/1/trash")
    assert standing(client, 2) == ("2 of 3", ["4", "3"])
    client.post("/undo")
    assert standing(client, 2) == ("3 of 4", ["1", "3"])
    client.get("/?q=tag:choir&sort=-name")
    assert standing(client, 2) == ("2 of 4", ["3", "1"])
    client.get("/?q=abe")
    assert standing(client, 2) == ("", [])
