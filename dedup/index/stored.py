"""Articles of a search: querying ones, and stored ones that are loaded when they are needed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from dedup.index.store import Store
from dedup.model.article import Article
from dedup.runtime.lazy_sequence import LazySequence


class StoredArticles:
    """Querying articles, then stored ones, which are loaded when they are needed.

    Parameters
    ----------
    cached, missing : list of int
        Numbers of stored articles, in their order; texts are loaded of the missing ones at once.

    Attributes
    ----------
    stored : list of StoredText
        The missing ones.
    """

    def __init__(
        self, store: Store, own: Sequence[Article], cached: list[int], missing: list[int]
    ) -> None:
        self.numbers, self.missing = cached + missing, missing
        self.stored = store.load_texts(missing)
        self._store, self._n_own = store, len(own)
        self._first_stored = len(own) + len(cached)
        self._loaded: dict[int, Article] = dict(enumerate(own))
        self.texts: Sequence[str] = _StoredTexts(self)

    def __len__(self) -> int:
        return self._n_own + len(self.numbers)

    def load(self, places: Sequence[int]) -> list[Article]:
        """Return the articles at some places, ascending."""
        missing = [at for at in places if at not in self._loaded]
        n = bisect_left(missing, self._first_stored)
        texts = self._store.load_texts([self.numbers[at - self._n_own] for at in missing[:n]])
        texts += (self.stored[at - self._first_stored] for at in missing[n:])
        for at, one in zip(missing, texts, strict=True):
            self._loaded[at] = self._store.complete(one).article
        return [self._loaded[at] for at in places]

    def read(self, places: Iterable[int]) -> None:
        """Read the texts at some places, ascending, at once."""
        self.load([place for place in places if place < self._first_stored])

    def text(self, place: int) -> str:
        """Return the text at a place."""
        if place >= self._first_stored:
            return self.stored[place - self._first_stored].text
        return self.load([place])[0].text


class _StoredTexts(LazySequence[str]):
    """Texts of articles, for the few pairs whose order they decide."""

    def __init__(self, articles: StoredArticles) -> None:
        self._articles = articles

    def __len__(self) -> int:
        return len(self._articles)

    def load_places(self, places: range) -> list[str]:
        """Return the texts at some places."""
        return list(map(self._articles.text, places))
