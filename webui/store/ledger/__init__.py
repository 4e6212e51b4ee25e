"""How every change is written, undone and found."""
