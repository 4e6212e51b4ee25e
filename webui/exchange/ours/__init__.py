"""Files that Roster itself wrote (docs/formats.md), read back into the records they were made from."""
