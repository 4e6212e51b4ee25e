"""At the door: a changed file that comes in again, and what is done to who is here already."""

import re

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned

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


def test_a_phone_of_no_country_is_the_same_as_it_was_typed(client: FlaskClient) -> None:
    file, targets = "First Name,Last Name,E-mail,Phone\n{}", ["given", "family", "email", "phone"]
    address = begun(client, file.format("Mara,Ek,m@x.example,070-100 10 20\n"))
    planned(client, address, targets)
    followed(client, client.post(address))
    address = begun(client, file.format("Mara,Ek,home@x.example,070-100 10 20\n"))
    assert "Has the name and a phone of Mara Ek" in page(planned(client, address, targets))


CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nN:Ek;Mara;;;\nFN:Mara Ek\nEMAIL:m@x.example\n"
CARD += "TITLE:{title}\nTEL:{phone}\nEND:VCARD\n"
OLD_CARD, NEW_CARD = CARD.format(title="Cook", phone="+461"), CARD.format(title="Chef", phone="+462")


def cards(client: FlaskClient, content: str) -> str:
    """Choose a file of cards; return the address of its import, which is at its preview."""
    preview = followed(client, choose(client, content, "people.vcf"))
    return preview.request.path.removesuffix("/preview")


def test_cards_ask_what_is_done_to_who_is_here(client: FlaskClient) -> None:
    client.post(cards(client, OLD_CARD))
    address = cards(client, NEW_CARD)
    preview = page(client.get(f"{address}/preview"))
    assert "If someone is already here: Replace with the file. Choose otherwise" in preview
    assert ("Job title Cook → Chef" in preview, "Phone +461 → +462" in preview) == (True, True)
    fields = client.get(f"{address}/columns")
    assert "FN, N Mara Ek" in page(fields)
    assert ("TITLE Chef Job title" in page(fields), "NOTE" in page(fields)) == (True, False)
    way = re.search(r'name="(way-\d+)" aria-label="TITLE', fields.get_data(as_text=True))
    assert way
    form = {"existing": "mine", way[1]: "file"}
    shown = followed(client, client.post(f"{address}/columns", data=form))
    assert "If someone is already here: Leave it as it is, with exceptions. Choose otherwise" in page(shown)
    assert ("Cook → Chef" in page(shown), "+462" in page(shown)) == (True, False)
    kept = client.get(f"{address}/columns").get_data(as_text=True)
    assert re.search(rf'name="{way[1]}"[^>]*>.*?value="file" selected', kept, re.DOTALL)
    assert "Changed 1" in page(followed(client, client.post(address)))
    assert "+461" in client.get("/users/1/edit").get_data(as_text=True)


def test_cards_can_fill_in_what_is_missing(client: FlaskClient) -> None:
    client.post(cards(client, OLD_CARD.replace("TEL:+461\n", "")))
    address = cards(client, NEW_CARD)
    shown = followed(client, client.post(f"{address}/columns", data={"existing": "fill"}))
    assert ("Cook → Chef" in page(shown), "Phone +462 added" in page(shown)) == (False, True)
