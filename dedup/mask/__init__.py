"""Mask text that is not reuse: credits and boilerplate."""
