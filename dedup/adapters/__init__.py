"""Doors to other libraries, one a file; each is loaded by whoever has that library."""
