"""Digest of the articles of a reading: tells whether a second reading agrees."""

from __future__ import annotations

from hashlib import blake2b

from dedup.model.article import Article, ArticleReader


class TextDigest:
    """Digest of all articles of a reading, in order."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self.n_articles = 0

    def add(self, article: Article) -> None:
        """Add an article."""
        self.n_articles += 1
        for part in (article.id, article.text, article.outlet, article.url, article.title):
            raw = (part or "").encode("utf-8", "surrogatepass")
            self._hash.update(len(raw).to_bytes(8) + raw)
        self._hash.update(str(article.published).encode())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TextDigest) and self._hash.digest() == other._hash.digest()

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
