"""Where postings are kept; each kind answers the look-ups that the stages ask for."""
