"""E-mail addresses: judged without a network, never changed."""

import contextlib
import re

from webui.store.errors import Message
from webui.store.values import text

LONGEST = 120
# Beyond doubt, and most of all: an import judges a hundred thousand of these.
_PLAIN = re.compile(
    r"[A-Za-z0-9_+-]{1,30}(\.[A-Za-z0-9_+-]{1,30}){0,1}@([A-Za-z0-9]{1,60}(-[A-Za-z0-9]{1,2})?\.){1,4}[A-Za-z]{2,20}"
)


def key(address: str) -> str:
    """Return the form in which two addresses are one: the local part without case, the domain as IDNA."""
    if address.isascii():
        return text.key(address)
    local, at, domain = text.key(address).rpartition("@")
    if not at or domain.isascii():
        return f"{local}{at}{domain}"
    with contextlib.suppress(UnicodeError):  # not a domain name: then the text itself is the key
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def fault(address: str) -> Message | None:
    """Say what keeps `address` from being an e-mail address, or None.

    A fault here is a soft one: a form shows it, an import keeps the text and warns.
    """
    if len(address) > LONGEST:
        return Message("email.long", {"limit": LONGEST})
    if _PLAIN.fullmatch(address):
        return None
    local, at, domain = address.rpartition("@")
    if not at:
        return Message("email.no_at", {"email": address})
    if not local:
        return Message("email.no_name", {"email": address})
    if "." not in domain.strip("."):
        return Message("email.no_ending", {"example": f"{domain.strip('.') or 'lindqvist'}.example"})
    from email_validator import EmailNotValidError, validate_email  # its patterns take a while to compile

    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        if domain.rpartition(".")[2].casefold() in {
            "example",
            "invalid",
            "test",
            "local",
            "localhost",
            "onion",
        }:
            return None  # reserved, so nobody's; still well formed and often a person's own note to self
        return Message("email.shape", {"email": address})
    return None
