"""The HTML report: rows of data, a template, and a script that shows them."""
