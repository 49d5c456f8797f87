"""Estimate the source of a text, and which article took it from which."""
