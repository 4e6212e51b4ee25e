"""What goes into a member of a zip, counted and hashed on the way."""

import hashlib
import io
from typing import IO, Any


class Counted(io.RawIOBase):
    """A stream that counts and hashes what goes through it; closing it closes the member it fills."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.digest, self.size = hashlib.sha256(), 0

    def writable(self) -> bool:
        """Say that it takes bytes."""
        return True

    def write(self, data: Any) -> int:
        """Count what is written, and pass it on."""
        self.digest.update(data)
        self.size += len(data)
        return self._target.write(data)

    def close(self) -> None:
        """Close the member it fills as well."""
        if not self.closed:
            super().close()
            self._target.close()
