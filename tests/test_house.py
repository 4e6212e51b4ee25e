"""The house keeps its rules, and each rule can tell when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import imports, pages, tree

ROOT = Path(__file__).resolve().parent.parent
Rule = Callable[[Path], list[str]]

RULES: list[Rule] = [
    imports.upward_imports,
    imports.circles,
    imports.strangers,
    imports.commits,
    pages.foreign_addresses,
    pages.inline_parts,
    pages.bare_words,
    tree.foreign_places,
    tree.long_files,
    tree.long_functions,
    tree.silent_modules,
    tree.build_packages,
]

DOC = '"""Said."""\n'

# rule, file, text that breaks the rule, a part of the complaint
BROKEN: list[tuple[Rule, str, str, str]] = [
    (imports.upward_imports, "webui/store/users.py", "import webui.safety.backup\n", "climbs"),
    (
        imports.upward_imports,
        "webui/store/values/names.py",
        "from webui.store.models import User\n",
        "climbs",
    ),
    (
        imports.upward_imports,
        "webui/store/ledger/history.py",
        "def f():\n    from .. import users\n",
        "climbs",
    ),
    (imports.upward_imports, "webui/exchange/plan.py", "from ..safety import backup\n", "climbs"),
    (imports.upward_imports, "webui/api/users.py", "from webui.app import create_app\n", "climbs"),
    (imports.upward_imports, "webui/pages/users.py", "import desktop.window\n", "climbs"),
    (imports.upward_imports, "webui/jobs.py", "from webui.store import errors\n", "may not import"),
    (imports.upward_imports, "webui/words.py", "from webui.store import users\n", "may not import"),
    (imports.upward_imports, "webui/rumpus.py", "", "no floor"),
    (imports.circles, "webui/store/users.py", "def f():\n    from webui.store import users_too\n", "circle"),
    (imports.circles, "webui/store/models/people.py", "from . import Base\n", "circle"),
    (imports.strangers, "webui/store/users.py", "import flask_sqlalchemy\n", "no web"),
    (imports.strangers, "webui/jobs.py", "def f():\n    from flask import g\n", "no web"),
    (imports.strangers, "webui/app.py", "import webview\n", "only desktop"),
    (imports.strangers, "desktop/window.py", "from build import make\n", "no part"),
    (imports.commits, "webui/store/users.py", "def add(session):\n    session.commit()\n", "commits"),
    (pages.foreign_addresses, "webui/templates/a.html", '<a href="https://example.com/x">', "example.com"),
    (pages.foreign_addresses, "webui/static/a.css", "@import url(//fonts.example.com/a);", "fonts.example"),
    (pages.foreign_addresses, "webui/static/a.js", "fetch('https://example.com')", "example.com"),
    (pages.inline_parts, "webui/templates/a.html", "<script>a()</script>", "<script>"),
    (pages.inline_parts, "webui/templates/a.html", "<style>p {}</style>", "<style>"),
    (pages.inline_parts, "webui/templates/a.html", '<p style="color: red">', "style"),
    (pages.inline_parts, "webui/templates/a.html", '<p onclick="a()">', "onclick"),
    (pages.inline_parts, "webui/templates/a.html", '<a href="javascript:a()">', "href"),
    (pages.bare_words, "webui/templates/a.html", "<p>Two words</p>", "Two words"),
    (pages.bare_words, "webui/templates/a.html", '<img alt="A portrait">', "portrait"),
    (tree.foreign_places, "docs/a.md", "see ../" + "shared/findings", "shared"),
    (tree.foreign_places, "build/requirements.txt", "--index-url https://pypi" + ".org/simple", "pypi"),
    (tree.long_files, "webui/app.py", DOC + "a = 1\n" * 250, "251 lines"),
    (tree.long_files, "webui/static/css/a.css", "\n" * 251, "251 lines"),
    (tree.long_files, "tests/test_a.py", "a = 1\n" * 401, "401 lines"),
    (tree.long_functions, "desktop/window.py", "def f():\n" + "    a = 1\n" * 40, "41 lines"),
    (tree.long_functions, "tests/test_a.py", "def f():\n" + "    a = 1\n" * 80, "81 lines"),
    (tree.silent_modules, "desktop/window.py", "a = 1\n", "no docstring"),
    (tree.build_packages, "build/__init__.py", "", "__init__"),
]

# A small house in which all is well, also what looks like a fault and is none.
SOUND = {
    "main.py": DOC + "from desktop import commands\n",
    "desktop/__init__.py": "",
    "desktop/commands.py": DOC
    + "import webview\nfrom webui.app import create_app\nfrom webui.store import users\n",
    "webui/__init__.py": "",
    "webui/app.py": DOC + "import flask\nfrom webui import guard\n",
    "webui/guard.py": DOC + "import flask\n",
    "webui/store/__init__.py": "",
    "webui/store/errors.py": DOC,
    "webui/store/users.py": DOC + "from . import errors\nfrom .models import Base\n",
    "webui/store/users_too.py": DOC + "from webui.store import users\n",
    "webui/store/models/__init__.py": DOC + "from .people import Base\n",
    "webui/store/models/people.py": DOC
    + "if TYPE_CHECKING:\n    from . import Base\n"
    + "def f():\n"
    + '    """A.\n'
    + "\n" * 50
    + '    """\n',
    "webui/templates/a.html": "{# a note #}<p {% if a %}class='b'{% endif %}>{{ _('Two words') }} &middot; "
    "{% trans %}Two words{% endtrans %} <kbd>Ctrl</kbd></p><svg xmlns='http://www.w3.org/2000/svg'></svg>"
    "<script type='module' src='/static/a.js'></script><img alt='{{ name }}'>"
    "{% macro a() %} aria-invalid='true'{% endmacro %}{% block kind %}trouble{% endblock %}",
    "webui/static/a.js": "// a comment.here\nconst half = 1 //2.5\n",
    "webui/static/vendor/b.js": "// https://example.com\n" * 300,
    "build/make.py": DOC,
}


def build(root: Path, contents: dict[str, str]) -> Path:
    """Write a small checkout: file name -> text."""
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps(rule: Rule) -> None:
    complaints = rule(ROOT)
    assert not complaints, "\n" + "\n".join(complaints)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_house_gives_no_complaint(rule: Rule, tmp_path: Path) -> None:
    assert rule(build(tmp_path, SOUND)) == []


@pytest.mark.parametrize(
    ("rule", "name", "text", "part"), BROKEN, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_broken_rule_is_told(rule: Rule, name: str, text: str, part: str, tmp_path: Path) -> None:
    complaints = rule(build(tmp_path, {**SOUND, name: text}))
    assert any(part in complaint for complaint in complaints), complaints


def test_every_rule_is_shown_broken() -> None:
    assert {rule for rule, *_ in BROKEN} == set(RULES)
