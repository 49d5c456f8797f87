"""Tokens to what is hashed of an article: signatures, bands, seeds."""
