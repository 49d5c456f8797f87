"""Find pairs of articles worth aligning, by shared bands and seeds."""
