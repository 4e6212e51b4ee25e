"""At the door: a changed file that comes in again, and what is done to who is here already."""

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, page, planned

HEADER = "Name,E-mail,Mobile,Work phone,Tags\n"
OLD = f"{HEADER}Mara Ek,m@x.example,+46701740641,+4640111,Choir;Bass\n"
NEW = f"{HEADER}Mara Ek,m@x.example,+46701740699,+4640111,Choir\n"
TARGETS = ["full_name", "email", "phone", "phone", "tags"]


def bring_in(client: FlaskClient, content: str) -> str:
    address = begun(client, content)
    planned(client, address, TARGETS)
    return page(followed(client, client.post(address)))


def test_the_preview_shows_old_and_new_and_what_goes(client: FlaskClient) -> None:
    bring_in(client, OLD)
    address = begun(client, NEW)
    shown = planned(client, address, TARGETS)
    html = shown.get_data(as_text=True)
    assert '<del class="was">+46701740641</del>' in html
    assert '<ins class="now">+46701740699</ins>' in html
    assert "Phone (Mobile) +46701740641 → +46701740699" in page(shown)
    assert "Tag Bass removed" in page(shown)
    assert "Changed 1" in page(followed(client, client.post(address)))
    edited = client.get("/users/1/edit").get_data(as_text=True)
    assert ("+46701740699" in edited, "+46701740641" in edited, "Bass" in edited) == (True, False, False)


def test_where_no_earlier_file_is_known_the_preview_says_that_it_adds(client: FlaskClient) -> None:
    bring_in(client, OLD)
    address = begun(client, "Name,E-mail,Phone\nMara Ek,m@x.example,+46703\n")
    shown = page(planned(client, address, ["full_name", "email", "phone"]))
    assert "Phone +46703 added beside what is here" in shown
