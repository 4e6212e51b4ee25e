"""Files to people and people to files. Knows no Flask."""
