"""Refuses, below every library, that a Python program reaches another machine: an audit hook.

Every program that a test starts loads this first, so that it imports as little as it can.
"""

import sys
from collections.abc import Callable
from typing import Any

ASKED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_TOLD = "_roster_way_out"  # on `sys`, which both names of this module share
NAMED = {"socket.getaddrinfo", "socket.gethostbyname"}


def watch(note: Callable[[str], object]) -> None:
    """From now on, until this process ends, refuse what it tries and let `note` know.

    A process that was watched already, as a worker that the tests' own process started, tells the new one.
    """
    if (told := getattr(sys, _TOLD, None)) is not None:
        told[0] = note
        return
    told = [note]
    setattr(sys, _TOLD, told)

    def hook(event: str, about: tuple[Any, ...]) -> None:
        if event in ASKED:
            made, address = about
            if _is_local(made) or not address or is_here(address[0]):
                return
            wanted = address[0]
        elif event in NAMED:
            wanted = about[0]
            if is_here(wanted):
                return
        else:
            return
        told[0](str(wanted))
        raise PermissionError(f"a test may not reach {wanted}")

    sys.addaudithook(hook)


def _is_local(made: Any) -> bool:
    import socket

    return made.family not in (socket.AF_INET, socket.AF_INET6)


def is_here(host: str | bytes | None) -> bool:
    """Whether a host is this machine; nothing at all is."""
    import ipaddress

    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in ("", "localhost")
