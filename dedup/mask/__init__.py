"""What does not count as text of an article: credit lines, boilerplate."""
