"""Templates are compiled once and kept; nothing that is wrong with what is kept is noticed."""

from pathlib import Path

import pytest
from flask import Flask, render_template
from jinja2 import Environment

from webui import compiled


def shown(templates: Path, folder: Path) -> str:
    app = Flask(__name__, template_folder=str(templates))
    compiled.install(app, folder)
    with app.test_request_context():
        return render_template("hello.html", name="Zoë")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "hello.html").write_text("Hello {{ name }}", encoding="utf-8")
    return folder


def test_what_was_compiled_before_is_not_compiled_again(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = templates / "__pycache__"
    assert shown(templates, folder) == "Hello Zoë"
    assert len(list(folder.iterdir())) == 1

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", refuse)
    assert shown(templates, folder) == "Hello Zoë"


def test_a_template_that_changed_is_compiled_anew(templates: Path) -> None:
    shown(templates, templates / "__pycache__")
    (templates / "hello.html").write_text("Good day, {{ name }}", encoding="utf-8")
    assert shown(templates, templates / "__pycache__") == "Good day, Zoë"


@pytest.mark.parametrize("left", [0, 5, 30, 100, -1])
def test_half_a_file_is_as_good_as_none(templates: Path, left: int) -> None:
    folder = templates / "__pycache__"
    shown(templates, folder)
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:left])
    assert shown(templates, folder) == "Hello Zoë"
    assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_only_time(templates: Path) -> None:
    assert shown(templates, templates / "hello.html" / "__pycache__") == "Hello Zoë"


def test_another_jinja_compiles_anew(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = templates / "__pycache__"
    shown(templates, folder)
    monkeypatch.setattr("jinja2.__version__", "99.0")
    shown(templates, folder)
    assert len(list(folder.iterdir())) == 2
