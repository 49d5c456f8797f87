"""A web server that shows what of a text an index has seen before."""
