"""build/make.py says the right line and does nothing twice; only its pure parts, no apt and no pip is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bundle
import debian
import environment
import make
import pytest
import report

from webui.version import VERSION

ROOT = Path(__file__).resolve().parent.parent

LDD = """\
plugins/platforms/libqxcb.so:
\tlinux-vdso.so.1 (0x00007fff)
\tlibxcb-cursor.so.0 => not found
\tlibasound.so.2 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
lib/libQt6WebEngineCore.so.6:
\tlibnss3.so => not found
\tlibnssutil3.so => not found
"""

POLICY = """\
libasound2:
  Installed: (none)
  Candidate: (none)
  Version table:
libasound2t64:
  Installed: (none)
  Candidate: 1.2.11-1
  Version table:
     1.2.11-1 500
libnss3:
  Installed: 2:3.1
  Candidate: 2:3.2
"""


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person without root's rights on a machine with apt, which knows the names above."""
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian, "_known", lambda groups: debian.known_to_apt(POLICY))


def test_missing_libraries_are_read_from_ldd() -> None:
    assert debian.missing_sonames(LDD) == {
        "libxcb-cursor.so.0",
        "libasound.so.2",
        "libnss3.so",
        "libnssutil3.so",
    }


def test_one_package_brings_several_libraries_and_is_named_once() -> None:
    assert debian.packages_for(["libnssutil3.so", "libnss3.so", "libnobody.so.1"]) == [("libnss3",)]


def test_the_name_that_this_release_knows_is_taken() -> None:
    groups = debian.packages_for(["libasound.so.2", "libnss3.so"])
    assert debian.choose(groups, debian.known_to_apt(POLICY)) == (["libasound2t64", "libnss3"], True)


def test_without_package_lists_the_first_name_is_taken_and_known_to_be_a_guess() -> None:
    assert debian.choose([("libasound2", "libasound2t64")], set()) == (["libasound2"], False)


def test_without_roots_rights_the_line_to_type_is_said(nobody: None) -> None:
    with pytest.raises(report.Trouble) as trouble:
        debian.require([("libasound2", "libasound2t64"), ("libnss3",)], "the window")
    line = "sudo apt-get install -y --no-install-recommends libasound2t64 libnss3"
    assert str(trouble.value).splitlines()[-1].strip() == line


def test_the_line_updates_the_lists_first_where_they_do_not_know_a_name(nobody: None) -> None:
    with pytest.raises(report.Trouble, match="sudo apt-get update && sudo apt-get install .* openbox"):
        debian.require([("openbox",)], "the tests")


def test_without_apt_the_names_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.shutil, "which", lambda name: None)
    with pytest.raises(report.Trouble, match="by Debian's names: libnss3"):
        debian.require([("libnss3",)], "the window")


def test_nothing_missing_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian.shutil, "which", lambda name: pytest.fail("looked for a program"))
    debian.require([], "the window")


def test_one_of_several_commands_is_enough() -> None:
    there = {"chromium-browser", "Xvfb", "xdotool", "objdump", "import", "strace"}
    missing = debian.missing_programs(which=lambda name: name if name in there else None)
    assert missing == {"a window manager": ("openbox",)}


def test_a_python_without_ensurepip_asks_for_its_package(
    nobody: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_is_sound", lambda: False)
    monkeypatch.setattr(environment, "lacks_ensurepip", lambda: True)
    monkeypatch.setattr(environment.shutil, "rmtree", lambda *a, **k: pytest.fail("removed something"))
    with pytest.raises(report.Trouble, match=r"apt-get install -y --no-install-recommends python3-venv$"):
        environment._create()


def locks(folder: Path, text: str) -> Path:
    """Write three lock files with this text into the folder."""
    folder.mkdir(exist_ok=True)
    for name in (environment.BOOTSTRAP, environment.RUNTIME, environment.DEVELOPER):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_stamp_changes_with_the_locks_the_place_and_the_python(tmp_path: Path) -> None:
    here = locks(tmp_path / "a", "one")
    stamps = [
        environment.stamp(here, tmp_path, (3, 11, 2)),
        environment.stamp(here, tmp_path / "moved", (3, 11, 2)),
        environment.stamp(here, tmp_path, (3, 13, 1)),
        environment.stamp(locks(tmp_path / "b", "two"), tmp_path, (3, 11, 2)),
    ]
    assert len(set(stamps)) == 4
    assert environment.stamp(here, tmp_path, (3, 11, 2)) == stamps[0]


@pytest.mark.parametrize(
    ("text", "developer", "ready"),
    [
        ("developer abc\n", True, True),
        ("developer abc\n", False, True),
        ("runtime abc\n", False, True),
        ("runtime abc\n", True, False),
        ("developer old\n", False, False),
        ("", False, False),
        ("\xff", False, False),
    ],
)
def test_the_marker_tells_what_is_there(text: str, developer: bool, ready: bool, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    marker.write_text(text, encoding="latin-1")
    assert environment.is_ready(marker, "abc", developer=developer) is ready


def test_no_marker_is_not_ready(tmp_path: Path) -> None:
    assert not environment.is_ready(tmp_path / "none", "abc", developer=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux may lack a screen")
@pytest.mark.platform
@pytest.mark.parametrize(
    ("variables", "screen"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_a_screen_is_told_from_the_variables(variables: dict[str, str], screen: bool) -> None:
    assert make.has_screen(variables) is screen


def test_a_failing_command_ends_with_its_code_and_one_line(tmp_path: Path) -> None:
    with pytest.raises(report.Trouble, match="^It failed$") as trouble:
        report.run([sys.executable, "-c", "raise SystemExit(5)"], "It failed", cwd=tmp_path)
    assert trouble.value.code == 5


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(report.Trouble, match="It failed .*No such file"):
        report.run([tmp_path / "none"], "It failed", cwd=tmp_path)


def test_an_unknown_verb_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["fly"]) == 2
    assert "setup, run, test, check" in capsys.readouterr().err


def test_every_verb_is_explained() -> None:
    assert make.__doc__ is not None
    assert all(f"\n{verb} " in make.__doc__ for verb in make.VERBS)


def test_the_locks_hold_nothing_of_one_machine() -> None:
    for name in (environment.BOOTSTRAP, environment.RUNTIME, environment.DEVELOPER):
        text = (environment.LOCKS / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "file:" not in text
        assert "--hash=sha256:" in text


def test_a_developers_set_holds_the_same_versions_as_running_does() -> None:
    def pins(name: str) -> set[str]:
        lines = (environment.LOCKS / name).read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if line and line[0].isalpha()}

    assert pins(environment.RUNTIME) <= pins(environment.DEVELOPER)
    assert pins(environment.BOOTSTRAP) <= pins(environment.DEVELOPER)


def test_the_program_and_its_project_agree_on_the_version() -> None:
    assert bundle.program_version() == VERSION


def test_the_newest_glibc_needed_is_told_by_number_not_by_letter() -> None:
    assert bundle.glibc_floor(" 0x1 0x00 05 GLIBC_2.9\n GLIBC_2.34\n GLIBC_2.4 GLIBCXX_3.4.30\n") == "2.34"
    assert bundle.glibc_floor("") == "unknown"


SKIPS = {
    "test_skip.py": "import pytest\ndef test_a(): pytest.skip('no browser here')\n",
    "test_file.py": "import pytest\npytest.importorskip('nobody_has_this')\n",
    "test_platform.py": "import pytest\n@pytest.mark.platform\ndef test_a(): pytest.skip('for Windows')\n",
    "test_known.py": "import pytest\n@pytest.mark.xfail\ndef test_a(): assert False\n",
}


@pytest.mark.parametrize(
    ("name", "ci", "code", "said"),
    [
        ("test_skip.py", "true", 1, "Skipped: no browser here"),
        ("test_skip.py", "", 0, "1 skipped"),
        ("test_file.py", "true", 2, "a CI run allows no skip"),
        ("test_platform.py", "true", 0, "skipped for another platform: 1"),
        ("test_known.py", "true", 0, "1 xfailed"),
    ],
)
def test_a_skip_fails_under_ci_unless_it_is_about_another_platform(
    name: str, ci: str, code: int, said: str, tmp_path: Path
) -> None:
    answer = run_pytest(tmp_path / name, SKIPS[name], "tests.strict_skips", ci)
    assert said in answer.stdout, answer.stdout + answer.stderr
    assert answer.returncode == code


def test_a_failure_is_said_before_the_run_has_ended(tmp_path: Path) -> None:
    """A run that its time ends never comes to its summary."""
    text = "import os\ndef test_a(): assert 7 == 8\ndef test_b(): os._exit(9)\n"
    answer = run_pytest(tmp_path / "test_cut.py", text, "tests.at_once")
    assert answer.returncode == 9
    assert "FAILED test_cut.py::test_a (call)" in answer.stdout
    assert "assert 7 == 8" in answer.stdout


def run_pytest(file: Path, text: str, plugin: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    """Run pytest with one of our plugins over one file of tests."""
    file.write_text(text, encoding="utf-8")
    (file.parent / "pytest.ini").write_text("[pytest]\nmarkers = platform\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", plugin, "-p", "no:cacheprovider", str(file)]
    variables = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    where = file.parent
    return subprocess.run(command, cwd=where, env=variables, capture_output=True, text=True, check=False)
