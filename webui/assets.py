"""Where stylesheets, scripts, font and icon come from: `asset("css/app.css")` in a template.

The address holds a fingerprint of the whole static folder, `/assets/<fingerprint>/css/app.css`, so that
whatever a file asks for by a relative address (a font, another script) is as cacheable as the file itself.
The entry stylesheet goes out with its imports written in place: one request instead of forty.

Not for photos or downloads, and not for anything that depends on who asks.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory, url_for

FOLDER = Path(__file__).parent / "static"
ENTRY = "css/app.css"
IMPORT = re.compile(r'@import "([\w-]+\.css)" layer\((\w+)\);')


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


def install(app: Flask) -> None:
    """Give `app` the route `/assets/...` and its templates the function `asset(name)`.

    Call it on every app that shows pages, the doorstep too. In debug mode nothing is remembered,
    so a saved file shows at the next reload.
    """
    current, sheet = (fingerprint, stylesheet) if app.debug else (cache(fingerprint), cache(stylesheet))

    def asset(name: str) -> str:
        return url_for("asset", version=current(FOLDER), name=name)

    def serve(version: str, name: str) -> Response:
        if version != current(FOLDER):
            abort(404)
        if name == ENTRY:
            response = Response(sheet(FOLDER / ENTRY), mimetype="text/css")
        else:
            response = send_from_directory(FOLDER, name)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    app.add_url_rule("/assets/<version>/<path:name>", "asset", serve)
    app.add_template_global(asset)
