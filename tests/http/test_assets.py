"""Static files: one fingerprint for all of them, one request for the styles."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webui import assets


@pytest.fixture
def app() -> Flask:
    app = Flask("webui", static_folder=None)
    assets.install(app)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return app.jinja_env.globals["asset"](name)


def test_fingerprint_changes_with_a_byte_and_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "one.css").write_text("a")
    first = assets.fingerprint(tmp_path)
    (tmp_path / "one.css").write_text("b")
    second = assets.fingerprint(tmp_path)
    (tmp_path / "one.css").rename(tmp_path / "two.css")
    assert len({first, second, assets.fingerprint(tmp_path)}) == 3


def test_files_are_kept_for_good_under_their_fingerprint(app: Flask, client: FlaskClient) -> None:
    for name in ("css/dark.css", "js/main.js", "fonts/InterVariable.woff2", "icon.svg"):
        response = client.get(address(app, name))
        assert response.status_code == 200
        assert response.cache_control.immutable
        response.close()


def test_entry_stylesheet_brings_all_its_layers_at_once(app: Flask, client: FlaskClient) -> None:
    text = client.get(address(app, "css/app.css")).text
    assert "@import" not in text
    assert text.index("@layer tokens, reset") < text.index("@layer tokens {") < text.index("@layer print {")
    assert 'url("../fonts/InterVariable.woff2")' in text


def test_entry_script_brings_each_module_once_and_before_its_use(app: Flask, client: FlaskClient) -> None:
    response = client.get(address(app, "js/main.js"))
    assert response.mimetype == "text/javascript"
    lines = response.text.splitlines()
    assert not [line for line in lines if line.startswith(("import ", "export "))]
    for path in (assets.FOLDER / "js").glob("*.js"):
        module = f'modules["{path.name}"]'
        made = [number for number, line in enumerate(lines) if line.startswith(f"{module} =")]
        used = [number for number, line in enumerate(lines) if line.endswith(f" = {module};")]
        assert path.name == "main.js" or (len(made) == 1 and made[0] < min(used)), path.name


def test_another_fingerprint_and_a_path_outside_are_not_found(app: Flask, client: FlaskClient) -> None:
    right = address(app, "icon.svg")
    assert client.get("/assets/000000000000/icon.svg").status_code == 404
    assert client.get(right.replace("icon.svg", "../config.py")).status_code == 404
    assert client.get(right.replace("icon.svg", "nothing.svg")).status_code == 404


def test_an_icon_says_nothing_to_those_who_hear_the_page(app: Flask) -> None:
    said = app.jinja_env.from_string('{{ icon("x") }} {{ icon("<", "big") }}').render()
    plain, big = said.split("</svg> ")
    assert plain == '<svg class="icon" aria-hidden="true"><use href="#i-x"/>'
    assert big == '<svg class="icon big" aria-hidden="true"><use href="#i-&lt;"/></svg>'
