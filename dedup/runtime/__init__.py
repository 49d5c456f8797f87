"""Threads, progress, temporary files and atomic writing."""
