"""Many people taken elsewhere, at the door: their e-mails."""

from flask.testing import FlaskClient

from tests.http.test_exports import three

__all__ = ["three"]  # a fixture


def test_e_mails_are_shown_once_each_and_how_many_have_none(three: FlaskClient) -> None:
    page = three.post("/bulk/emails", data={"all": "1", "q": ""}).text
    assert ">mara@post.example, noor@post.example</textarea>" in page
    assert "2 addresses, each once" in page
    assert "1 has none." in page
    page = three.post("/bulk/emails", data={"id": "1"}).text
    assert ">mara@post.example</textarea>" in page
    assert "none." not in page


def test_nobody_is_said(three: FlaskClient) -> None:
    answer = three.post("/bulk/emails", data={"id": "99"})
    assert "Nobody was selected." in three.get(answer.location).text
