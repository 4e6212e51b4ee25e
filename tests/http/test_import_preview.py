"""What the preview of an import says of its rows, and how they come in then."""

from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.imported import begun, page, planned
from tests.http.test_exports import downloaded


def test_the_dates_of_a_column_are_written_alike(client: FlaskClient) -> None:
    given, taken = ("03/04/1987", "01/01/1950", "13/02/1992"), ("1987-04-03", "1950-01-01", "1992-02-13")
    rows = "".join(f"P{at},p{at}@x.example,{day}\n" for at, day in enumerate(given))
    address = begun(client, f"First Name,E-mail,Birthday\n{rows}")
    shown = page(planned(client, address, ["given", "email", "birthday"]))
    assert [day in shown for day in (*taken, *given)] == [True] * 3 + [False] * 3
    followed(client, client.post(address))
    _name, content = downloaded(client, who="all", kind="csv")
    assert [day in content.decode("utf-8-sig") for day in (*taken, *given)] == [True] * 3 + [False] * 3
