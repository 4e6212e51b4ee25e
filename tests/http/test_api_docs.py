"""docs/api.md: each example, in its order, does what is said, sent as curl would send it."""

import re
import shlex
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.http.conftest import ORIGIN
from tests.http.test_programs import token

ROOT = Path(__file__).parent.parent.parent


def test_each_example_works(guarded: Flask, window: FlaskClient) -> None:
    held = token(window, may="write")
    lines = re.findall(r"^    curl (.+)$", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.M)
    answered = []
    for line in lines:
        words = shlex.split(line.replace("$TOKEN", held).replace("$ROSTER", ""))
        said = dict(zip(words[:-1:2], words[1:-1:2], strict=True))
        assert set(said) <= {"-H", "-X", "--json", "--data-binary"}, line
        name, _colon, value = said["-H"].partition(": ")
        sent = said.get("--json", "").encode() or None
        if "--data-binary" in said:
            sent = (ROOT / said["--data-binary"].removeprefix("@")).read_bytes()
        told = guarded.test_client(use_cookies=False).open(
            words[-1],
            base_url=ORIGIN,
            method=said.get("-X", "POST" if sent else "GET"),
            headers={name: value},
            data=sent,
            content_type="application/json" if "--json" in said else "application/x-www-form-urlencoded",
        )
        answered.append(told.status_code)
    assert answered == [200, 201, 200, 201, 201, 204, 200]
