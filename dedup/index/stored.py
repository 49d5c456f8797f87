"""Articles of a search: querying ones, and stored ones that are loaded when they are needed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dedup.index.store import Store
from dedup.model.article import Article


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

    def load(self, places: Sequence[int]) -> list[Article]:
        """Return the articles at some places, ascending."""
        missing = [at for at in places if at not in self._loaded]
        n = bisect_left(missing, self._first_stored)
        texts = self._store.load_texts([self.numbers[at - self._n_own] for at in missing[:n]])
        texts += (self.stored[at - self._first_stored] for at in missing[n:])
        for at, one in zip(missing, texts, strict=True):
            self._loaded[at] = self._store.complete(one).article
        return [self._loaded[at] for at in places]

    def load_texts(self, places: Sequence[int]) -> dict[int, str]:
        """Return the texts at some places, ascending."""
        n = bisect_left(places, self._first_stored)
        texts = {at: one.text for at, one in zip(places[:n], self.load(places[:n]), strict=True)}
        return texts | {at: self.stored[at - self._first_stored].text for at in places[n:]}
