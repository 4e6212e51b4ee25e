"""What people go out as: a module for each kind of file. `formats` is their registry."""
