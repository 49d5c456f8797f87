"""Headlines: the words that name an article, and a story, in every output."""

from __future__ import annotations

from unicodedata import category

from dedup.model.article import Article

_MAX_HEADLINE = 110


def find_headline(article: Article) -> str:
    """Return the title of an article, else the first line of its text with words, else its id.

    Parameters
    ----------
    article : Article
        The article.

    Returns
    -------
    str
        One line of up to 110 code points with at least one visible character.
    """
    start = article.text[: 4 * _MAX_HEADLINE].strip()
    lines = [line for line in start.split("\n") if not line.startswith(("http:", "https:"))]
    # A first line of up to three words is a section heading.
    told = [line for line in lines if len(line.split()) > 3] or lines or [""]
    named = ((article.title or "").strip(), told[0], article.id.strip())
    return _cut(next(filter(_has_ink, named), "(no name)"))


def _has_ink(text: str) -> bool:
    """Return whether any character is visible, so that it can be a link."""
    return any(category(char)[0] not in "ZC" for char in text)


def _cut(text: str) -> str:
    words = " ".join(text[: 4 * _MAX_HEADLINE].split())
    if len(words) <= _MAX_HEADLINE:
        return words
    whole = words[:_MAX_HEADLINE].rpartition(" ")[0]
    return (whole or words[: _MAX_HEADLINE - 1]) + "…"
