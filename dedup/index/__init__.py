"""Index storage: articles and postings on disk. Each kind of postings answers the same look-ups."""

# The file that marks a directory as an index.
FILE = "index.sqlite"
