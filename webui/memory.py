"""Memory that is free and still held: given back to the system before work that takes much of it.

The allocator of glibc keeps what was freed between two things that stay, for each thread apart: what an
import took would stand beside what the next one takes. Others give it back by themselves.
"""

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Give it back, where that has to be asked for."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
