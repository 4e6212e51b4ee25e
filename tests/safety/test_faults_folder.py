"""The folder of the data taken away, replaced, or on a disk that stops answering, while Roster is open."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webui.safety import opening

BODY = {"username": "noor", "email": "noor@post.example"}


@pytest.fixture
def mara(client: FlaskClient) -> None:
    body = {"username": "mara", "email": "mara@post.example"}
    assert client.post("/api/users", json=body).status_code == 201


@pytest.fixture
def taken(database: Path, mara: None) -> Iterator[Callable[[], None]]:
    """Take the folder away, as by a stick that is pulled; return what puts it back."""
    elsewhere = database.parent.with_name("elsewhere")
    database.parent.rename(elsewhere)

    def put_back() -> None:
        if elsewhere.exists():
            shutil.rmtree(database.parent, ignore_errors=True)
            elsewhere.rename(database.parent)

    yield put_back
    put_back()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no open file can be taken away there")


def names(client: FlaskClient) -> set[str]:
    return {each["username"] for each in client.get("/api/users").json}


def test_what_is_written_while_the_folder_is_gone_is_refused_in_a_sentence(
    client: FlaskClient, taken: Callable[[], None], database: Path
) -> None:
    for answer in (
        client.post("/api/users", json=BODY),
        client.post("/add", data=BODY),
        client.post("/undo"),
        client.post("/safety/back-up", headers={"Accept": "text/html"}, follow_redirects=True),
    ):
        assert "500" not in answer.status
        assert "Traceback" not in answer.text
    refused = client.post("/api/users", json=BODY)
    assert refused.status_code == 503
    assert refused.json["detail"] == (
        f"{database} is not where it was: it was moved, replaced or taken away. Nothing was changed. "
        "Put it back, or close Roster and start it again."
    )
    page = client.post("/add", data=BODY, headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert "is not where it was" in page.text
    assert "noor@post.example" in page.text  # what was typed is not lost
    assert not database.exists()  # nothing is made where nothing is


def test_what_was_there_is_there_again_with_the_folder(
    client: FlaskClient, taken: Callable[[], None], database: Path
) -> None:
    assert client.post("/api/users", json=BODY).status_code == 503
    taken()
    assert names(client) == {"mara"}
    assert client.post("/api/users", json=BODY).status_code == 201
    assert names(client) == {"mara", "noor"}
    assert isinstance(opening.inspect(database), opening.Ready)


def test_a_file_that_another_program_put_there_is_not_mixed_with_ours(
    client: FlaskClient, mara: None, database: Path, empty_database: Path
) -> None:
    copy = database.with_name("theirs.db")
    shutil.copy(empty_database, copy)
    copy.replace(database)
    assert client.post("/api/users", json=BODY).status_code == 503
    assert database.read_bytes() == empty_database.read_bytes()
