"""Where postings are kept; each kind answers the look-ups that the stages ask for."""

# What makes a directory an index.
FILE = "index.sqlite"
