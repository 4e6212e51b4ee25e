"""What people write in the cells of a sheet that is to come back."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.http.following import followed
from tests.http.test_sent import add, sent_back


@pytest.mark.parametrize(
    ("cell", "emails", "phones"),
    [
        ("a@x.example; b@x.example,c@x.example;", ["a", "b", "c"], []),
        ("Work <a@x.example>; b@x.example\nHome <c@x.example>", ["Work a", "b", "Home c"], []),
        ("0151 2345; ext 12; +46 70 1", [], ["0151 2345; ext 12", "+46 70 1"]),
        ("Work <0151 2345; 678>, Home <1>", [], ["Work 0151 2345; 678", "Home 1"]),
        ("070 123 45 67; 2 rings", [], ["070 123 45 67; 2 rings"]),
        ("Mobil 070-123 45 67, 046-12 34 56", [], ["Mobile 070-123 45 67", "046-12 34 56"]),
        ("070 123 45 67; (ask for Bo)", [], ["070 123 45 67; (ask for Bo)"]),
    ],
)
def test_several_in_a_cell_are_several_however_they_are_put(
    client: FlaskClient, cell: str, emails: list[str], phones: list[str]
) -> None:
    add(client, "mara")

    def two(header: list[str], row: list[str]) -> list[list[str]]:
        row[header.index("emails" if emails else "phones")] = cell
        new = ["" for _name in header]
        new[header.index("given")], new[header.index("email")] = "Lea", "lea@x.example"
        new[header.index("emails" if emails else "phones")] = cell.replace("@", "@lea.")
        return [row, new]

    followed(client, client.post(sent_back(client, two)))
    for user_id in (1, 2):
        kept: Any = client.get(f"/api/users/{user_id}").json
        found = [f"{each['label']} {each['email'].partition('@')[0]}".strip() for each in kept["emails"]]
        assert found == emails
        assert [f"{each['label']} {each['phone']}".strip() for each in kept["phones"]] == phones
