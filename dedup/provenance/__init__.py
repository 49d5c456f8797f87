"""Who had a story first and who took what from whom."""
