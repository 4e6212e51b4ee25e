"""The group of commands: options, exit codes, what runs when nothing is named."""

import gc
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from desktop import commands, startup
from desktop.folders import locate
from webui.version import VERSION

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def ran(monkeypatch):
    """What `run` was called with; it answers 3."""
    calls = []
    monkeypatch.setattr(startup, "run", lambda folders, browser: calls.append((folders, browser)) or 3)
    yield calls
    gc.enable()


def call(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["roster", *arguments])
    return commands.main()


def test_run_is_what_a_double_click_means(monkeypatch, ran, tmp_path):
    assert call(monkeypatch, "--data", str(tmp_path)) == 3
    assert call(monkeypatch, "--data", str(tmp_path), "run", "--browser") == 3
    assert ran == [(locate(tmp_path), False), (locate(tmp_path), True)]


def test_a_start_looks_for_no_garbage_while_it_loads(monkeypatch, ran, tmp_path):
    monkeypatch.setattr(startup, "run", lambda _folders, _browser: ran.append(gc.isenabled()) or 0)
    call(monkeypatch, "--data", str(tmp_path))
    assert ran == [False]


def test_the_environment_names_the_folder(monkeypatch, ran, tmp_path):
    monkeypatch.setenv("ROSTER_DATA", str(tmp_path))
    call(monkeypatch)
    assert ran == [(locate(tmp_path), False)]


def test_a_usage_that_makes_no_sense_is_two(monkeypatch, ran, capsys):
    assert call(monkeypatch, "fly") == 2
    assert call(monkeypatch, "run", "--upwards") == 2
    assert "Traceback" not in capsys.readouterr().err
    assert ran == []


def test_the_version_is_the_projects(monkeypatch, capsys):
    assert call(monkeypatch, "--version") == 0
    assert VERSION in capsys.readouterr().out
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_help_starts_nothing_heavy():
    script = (
        "import sys\nfrom desktop import commands\n"
        "sys.argv = ['roster', '--help']\nassert commands.main() == 0\n"
        "heavy = {'flask', 'sqlalchemy', 'alembic', 'webview', 'cheroot', 'PyQt6'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)


def test_a_windowed_program_has_no_outputs_and_gets_some():
    script = (
        "import runpy, sys\nsys.stdout = sys.stderr = None\nsys.argv = ['roster', '--help']\n"
        "try:\n    runpy.run_path('main.py', run_name='__main__')\n"
        "except SystemExit as end:\n    code = end.code\n"
        "assert sys.stdout is not None and code == 0"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True)


def start_bare(before=""):
    """Start main.py with an interpreter that sees no package, after running `before` in it."""
    main = "sys.argv = ['main.py', 'users']; runpy.run_path('main.py', run_name='__main__')"
    script = f"import runpy, sys\n{before}\n{main}"
    return subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_python_without_the_packages_is_told_what_to_run():
    done = start_bare()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "which this Python does not have. In a checkout, run: python3 build/make.py run" in done.stderr


def test_a_python_that_is_too_old_is_told_so():
    done = start_bare("sys.version_info, sys.version = (3, 10, 4), '3.10.4 (main)'")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("Roster needs Python 3.11 or newer, and this is 3.10.4.")
