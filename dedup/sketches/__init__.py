"""Hash tokens into signatures, bands and seeds."""
