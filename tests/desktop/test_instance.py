"""One running copy, and the one request that needs no cookie."""

import json
import stat
import subprocess
import sys
import time

import pytest

from desktop.folders import locate
from desktop.instance import HEADER, PATH, Answer, Instance, ask_forward, forward_door
from desktop.server import Server


@pytest.fixture
def folders(tmp_path):
    folders = locate(tmp_path)
    folders.prepare()
    return folders


@pytest.fixture
def owner(folders):
    instance = Instance(folders)
    assert instance.acquire()
    yield instance
    instance.release()


def serve(instance, come_forward):
    server = Server()
    server.outer = forward_door(server.call_app, instance.secret, come_forward)
    server.start()
    return server


def test_the_second_is_not_the_running_copy(folders, owner):
    assert not Instance(folders).acquire()


def test_the_place_is_free_afterwards(folders, owner):
    owner.announce("127.0.0.1", 1)
    owner.release()
    assert not folders.run_file.exists()
    again = Instance(folders)
    assert again.acquire()
    again.release()


def test_releasing_what_was_never_held_harms_nobody(folders, owner):
    owner.announce("127.0.0.1", 1)
    Instance(folders).release()
    assert folders.run_file.exists()


def test_a_crash_frees_the_place(folders):
    script = (
        "import os, sys, pathlib\n"
        "from desktop.folders import locate\n"
        "from desktop.instance import Instance\n"
        "instance = Instance(locate(pathlib.Path(sys.argv[1])))\n"
        "assert instance.acquire()\n"
        "instance.announce('127.0.0.1', 1)\n"
        "os._exit(1)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folders.data)], check=False)
    assert folders.run_file.exists(), "left by the crash"
    instance = Instance(folders)
    assert instance.acquire()
    assert not folders.run_file.exists()
    instance.release()


def test_how_to_reach_the_owner_is_for_this_person_alone(folders, owner):
    owner.announce("127.0.0.1", 40123)
    assert stat.S_IMODE(folders.run_file.stat().st_mode) == 0o600
    assert json.loads(folders.run_file.read_text())["port"] == 40123
    assert [found.name for found in folders.data.iterdir() if found.suffix == ".new"] == []


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:1/start?key=once"])
def test_a_second_start_is_answered(folders, owner, address):
    asked = []
    server = serve(owner, lambda browser: asked.append(browser) or address)
    owner.announce(server.host, server.port)
    assert ask_forward(folders) == Answer(address)
    assert ask_forward(folders, browser=True) == Answer(address)
    assert asked == [False, True]
    server.stop()


def test_a_copy_that_is_still_starting_is_waited_for(folders, owner):
    server = serve(owner, lambda _browser: None)
    begun = time.monotonic()
    assert ask_forward(folders, wait=0.2) is None
    assert 0.2 <= time.monotonic() - begun < 2
    owner.announce(server.host, server.port)
    assert ask_forward(folders, wait=0.2) == Answer(None)
    server.stop()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"host": 1, "port": "x", "secret": 1}', '{"port": 1, "secret": "s"}']
)
def test_a_run_file_that_makes_no_sense_is_no_answer(folders, text):
    folders.run_file.write_text(text)
    assert ask_forward(folders, wait=0) is None


@pytest.mark.parametrize(
    "method, header",
    [("POST", None), ("POST", ""), ("POST", "guess"), ("POST", "gr\u00fc\u00dfe"), ("GET", "secret")],
)
def test_without_the_secret_nobody_comes_forward(method, header):
    door = forward_door(lambda *_: pytest.fail("let through"), "secret", lambda _browser: pytest.fail("came"))
    environ = {"PATH_INFO": PATH, "REQUEST_METHOD": method}
    if header is not None:
        environ["HTTP_" + HEADER.upper().replace("-", "_")] = header
    statuses = []
    assert list(door(environ, lambda status, headers: statuses.append(status))) == [b""]
    assert statuses == ["403 Forbidden"]


def test_every_other_path_goes_to_the_app():
    door = forward_door(
        lambda environ, start: [environ["PATH_INFO"].encode()], "secret", lambda _browser: None
    )
    assert list(door({"PATH_INFO": "/_forward/x", "REQUEST_METHOD": "POST"}, None)) == [b"/_forward/x"]
