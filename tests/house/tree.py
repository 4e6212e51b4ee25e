"""Rules about files as such: their size, what they name, and where none may be.

Not for imports (imports.py) nor for what pages hold (pages.py).
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

MADE = {".git", ".venv", "dist", ".pyi-work", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
MADE |= {".hypothesis", "instance", "node_modules"}

# Folder -> (lines a file, lines a function).
SIZES = {
    "main.py": (250, 40),
    "desktop": (250, 40),
    "webui": (250, 40),
    "build": (250, 40),
    "tests": (400, 80),
}
SOURCES = (".py", ".js", ".css", ".html", ".spec", ".sh")

# Put together here, so that this file does not name what it forbids.
INDEXES = ["pypi" + ".org", "python" + "hosted.org", "deb.debian" + ".org", "security.debian" + ".org"]
INDEXES += ["snapshot.debian" + ".org", "registry.npmjs" + ".org"]
PLACES = ["../" + "shared", "/work" + "/main", "/work" + "/shared", "/opt" + "/wheels", "/root" + "/"]
FORBIDDEN = re.compile("|".join(map(re.escape, PLACES + INDEXES)) + r"|(?<!\w)\." + "library/")


def files(root: Path, top: str = "") -> Iterator[Path]:
    """Every file of the checkout, or of one file or folder in it, without what is made from it."""
    start = root / top
    if start.is_file():
        yield start
    for folder, names, found in os.walk(start):
        names[:] = sorted(name for name in names if name not in MADE)
        yield from (Path(folder, name) for name in sorted(found))


def _text(path: Path) -> str:
    """A file's text; nothing for a picture or another binary file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def foreign_places(root: Path) -> list[str]:
    """Files that name this workplace, a folder of one machine, or a registry's host."""
    complaints = []
    for path in files(root):
        for number, line in enumerate(_text(path).splitlines(), 1):
            match = FORBIDDEN.search(line)
            if match:
                complaints.append(f"{path.relative_to(root)}:{number} names {match.group()}")
    return complaints


def long_files(root: Path) -> list[str]:
    """Source files over their folder's size; vendored ones are taken as they come."""
    complaints = []
    for top, (limit, _) in SIZES.items():
        for path in files(root, top):
            if path.suffix in SOURCES and "vendor" not in path.parts:
                count = len(_text(path).splitlines())
                if count > limit:
                    complaints.append(f"{path.relative_to(root)} has {count} lines, more than {limit}")
    return complaints


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its name to its end, the docstring not counted."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        said = node.body[0]
        lines -= (said.end_lineno or said.lineno) - said.lineno + 1
    return lines


def long_functions(root: Path) -> list[str]:
    """Functions over their folder's size."""
    complaints = []
    for top, (_, limit) in SIZES.items():
        for path in files(root, top):
            if path.suffix != ".py" or path.parent.name == "versions":  # a migration is a list of tables
                continue
            for node in ast.walk(ast.parse(_text(path))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > limit:
                    name = f"{path.relative_to(root)}:{node.lineno} {node.name}"
                    complaints.append(f"{name} has {_length(node)} lines, more than {limit}")
    return complaints


def silent_modules(root: Path) -> list[str]:
    """Modules of the program that do not say what they are for; an empty __init__.py needs no words."""
    complaints = []
    for top in ("main.py", "desktop", "webui", "build"):
        for path in files(root, top):
            if path.suffix == ".py" and _text(path).strip() and not ast.get_docstring(ast.parse(_text(path))):
                complaints.append(f"{path.relative_to(root)} has no docstring")
    return complaints


def build_packages(root: Path) -> list[str]:
    """An __init__.py in build/ would make `import build` find our folder and no one else's package."""
    return [str(path.relative_to(root)) for path in files(root, "build") if path.name == "__init__.py"]
