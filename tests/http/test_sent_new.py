"""Who is new in a sheet that is back: what is shown of them, how many they are, and their dates."""

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import page
from tests.http.test_sent import add, of_rows


@pytest.fixture
def two(client: FlaskClient) -> FlaskClient:
    field = {"name": "Joined", "kind": "date"}
    assert client.post("/settings/fields/add", data=field).status_code == 303
    for name in ("mara", "noor"):
        add(client, name, birthday="1987-02-11")
    return client


def lea(rows: list[dict[str, str]], **cells: str) -> None:
    """Add a row of someone new."""
    rows.append(
        dict.fromkeys(rows[0], "") | {"username": "lea", "given": "Lea", "email": "lea@x.example"} | cells
    )


def test_what_new_people_bring_is_shown(two: FlaskClient) -> None:
    more = {
        "organisation": "Mill",
        "phones": "Mobile <0151 2345>",
        "tags": "Choir",
        "note": "sings",
        "Joined": "2020-03-04",
    }
    address = of_rows(two, lambda rows: lea(rows, username="mara", **more))
    said = page(two.get(address))
    assert "New mara.2 · lea@x.example · Choir · Mill · 0151 2345 · sings Joined 4 March 2020" in said
    assert "“mara” is taken, so the username is “mara.2”" in said


DATES = {"birthday": "06/07/1991", "dates": "Met <08/09/2012>", "Joined": "04/05/2020"}


@pytest.mark.parametrize(("order", "days"), [("day", (7, 6, 9, 8, 5, 4)), ("month", (6, 7, 8, 9, 4, 5))])
def test_dates_of_new_people_are_those_of_the_answer(
    two: FlaskClient, order: str, days: tuple[int, ...]
) -> None:
    address = of_rows(two, lambda rows: lea(rows, **DATES))
    assert "06/07/1991 can be either" in page(two.get(address))
    said = page(followed(two, two.post(f"{address}/dates", data={"dates": order})))
    assert "can't be read as a date" not in said
    followed(two, two.post(address))
    kept = two.get("/api/users/3").json
    assert kept
    found = [kept["birthday"], kept["dates"][0]["date"], kept["fields"]["Joined"]]
    assert [int(part) for day in found for part in day.split("-")[1:]] == list(days)


@pytest.mark.parametrize("day", [11, 25])
def test_dates_that_nobody_edited_say_which_all_others_are(client: FlaskClient, day: int) -> None:
    for name in ("mara", "noor"):
        add(client, name, birthday=f"1987-02-{day}")

    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["birthday"] = f"{day}/02/1987"  # as a spreadsheet of the day-first kind saves it
        rows[0]["birthday"] = "03/04/1988"
        lea(rows, birthday="06/07/1991")

    address = of_rows(client, change)
    assert "can be either" not in page(client.get(address))
    followed(client, client.post(address))
    born = [client.get(f"/api/users/{user_id}").json["birthday"] for user_id in (1, 2, 3)]  # type: ignore[index]
    assert born == ["1988-04-03", f"1987-02-{day}", "1991-07-06"]


def test_the_answer_goes_before_what_the_other_dates_of_the_sheet_say(two: FlaskClient) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["birthday"] = "11/02/1987"  # the day first, which nobody edited
        rows[0]["Joined"] = "06/07/2021"
        lea(rows, Joined="04/05/2020")

    address = of_rows(two, change)
    assert "06/07/2021 can be either" in page(two.get(address))
    followed(two, two.post(f"{address}/dates", data={"dates": "month"}))
    followed(two, two.post(address))
    joined = [two.get(f"/api/users/{user_id}").json["fields"]["Joined"] for user_id in (1, 3)]  # type: ignore[index]
    assert joined == ["2021-06-07", "2020-04-05"]
