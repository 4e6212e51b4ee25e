"""Where stylesheets, scripts, font and icon come from: `asset("css/app.css")` in a template.

The address holds a fingerprint of the whole static folder, `/assets/<fingerprint>/css/app.css`, so that
whatever a file asks for by a relative address (a font, another script) is as cacheable as the file itself.
The entry stylesheet and the entry script go out with what they import written in place: two requests
instead of seventy, each of which a page would wait for.

Not for photos or downloads, and not for anything that depends on who asks.
"""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for
from markupsafe import Markup

FOLDER = Path(__file__).parent / "static"
IMPORT = re.compile(r'@import "([\w-]+\.css)" layer\((\w+)\);')
SCRIPT_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./([\w-]+\.js)";$', re.MULTILINE)
SCRIPT_EXPORT = re.compile(r"^export ((?:async )?function|const) (\w+)", re.MULTILINE)


def fingerprint(folder: Path) -> str:
    """Return 12 hex digits that change with any name or byte in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def stylesheet(entry: Path) -> str:
    """Return the text of `entry` with each `@import "x.css" layer(y);` replaced by x.css inside that layer.

    Imports must lie beside `entry`, so that addresses inside them keep their meaning.
    """

    def inlined(match: re.Match[str]) -> str:
        name, layer = match.groups()
        return f"@layer {layer} {{\n{(entry.parent / name).read_text(encoding='utf-8')}}}"

    return IMPORT.sub(inlined, entry.read_text(encoding="utf-8"))


def script(entry: Path) -> str:
    """Return the text of `entry`, a module, after all that it imports, by whatever way.

    Each is there once, in a function of its own that gives what the module exports.

    They must lie beside `entry`, import by `import { a, b } from "./x.js";`, export functions and constants
    where they are made, and not import each other in a circle.
    """
    written: dict[str, str] = {}

    def text_of(path: Path) -> str:
        text = path.read_text(encoding="utf-8")
        for _names, module in SCRIPT_IMPORT.findall(text):
            if module not in written:
                body = text_of(path.parent / module)
                exported = ", ".join(name for _kind, name in SCRIPT_EXPORT.findall(body))
                body = SCRIPT_EXPORT.sub(r"\1 \2", body)
                written[module] = f'modules["{module}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'
        return SCRIPT_IMPORT.sub(r'const { \1 } = modules["\2"];', text)

    last = text_of(entry)
    return "\n".join(("const modules = {};", *written.values(), last))


# What goes out as more than the file itself: how it is put together, and as what it is sent.
ENTRIES = {"css/app.css": (stylesheet, "text/css"), "js/main.js": (script, "text/javascript")}


def _written(name: str) -> str:
    return ENTRIES[name][0](FOLDER / name)


@lru_cache(512)
def icon(name: str, extra: str = "") -> Markup:
    """Return a symbol of icons.svg. It repeats a word, so it is hidden from those who hear the page."""
    classes = f"icon {extra}" if extra else "icon"
    return Markup('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>').format(classes, name)


def install(app: Flask) -> None:
    """Give `app` the route `/assets/...` and its templates the functions `asset(name)` and `icon(name)`.

    Call it on every app that shows pages, the doorstep too. In debug mode nothing is remembered,
    so a saved file shows at the next reload.
    """
    current, written = (fingerprint, _written) if app.debug else (cache(fingerprint), cache(_written))
    address = url_for if app.debug else cache(url_for)

    def asset(name: str) -> str:
        return address("asset", version=current(FOLDER), name=name)

    def serve(version: str, name: str) -> Response:
        if version != current(FOLDER):
            abort(404)
        if name in ENTRIES:
            response = Response(written(name), mimetype=ENTRIES[name][1])
        else:
            response = send_from_directory(FOLDER, name)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    app.add_url_rule("/assets/<version>/<path:name>", "asset", serve)
    app.add_template_global(asset)
    app.add_template_global(icon)
