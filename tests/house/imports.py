"""Who may import whom, read from the syntax trees: the floors, what keeps out of which floor, and no circles.

Imports inside functions count as well; those for types alone (TYPE_CHECKING) may close a circle, never climb.
Not for what a module does with what it imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OURS = ("main", "desktop", "webui")

# From the roof down: a module may import its own floor and those below it. The longest matching name decides.
FLOORS = {
    "main": 0,
    "desktop": 1,
    "webui.app": 2,
    "webui.doorstep": 2,
    "webui.damage": 2,
    "webui.alarm": 5,
    "webui.pages": 3,
    "webui.api": 3,
    "webui.frame": 3,
    "webui.problems": 4,
    "webui.typed": 5,
    "webui.words": 5,
    "webui.done_in_words": 5,
    "webui.database": 5,
    "webui.moments": 5,
    "webui.assets": 5,
    "webui.facts": 5,
    "webui.held": 5,
    "webui.chips": 5,
    "webui.store.migrations.env": 5,  # run by Alembic, imported by none
    "webui.safety": 6,
    "webui.exchange": 7,
    "webui.store": 8,
    "webui.store.ledger": 9,
    "webui.store.models": 10,
    "webui.store.values": 11,
    "webui.store.errors": 12,
    "webui.jobs": 13,
    "webui.guard": 13,
    "webui.addresses": 13,
    "webui.compiled": 13,
    "webui.filters": 13,
    "webui.plurals": 13,
    "webui.host": 13,
    "webui.labels": 13,
    "webui.language": 13,
    "webui.markdown": 13,
    "webui.memory": 13,
    "webui.sentences": 13,
    "webui.done": 13,
    "webui.faults": 13,
    "webui.imported": 13,
    "webui.forgotten": 13,
    "webui.copies": 13,
    "webui.damages": 13,
    "webui.restoring": 13,
    "webui.config": 13,
    "webui.preferences": 13,
    "webui.private_json": 13,
    "webui.tokens": 13,
    "webui.version": 13,
}

# These may import only what stands here, of all that is ours.
ONLY = {
    "webui": (),
    "webui.jobs": (),
    "webui.guard": (),
    "webui.addresses": (),
    "webui.compiled": (),
    "webui.filters": ("webui.language", "webui.plurals"),
    "webui.plurals": ("webui.language",),
    "webui.assets": (),
    "webui.host": (),
    "webui.labels": (),
    "webui.language": (),
    "webui.markdown": (),
    "webui.memory": (),
    "webui.sentences": (
        "webui.copies",
        "webui.damages",
        "webui.done",
        "webui.faults",
        "webui.imported",
        "webui.forgotten",
        "webui.restoring",
    ),
    "webui.faults": (),
    "webui.imported": (),
    "webui.forgotten": (),
    "webui.copies": (),
    "webui.damages": (),
    "webui.restoring": (),
    "webui.done": (),
    "webui.config": (),
    "webui.preferences": ("webui.private_json",),
    "webui.private_json": (),
    "webui.tokens": ("webui.private_json",),
    "webui.version": (),
    "webui.words": (
        "webui.store.errors",
        "webui.done_in_words",
        "webui.filters",
        "webui.forgotten",
        "webui.plurals",
        "webui.sentences",
    ),
    "webui.done_in_words": ("webui.done", "webui.filters", "webui.plurals", "webui.sentences"),
    "webui.problems": ("webui.store.errors", "webui.typed", "webui.words"),
    "webui.typed": ("webui.labels", "webui.store.values.person"),
    "webui.store.errors": (),
}

NO_WEB = ("webui.store", "webui.safety", "webui.exchange", "webui.jobs")


def is_within(module: str, package: str) -> bool:
    """Whether a dotted name is the package or lies in it."""
    return module == package or module.startswith(package + ".")


def modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file, for every module of ours under the checkout `root`."""
    files = [path for name in OURS[1:] for path in sorted((root / name).rglob("*.py"))]
    if (root / "main.py").exists():
        files.append(root / "main.py")
    return {_name(path.relative_to(root)): path for path in files}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, module: str) -> tuple[tuple[int, str, str], ...]:
    """(line, module named, name taken from it or "") for every import in the file."""
    return tuple((line, base, name) for line, base, name, _ in _all_imports(path, module))


@cache
def _all_imports(path: Path, module: str) -> tuple[tuple[int, str, str, bool], ...]:
    """As `_imports`, and whether the import is for types alone."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: list[tuple[int, str, str, bool]] = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = {id(node) for guard in ast.walk(tree) if _is_for_types(guard) for node in ast.walk(guard)}
    for node in ast.walk(tree):
        for_types = id(node) in typing
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, "", for_types) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base] if base else parents)
            found += [(node.lineno, base, alias.name, for_types) for alias in node.names]
    return tuple(found)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def edges(root: Path, *, types: bool = True) -> Iterator[tuple[str, int, str]]:
    """(importer, line, imported) among the modules of ours; `from package import module` names the module.

    Without `types`, imports that only a type checker sees are left out.
    """
    known = modules(root)
    for module, path in known.items():
        for line, base, name, for_types in _all_imports(path, module):
            if for_types and not types:
                continue
            target = f"{base}.{name}" if f"{base}.{name}" in known else base
            if target.split(".")[0] in OURS and target != module:
                yield module, line, target


def floor(module: str) -> int | None:
    """The number of a module's floor, counted from the roof; None where it has none."""
    names = [name for name in FLOORS if is_within(module, name)]
    return FLOORS[max(names, key=len)] if names else None


def upward_imports(root: Path) -> list[str]:
    """Imports that climb, modules without a floor, and more than a closed module may import."""
    complaints = [
        f"{module} has no floor: give it one in tests/house/imports.py"
        for module in modules(root)
        if module != "webui" and floor(module) is None
    ]
    for module, line, target in edges(root):
        here, there = floor(module), floor(target)
        allowed = ONLY.get(module)
        if allowed is not None:
            if target not in allowed:
                complaints.append(f"{module}:{line} may not import {target}")
        elif here is not None and there is not None and there < here:
            complaints.append(f"{module}:{line} climbs to {target}")
    return complaints


def circles(root: Path) -> list[str]:
    """Modules that, by whatever way, import themselves."""
    below: dict[str, set[str]] = {}
    for module, _, target in edges(root, types=False):
        below.setdefault(module, set()).add(target)
    complaints = []
    for start in sorted(below):
        way = _way(below, start)
        if way and start == min(way):
            complaints.append("circle: " + " -> ".join([*way, start]))
    return complaints


def _way(below: dict[str, set[str]], start: str) -> list[str]:
    """The shortest way from a module back to itself, without its end; empty when there is none."""
    waiting, seen = [[start]], {start}
    while waiting:
        way = waiting.pop(0)
        for target in sorted(below.get(way[-1], ())):
            if target == start:
                return way
            if target not in seen:
                seen.add(target)
                waiting.append([*way, target])
    return []


def strangers(root: Path) -> list[str]:
    """Flask where no web may be, webview outside the shell, and anything called `build` or `tests`."""
    complaints = []
    for module, path in modules(root).items():
        for line, base, _ in _imports(path, module):
            top = base.split(".")[0]
            web = top in ("flask", "werkzeug", "jinja2") or top.startswith("flask_")
            if web and any(is_within(module, floor) for floor in NO_WEB):
                complaints.append(f"{module}:{line} imports {base}: no web on this floor")
            if top == "webview" and not is_within(module, "desktop"):
                complaints.append(f"{module}:{line} imports webview: only desktop may")
            if top in ("build", "tests"):
                complaints.append(f"{module}:{line} imports {top}, which is no part of the program")
    return complaints


def commits(root: Path) -> list[str]:
    """Verbs of the store that commit: the door commits, once, by leaving its operation."""
    complaints = []
    for path in sorted((root / "webui" / "store").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "commit"
            ):
                complaints.append(f"webui/store/{path.name}:{node.lineno} commits")
    return complaints
