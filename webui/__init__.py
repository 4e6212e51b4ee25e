"""Roster's web half: the store, what reads and writes files, and the doors to them."""
