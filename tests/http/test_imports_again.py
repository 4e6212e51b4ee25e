"""At the door: a changed file that comes in again, and what is done to who is here already."""

import base64
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, choose, page, planned
from tests.pictures import TURNED

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


def test_a_photo_of_ldif_goes_by_itself_and_can_be_left_as_it_is(client: FlaskClient) -> None:
    photo = base64.b64encode(TURNED).decode()
    address = begun(client, f"dn: cn=Mara\ncn: Mara Ek\nmail: m@x.example\njpegPhoto:: {photo}\n")
    shown = client.get(f"{address}/columns")
    assert ("jpegphoto — Photo By name" in page(shown), photo[:20] in page(shown)) == (True, False)
    assert re.search(r'name="way-\d+" aria-label="jpegphoto', shown.get_data(as_text=True))


CHOIR = "Name,E-mail,Phone,City,Voice\n{}\n"
CHOIR_TARGETS = ["full_name", "email", "phone", "organisation", "kept"]
WAS = "Elin Ek,e@x.example,+461,Lund,Soprano\nFred Ek,f@x.example,+462,Lund,Alto"
NOW = "Elin Ek,e@x.example,+461,Lund,Alto\nFred Ek,f@x.example,,,Alto"


def again(client: FlaskClient, rows: str, **how: str) -> tuple[str, str]:
    """Bring rows in with columns of which one has no field; return the preview and the end, in words."""
    address = begun(client, CHOIR.format(rows))
    shown = page(followed(client, client.post(f"{address}/columns", data={"target": CHOIR_TARGETS, **how})))
    return shown, page(followed(client, client.post(address)))


def test_a_row_of_which_only_a_column_without_a_field_changed_says_so(client: FlaskClient) -> None:
    again(client, WAS)
    shown, done = again(client, NOW)
    assert "Voice Soprano → Alto kept as it came" in shown
    assert ("Import 1 person" in shown, "Everything is already here" in shown) == (True, True)
    assert ("Changed 1" in done, "No change 1" in done) == (True, True)
    assert "no row adds anyone or changes anything" in again(client, NOW)[0]


def test_a_row_saved_otherwise_is_no_change_whatever_is_warned_of(client: FlaskClient) -> None:
    row = "Elin Ek,e@x.example,+461,banana,Alto"
    header = "Name,E-mail,Mobile,Birthday,Voice\n"
    targets = ["full_name", "email", "phone", "birthday", "kept"]
    for content in (f"{header}{row}\n", f'{header}"{row.replace(",", chr(34) + "," + chr(34))}"\n'):
        address = begun(client, content)
        shown = page(planned(client, address, targets))
        followed(client, client.post(address))
    assert ("Changed 0 No change 1" in shown, "can't be read as a date" in shown) == (True, True)


def test_a_card_whose_photo_cannot_be_read_is_no_change_with_another_date_of_its_own(
    client: FlaskClient,
) -> None:
    card = CARD.replace("TEL:{phone}", "PHOTO;ENCODING=b:{phone}\nREV:{day}").replace("{title}", "Cook")
    shown = []
    for photo, day in (("AAAA", "20200101"), ("AAAA", "20210101"), ("AAAB", "20210101")):
        address = cards(client, card.format(phone=photo, day=day))
        shown.append(page(client.get(f"{address}/preview")))
        followed(client, client.post(address))
    assert "Changed 0 No change 1" in shown[1]
    assert "The photo can't be read" in shown[1]
    assert "More that has no field; it stays with the person" in shown[2]


def test_what_is_here_stays_with_what_has_no_field(client: FlaskClient, digest: Callable[[], str]) -> None:
    again(client, WAS)
    before = digest()
    shown, done = again(client, NOW.replace("+461", "+469"), existing="mine")
    assert "The file has something else; what is here stays" in shown
    assert "no row adds anyone or changes anything" in shown
    assert ("Nothing had to be changed" in done, digest()) == (True, before)


def test_what_has_no_field_is_kept_where_it_was_missing(client: FlaskClient) -> None:
    again(client, WAS.replace(",Alto", ","))
    shown, done = again(client, NOW, existing="fill")
    assert "Voice Alto kept as it came" in shown
    assert "Soprano" not in shown
    assert ("The file has something else; what is here stays" in shown, "Changed 1" in done) == (True, True)


def test_two_rows_of_someone_new_that_differ_in_what_has_no_field_say_so(client: FlaskClient) -> None:
    shown, done = again(client, "Elin Ek,e@x.example,,,Alto\nElin Ek,e@x.example,,,Bass")
    assert "To the person of an earlier row: Voice Alto → Bass kept as it came" in shown
    assert "New people 1" in done


def test_a_file_that_came_before_can_clear_with_its_empty_cells(client: FlaskClient) -> None:
    again(client, WAS)
    again(client, NOW)
    again(client, NOW.replace("Fred Ek,f@x.example,,,Alto", "Fred Ek,f@x.example,,,Bass"))
    shown, done = again(client, NOW.replace(",,,Alto", ",,,Bass"), clears="1")
    assert ("Phone +462 removed" in shown, "Changed 1" in done) == (True, True)


DELETED = "Name,E-mail,Mobile,Tags,Nickname,Note\nMara Ek,m@x.example,+46701740641,Choir;Bass,Mimi,{}\n"
DELETED_TARGETS = ["full_name", "email", "phone", "tags", "nickname", "note"]
BY_HAND = {"phones": [], "tags": ["Bass"], "nickname": ""}


def of_mara(client: FlaskClient) -> list[object]:
    mara = client.get("/api/users/1").json
    return [mara[name] for name in ("phones", "tags", "nickname", "note")]  # type: ignore[index]


def test_what_was_deleted_by_hand_stays_away_while_the_file_says_it_as_before(client: FlaskClient) -> None:
    def look(content: str) -> tuple[str, str]:
        address = begun(client, content)
        return address, page(planned(client, address, DELETED_TARGETS))

    def take(content: str) -> None:
        followed(client, client.post(look(content)[0]))

    take(DELETED.format("old"))
    assert client.patch("/api/users/1", json=BY_HAND).status_code == 200
    assert of_mara(client) == [[], ["Bass"], None, "old"]
    changed = DELETED.format("new")
    address, shown = look(changed)
    assert "Note old → new" in shown
    assert "→ +46701740641" not in shown
    followed(client, client.post(address))
    assert of_mara(client) == [[], ["Bass"], None, "new"]
    take(changed.replace("new", "newer"))  # it was in that file too
    assert of_mara(client) == [[], ["Bass"], None, "newer"]
    other = changed.replace("641", "642").replace("Choir;Bass", "Bass").replace("Mimi", "Mia")
    take(other)
    assert of_mara(client)[1:3] == [["Bass"], "Mia"]
    take(changed)  # it went back to what it said, of which what was deleted stays away
    phones, *rest = of_mara(client)
    assert [each["phone"] for each in phones] == ["+46701740642"]  # type: ignore[attr-defined]
    assert rest == [["Bass"], "Mimi", "new"]


def test_what_was_deleted_by_hand_and_is_all_that_differs_is_said_to_stay(client: FlaskClient) -> None:
    address = begun(client, DELETED.format("old"))
    planned(client, address, DELETED_TARGETS)
    followed(client, client.post(address))
    assert client.patch("/api/users/1", json=BY_HAND).status_code == 200
    again = begun(client, DELETED.format('"old"'))
    shown = page(planned(client, again, DELETED_TARGETS))
    assert "The file has something else; what is here stays" in shown
