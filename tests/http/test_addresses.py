"""Addresses are what werkzeug writes of the same rules."""

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from webui import addresses

RULES = ["/", "/users/<int:user_id>", "/a/<name>/b", "/files/<path:path>", "/é/<float:far>-<name>"]
VALUES = {"user_id": 7, "name": "ä b/c?d&e", "path": "x/ y/ü", "far": 1.5}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("more", [{}, {"q": "a b", "list": ["1", "ü"], "none": None}])
def test_an_address_is_written_as_by_werkzeug(rule: str, more: dict[str, object]) -> None:
    values = {name: value for name, value in VALUES.items() if f"{name}>" in rule} | more
    made = [
        Map([kind(rule, endpoint="x")]).bind("x.example").build("x", values)
        for kind in (Rule, addresses.Route)
    ]
    assert made[0] == made[1]


def test_every_app_of_ours_writes_them_so(app: Flask) -> None:
    assert {type(rule) for rule in app.url_map.iter_rules()} == {addresses.Route}


def test_a_template_writes_an_address_as_the_app_does(app: Flask) -> None:
    asked = [("users.show", {"user_id": 7}), ("users.index", {"q": "ü&b", "sort": None})]
    asked += [("users.index", {"q": value}) for value in (["1", "2"], 1, 1.0, "1", True)]
    with app.test_request_context():
        written = app.jinja_env.globals["url_for"]
        for endpoint, values in asked * 2:
            assert written(endpoint, **values) == app.url_for(endpoint, **values)
