"""All that is held about one person, as a page in one file."""
