"""The log for whoever helps: what was started, what failed and where. It holds no personal data.

Other people's loggers and exceptions may carry a name or an address in their text, so of those only the
unfilled sentence, the kind of exception and the lines of code are kept.
"""

import logging
import os
import sqlite3
import sys
import threading
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

OURS = ("desktop", "webui", "roster")
SIZE = 1_000_000
DEPTH = 12  # innermost calls
KEPT = 2  # besides the current one: three files in all


class _PrivateFile(RotatingFileHandler):
    """Every file it opens, also after a rotation, is readable by its owner alone."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")


class _Discreet(logging.Formatter):
    """Says where and what kind, never with which values."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        # Built from the parts: the usual way keeps the text of an exception on the record for other handlers.
        ours = record.name.split(".")[0] in OURS
        record.message = record.getMessage() if ours else str(record.msg)
        record.asctime = self.formatTime(record)
        line = self.formatMessage(record)
        return f"{line}\n{describe(record.exc_info[1])}" if record.exc_info else line


def describe(problem: BaseException | None) -> str:
    """An exception and its causes as kinds and places in the code; messages only where they are harmless."""
    lines: list[str] = []
    while problem is not None and len(lines) < 100:
        lines.append(f"{type(problem).__module__}.{type(problem).__qualname__}{_plain(problem)}")
        lines += [
            f"  at {_place(frame)}"
            for frame in reversed(traceback.extract_tb(problem.__traceback__)[-DEPTH:])
        ]
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
        if problem is not None:
            lines.append("because of")
    return "\n".join(lines)


def _place(frame: traceback.FrameSummary) -> str:
    # The end of the path is enough; its beginning tells the name of whoever uses this computer.
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


def _plain(problem: BaseException) -> str:
    if isinstance(problem, OSError):
        return f": {problem.strerror}"
    if isinstance(problem, sqlite3.Error):
        # Its sentences quote what was stored or searched for; but these name only tables and columns.
        name = getattr(problem, "sqlite_errorname", None)
        harmless = str(problem).startswith(("UNIQUE constraint", "NOT NULL constraint", "CHECK constraint"))
        return f": {name or ''} {problem if harmless else ''}".rstrip()
    return ""


def start(folder: Path) -> None:
    """Log to `folder`/roster.log, rotating. Raises OSError when the file cannot be opened."""
    handler = _handler(folder)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = lambda caught: _uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def keep(folder: Path, problem: BaseException) -> Path:
    """Add one fault to the log in `folder`, which a command does not keep open, and return the file.

    Raises OSError when it cannot be opened.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _handler(folder)
    try:
        caught = (type(problem), problem, problem.__traceback__)
        handler.handle(logging.LogRecord("roster", logging.CRITICAL, "", 0, "in a command", None, caught))
    finally:
        handler.close()
    return Path(handler.baseFilename)


def _handler(folder: Path) -> _PrivateFile:
    handler = _PrivateFile(folder / "roster.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(_Discreet())
    return handler


def _uncaught(kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("roster").critical("uncaught", exc_info=problem)
    sys.__excepthook__(kind, problem or kind(), trace)
