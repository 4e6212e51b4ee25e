"""What was found when: small JSON files beside the database, in which nothing of a person's stands.

One that is damaged, or was never written, says nothing. Not for what a person chose: see `preferences`.
"""

import json
from pathlib import Path
from typing import Any

from webui.exchange import targets


def read(data: Path, name: str) -> dict[str, Any]:
    """Return the record of that name in the data folder, {} where there is none that we wrote."""
    try:
        found = json.loads(_path(data, name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write(data: Path, name: str, values: dict[str, Any]) -> None:
    """Keep a record, all of it or none. Raises Full, ReadOnly."""
    path = _path(data, name)
    with targets.told(path):
        path.parent.mkdir(mode=0o700, exist_ok=True)
    with targets.temporary(path) as stream:
        with targets.told(path):
            stream.write(json.dumps(values, indent=1, sort_keys=True).encode())
        targets.publish(stream, path)


def _path(data: Path, name: str) -> Path:
    return data / "records" / f"{name}.json"
