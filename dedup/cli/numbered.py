"""Articles of a filter: unique ids, and a digest that tells whether a second reading agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from dedup.model.article import Article, ArticleReader, name_apart

if TYPE_CHECKING:
    from dedup.pipeline.filter import Copies


class TextDigest:
    """Digest of all articles of a reading, in order."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)

    def add(self, article: Article) -> None:
        """Add an article."""
        for part in (article.id, article.text, article.outlet, article.url, article.title):
            raw = (part or "").encode("utf-8", "surrogatepass")
            self._hash.update(len(raw).to_bytes(8) + raw)
        self._hash.update(str(article.published).encode())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TextDigest) and self._hash.digest() == other._hash.digest()

    __hash__ = None  # type: ignore[assignment]


class UniqueIds:
    """Ids of the search: those of the records, numbered where they repeat."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._counts: dict[str, int] = {}
        self.repeated: set[str] = set()

    def make(self, id: str) -> str:
        """Return an id that no article has yet."""
        if id not in self._seen:
            self._seen.add(id)
            return id
        self.repeated.add(id)
        number, new = self._counts.get(id, 1), id
        while new in self._seen:
            number += 1
            new = f"{id} ({number})"
        self._counts[id] = number
        self._seen.add(new)
        return new

    def find_names(self, *readings: Iterable[tuple[str, Article]]) -> dict[str, str]:
        """Return the names of articles with repeated ids, as a report names them.

        Parameters
        ----------
        *readings : iterable of (str, Article)
            Ids of the search with the articles of the input, old ones first.
        """
        from dedup.pipeline.naming import HEAD

        groups: dict[str, list[tuple[int, str, str, str, bytes, str, str]]] = {}
        for turn, reading in enumerate(readings):
            for internal, one in reading:
                if one.id not in self.repeated:
                    continue
                text = blake2b(one.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                place = turn, one.outlet or "", one.url or "", one.text[:HEAD], text
                groups.setdefault(one.id, []).append((*place, internal, name_apart(one)))
        names: dict[str, str] = {}
        for id, places in groups.items():
            by_text: dict[bytes, str] = {}
            for *_, text, internal, name in sorted(places):
                names[internal] = by_text.setdefault(text, name if by_text else id)
        return names


class NumberedArticles(ArticleReader):
    """Articles with unique ids.

    Parameters
    ----------
    reader : ArticleReader
        The articles as they are read.
    ids : UniqueIds
        Shared with the other reader of a search.
    copies : Copies
        Collects articles of one text.
    """

    def __init__(
        self, reader: ArticleReader, ids: UniqueIds, copies: Copies, *, is_old: bool = False
    ) -> None:
        super().__init__()
        self._reader, self._ids, self._copies, self._is_old = reader, ids, copies, is_old
        self.skipped = reader.skipped
        self.digest = TextDigest()
        # Id in the search by number of the article, where it is not that of the record.
        self.renamed: dict[int, str] = {}
        self.n_read = 0

    def __next__(self) -> Article:
        article = next(self._reader)
        self.location = self._reader.location
        number, self.n_read = self.n_read, self.n_read + 1
        self.digest.add(article)
        id = self._ids.make(article.id)
        if id != article.id:
            self.renamed[number] = id
            article = Article(**{**article.to_dict(), "id": id})
        self._copies.add(article, is_old=self._is_old)
        return article

    def relabel(self, again: Iterable[Article]) -> Iterator[tuple[str, Article]]:
        """Yield the articles of another reading with their ids in the search."""
        for number, article in enumerate(again):
            yield self.renamed.get(number, article.id), article
