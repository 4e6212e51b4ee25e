"""Compiled templates, kept where Python keeps its compiled modules.

Compiling those of the first page takes longer than answering it.

Whatever is wrong with what is kept, or with the folder, costs time and nothing else. Not for what a template
says: one that changed is compiled anew.
"""

import contextlib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parent / "__pycache__"


class Compiled(FileSystemBytecodeCache):
    """Kept in a folder that may be read-only, missing, or hold what a power cut left of a file."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # unpickling half a file can raise almost anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


class Sharing(Environment):
    """Templates without globals of their own share those of the app.

    Jinja puts an empty mapping before these for each, and asks both for each name of each include and import:
    a twentieth of the time of a page. So no template may be asked for with globals of its own: they would be
    everyone's.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def install(app: Flask, folder: Path = FOLDER) -> None:
    """Let `app` keep its compiled templates in `folder`."""
    # Another Jinja may make something else of the same text; its own mark is of Python alone.
    app.jinja_env.bytecode_cache = Compiled(str(folder), f"__jinja2_{jinja2.__version__}_%s.cache")
