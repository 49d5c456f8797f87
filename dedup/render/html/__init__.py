"""A report as a page for people: rows of data, a template, and the script that shows them."""
