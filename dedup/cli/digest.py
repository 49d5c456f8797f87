"""Digest of the articles of a reading: tells whether a second reading agrees."""

from __future__ import annotations

from dedup.model.article import Article, ArticleReader


class TextDigest:
    """Digest of all articles of a reading, in order; it holds within one process."""

    def __init__(self) -> None:
        self._hash = 0
        self.n_articles = 0

    def add(self, article: Article) -> None:
        """Add an article."""
        self.n_articles += 1
        parts = article.id, article.text, article.outlet, article.url, article.title
        self._hash = hash((self._hash, *parts, str(article.published)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TextDigest) and (self._hash, self.n_articles) == (
            other._hash,
            other.n_articles,
        )

    __hash__ = None  # type: ignore[assignment]


class DigestedArticles(ArticleReader):
    """The articles of a reader, added to a digest as they are read."""

    def __init__(self, reader: ArticleReader, digest: TextDigest) -> None:
        super().__init__()
        self._reader, self._digest = reader, digest
        self.skipped = reader.skipped

    def __next__(self) -> Article:
        article = next(self._reader)
        self.location = self._reader.location
        self._digest.add(article)
        return article
