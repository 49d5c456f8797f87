"""Pairs of articles that are worth aligning, by shared bands and seeds."""
