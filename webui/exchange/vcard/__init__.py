"""vCards (RFC 6350): address-book entries as text."""
