"""Records: what is kept, how it changes and how it is found. Knows no Flask and no window."""
