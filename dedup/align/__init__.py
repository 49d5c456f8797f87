"""Align pairs of articles to find the passages they share."""
