"""The log rotates, is private, and never holds what people typed."""

import logging
import sqlite3
import stat
import sys
import threading

import pytest

from desktop import log


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.start(tmp_path)
    yield tmp_path
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def text(folder):
    return (folder / "roster.log").read_text()


def test_our_own_sentences_are_kept_whole(folder):
    logging.getLogger("webui.safety").info("upgraded to %s", "0002")
    assert "INFO webui.safety: upgraded to 0002" in text(folder)


def test_of_others_only_warnings_and_without_values(folder):
    logging.getLogger("somelibrary").info("hello")
    logging.getLogger("somelibrary").warning("cannot parse %s", "Ada Lovelace")
    assert "cannot parse %s" in text(folder)
    assert "Ada" not in text(folder) and "hello" not in text(folder)


def test_an_exception_is_told_by_kind_and_place(folder):
    try:
        try:
            raise ValueError("not a date: Ada Lovelace")
        except ValueError as problem:
            raise KeyError("Ada") from problem
    except KeyError:
        logging.getLogger("webui").exception("failed")
    assert "builtins.KeyError" in text(folder) and "because of\nbuiltins.ValueError" in text(folder)
    assert "tests/desktop/test_log.py:" in text(folder)
    assert "Ada" not in text(folder)


def test_another_handler_does_not_make_it_talk(folder, caplog):
    with caplog.at_level(logging.INFO):
        test_an_exception_is_told_by_kind_and_place(folder)


def failing(path, statement):
    connection = sqlite3.connect(path)
    try:
        connection.execute("CREATE TABLE users (name TEXT UNIQUE)")
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
        connection.execute("INSERT INTO users VALUES ('Ada'), (CAST(x'416461ff' AS TEXT))")
        connection.execute(statement).fetchall()
    except sqlite3.Error as problem:
        logging.getLogger("webui").error("failed", exc_info=problem)
    finally:
        connection.close()


def test_what_the_system_says_is_harmless_and_kept(folder):
    problem = OSError(28, "No space left on device", "/home/ada/x")
    logging.getLogger("webui").error("failed", exc_info=problem)
    assert "No space left on device" in text(folder)
    assert "ada" not in text(folder)


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("INSERT INTO users VALUES ('Ada')", "SQLITE_CONSTRAINT_UNIQUE UNIQUE constraint failed: users.name"),
        ("SELECT name FROM users", "sqlite3.OperationalError"),  # "Could not decode ... with text 'Ada...'"
        ("SELECT * FROM words WHERE words MATCH 'Ada \"'", "SQLITE_ERROR"),
        ("SELECT Ada FROM users", "SQLITE_ERROR"),
    ],
)
def test_of_what_sqlite_says_its_names_are_kept_but_no_text(folder, tmp_path, statement, kept):
    failing(tmp_path / "x.db", statement)
    assert kept in text(folder)
    assert "Ada" not in text(folder)


def test_what_nobody_caught_is_logged(folder, capsys):
    sys.excepthook(ValueError, ValueError("Ada"), None)
    assert "uncaught" in text(folder) and "Ada" not in text(folder)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "KeyboardInterrupt" not in text(folder)


def test_it_rotates_and_every_file_is_private(folder, monkeypatch):
    handler = next(each for each in logging.getLogger().handlers if hasattr(each, "maxBytes"))
    monkeypatch.setattr(handler, "maxBytes", 1000)
    for number in range(100):
        logging.getLogger("webui").info("line %s with some length to it", number)
    names = sorted(found.name for found in folder.iterdir())
    assert names == ["roster.log", "roster.log.1", "roster.log.2"]
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in names} == {0o600}
