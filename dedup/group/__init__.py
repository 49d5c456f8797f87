"""Passages to families, overlaps to stories, and which article of a story to keep."""
