"""What templates ask of `frame` is there: Jinja takes a name that is not for nothing, and says nothing."""

import re
from pathlib import Path

from webui import frame

TEMPLATES = Path(frame.__file__).parent / "templates"
PROMISED = {"native"}  # set at the start


def test_every_name_that_a_template_asks_of_the_frame_is_there() -> None:
    asked = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bframe\.(\w+)", path.read_text(encoding="utf-8"))
    } - {"py"}
    assert {"count_trash", "undo", "backup"} <= asked
    assert not [name for name in asked - PROMISED if not hasattr(frame.Frame, name)]
