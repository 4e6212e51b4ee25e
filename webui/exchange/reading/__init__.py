"""Files of every kind, as tables of rows: a module a kind, and `kinds`, which tells them apart."""
