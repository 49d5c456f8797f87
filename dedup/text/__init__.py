"""Turn characters into tokens."""
