"""/api/openapi.json says what is there; requests made from it get the answers that it names."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.pictures import CLEAR, TURNED
from webui.api import description, schemas
from webui.store.values import person, pictures

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
KEPT = {"note", "given", "tags", "title", "body", "done"}  # of which nearly everything can be kept
ANY = set(person.FIELDS) | set(person.LISTS)
EXAMPLES, LONG = 12, 300  # requests to each of some twenty operations


@pytest.fixture
def told(client: FlaskClient) -> Any:
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.json


def test_each_address_and_method_is_in_it_and_no_other(app: Flask, told: Any) -> None:
    there = {
        (rule.rule.replace("<int:", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") or rule.endpoint.startswith("api_")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in told["paths"].items() for method in methods} == there
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api_")}
    assert set(description.ANSWERS) == endpoints
    assert set(description.TAKES) | set(description.ASKED) | set(description.SORTS) <= endpoints


def test_it_names_no_schema_that_is_not_there_and_has_none_that_nobody_names(told: Any) -> None:
    def named(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for each in part.values():
                yield from named(each)
        elif isinstance(part, list):
            for each in part:
                yield from named(each)

    assert told["openapi"] == "3.1.0"
    assert set(named(told)) == {schemas.ref(name)["$ref"] for name in told["components"]["schemas"]}


def test_each_operation_says_what_it_does_and_may_answer(told: Any) -> None:
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation["summary"].endswith(".")
            assert {"401", "403"} < set(operation["responses"])


@pytest.fixture
def peopled(app: Flask, client: FlaskClient) -> Flask:
    """Two people, the first of them with a post, a file, a photo, a relation and an own field."""
    client.post("/settings/fields/add", data={"name": "Voice", "kind": "text", "hint": ""})
    for name in ("mara", "noor"):
        assert (
            client.post("/api/users", json={"username": name, "email": f"{name}@l.example"}).status_code
            == 201
        )
    made = [
        client.post("/api/posts", json={"user_id": 1, "title": "Met", "people": [2]}),
        client.post("/api/users/1/attachments?name=scan.pdf", data=b"scan"),
        client.put("/api/users/1/photo", data=CLEAR),
        client.post("/api/users/1/relations", json={"people": [2], "kind": "friend"}),
    ]
    assert {answer.status_code for answer in made} == {201}
    return app


@pytest.fixture
def schema(peopled: Flask) -> Any:
    """The description, read by schemathesis; most ids are there, and every other body can be kept."""
    for kind in pictures.SUFFIXES:
        some = st.sampled_from([CLEAR, TURNED]) | st.binary(max_size=99)
        schemathesis.openapi.media_type(kind, some)
    made = schemathesis.openapi.from_wsgi("/api/openapi.json", peopled)

    @made.hook
    def map_path_parameters(_context: Any, path_parameters: dict[str, int] | None) -> dict[str, int]:
        asked = path_parameters or {}
        return {name: number if number % 4 == 0 else number % 4 for name, number in asked.items()}

    turns = itertools.count()

    @made.hook
    def map_body(_context: Any, body: Any) -> Any:
        turn = next(turns)
        if turn % 2 or not isinstance(body, dict):
            return body
        if "people" in body and "kind" in body:
            return {"people": [2], "kind": "own", "label": f"Aunt {turn}"}
        if "user_id" in body:
            return body | {
                "user_id": 1,
                "title": "Met",
                "date": "2026-01-02",
                "follow_up": None,
                "people": [2],
            }
        own = {"username": f"u{turn}", "email": f"u{turn}@l.example"}
        return {name: value for name, value in body.items() if name in KEPT} | (
            own if set(body) & ANY else {}
        )

    return made


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(LONG, marks=pytest.mark.long)])
def test_requests_made_from_it_get_the_answers_it_names(schema: Any, examples: int) -> None:
    answered: dict[str, set[int]] = {}
    operations = [found.ok() for found in schema.get_all_operations()]
    # What takes away comes last, a person after what is theirs.
    for operation in sorted(operations, key=lambda each: (each.method.upper() == "DELETE", -len(each.path))):

        @seed(6)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def asked(case: Any) -> None:
            told = case.call_and_validate(checks=CHECKS)
            answered.setdefault(case.operation.label, set()).add(told.status_code)

        asked()
    assert len(answered) == len(description.ANSWERS) - 1  # all but its own
    went_well = [label for label, statuses in answered.items() if min(statuses) < 300]
    few = examples < LONG  # Hypothesis also draws what it finds in modules: with few one may meet nobody
    assert len(went_well) >= len(answered) - few, answered
