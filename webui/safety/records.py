"""What was found when: small JSON files beside the database, in which nothing of a person's stands.

One that is damaged, or was never written, says nothing. Not for what a person chose: see `preferences`.
"""

from pathlib import Path
from typing import Any

from webui import private_json
from webui.exchange import targets


def read(data: Path, name: str) -> dict[str, Any]:
    """Return the record of that name in the data folder, {} where there is none that we wrote."""
    return private_json.read(_path(data, name))


def write(data: Path, name: str, values: dict[str, Any]) -> None:
    """Keep a record, all of it or none. Raises Full, ReadOnly."""
    path = _path(data, name)
    with targets.told(path):
        private_json.write(path, values)


def _path(data: Path, name: str) -> Path:
    return data / "records" / f"{name}.json"
