"""Watches each Python program that a test starts: Python runs this by itself where its folder is on the path.

What is refused is written to the file that ROSTER_TEST_ATTEMPTS names, a line each.
"""

import os

from way_out import watch


def _note(wanted: str) -> None:
    handle = os.open(os.environ["ROSTER_TEST_ATTEMPTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{wanted}\n".encode())
    finally:
        os.close(handle)


if "ROSTER_TEST_ATTEMPTS" in os.environ:
    watch(_note)
