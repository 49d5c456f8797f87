"""Threads, progress, and files that hold what memory does not."""
