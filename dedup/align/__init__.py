"""A pair of articles to the passages that they share."""
