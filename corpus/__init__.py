"""Articles written for this project, and a generator of any number more."""
