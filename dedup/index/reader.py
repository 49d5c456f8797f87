"""The reading half of an index: look articles up, compare with them, count and verify."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.errors import CorruptFile, StoreError
from dedup.index.access import Access
from dedup.index.checking import find_damage, find_faults
from dedup.index.searcher import ArticleKeys, IndexSearcher, Prepared
from dedup.model import IndexStats, Matches
from dedup.model.article import Article
from dedup.params import Params, check_params
from dedup.readers.objects import Record, to_article
from dedup.runtime.workers import Workers

# Articles to load together.
_BLOCK = 256


class IndexReader:
    """An open index that nothing is added to, see :class:`dedup.Index`.

    Parameters
    ----------
    timeout : float or None
        Seconds to wait for another process that writes; None to only read.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        params: Params | None,
        timeout: float | None,
        jobs: int | None,
    ) -> None:
        if params is not None:
            check_params(params)
        self.path = Path(path)
        self._closing = ExitStack()
        self._pool = self._closing.enter_context(Workers(jobs))
        access = Access(self.path, params, timeout)
        self.params = access.params
        self._access, self._store, self._live = access, access.store, access.live
        opened = access.store, access.live, access.formulas
        self._searcher = IndexSearcher(*opened, self.params, self._pool)

    def __len__(self) -> int:
        with self._access.storing():
            return len(self._store)

    def __contains__(self, id: object) -> bool:
        with self._access.storing():
            return isinstance(id, str) and self._store.find(id) is not None

    def __iter__(self) -> Iterator[Article]:
        """Yield the current articles, in order of arrival.

        An article that is removed during the iteration is skipped.
        """
        with self._access.storing():
            first, end = 0, self._store.n_numbers()
        while first < end:
            with self._access.storing():
                numbers = self._store.numbers(first, _BLOCK)
                part = self._store.load([number for number in numbers if number < end])
            yield from (stored.article for stored in part)
            first = numbers[-1] + 1 if numbers else end

    def get(self, id: str) -> Article:
        """Return an article.

        Parameters
        ----------
        id : str
            Id of the article.

        Returns
        -------
        Article
            Its latest version.

        Raises
        ------
        KeyError
            If the index has no such article.
        CorruptFile
            If the stored article is damaged.
        """
        with self._access.storing():
            number = self._store.find(id)
            if number is None:
                raise KeyError(id)
            return self._store.load([number])[0].article

    def find(self, name: str) -> Article | None:
        """Return the article with an id or, if there is none, with a URL.

        Parameters
        ----------
        name : str
            Id or URL, as stored.

        Returns
        -------
        Article or None
            Its latest version.

        Raises
        ------
        CorruptFile
            If the stored article is damaged.
        """
        with self._access.storing():
            number = self._store.find(name)
            if number is None:
                number = self._store.find_url(name)
            return None if number is None else self._store.load([number])[0].article

    def find_copy(self, article: Article | Record) -> Article | None:
        """Return the first article with exactly the same text.

        Parameters
        ----------
        article : Article or Mapping
            The article to look up, or its record. A stored article with its id or URL does not
            count as a copy.

        Returns
        -------
        Article or None
            The stored article. The search compares digests of texts only.

        Raises
        ------
        CorruptFile
            If the stored article is damaged.
        """
        with self._access.storing():
            number = self._store.find_copy(to_article(article))
            return None if number is None else self._store.load([number])[0].article

    def query(self, article: Article | Record) -> Matches:
        """Compare an article with all stored articles, without storing it.

        Parameters
        ----------
        article : Article or Mapping
            The article to look up, or its record. A stored article with its id or URL is another
            version of it, and not a match.

        Returns
        -------
        Matches
            The stored articles that share text with it.

        Raises
        ------
        CorruptFile
            If a file or row needed for the search is damaged.
        """
        article = to_article(article, "")
        self._access.check_recipe()
        keys = self._searcher.find_keys([article])
        with self._access.reading():
            prepared, live_docs = self._ask(keys)
            pairs = self._searcher.find(prepared, live_docs)
        try:
            # Other threads may search meanwhile, and one may remove what is compared here.
            (found,) = self._searcher.align(prepared, pairs, self._access.storing)
        except CorruptFile:
            with self._access.reading():
                (found,) = self._searcher.match(*self._ask(keys))
        return Matches(article.id, "queried", found)

    def _ask(self, keys: ArticleKeys) -> tuple[Prepared, NDArray[np.bool_]]:
        """Return an article to look up, and the live documents that are no version of it."""
        (article,) = keys.loaded.articles
        known = self._store.name(article)
        own = [one.number for one in self._store.find_versions(known)]
        return self._searcher.prepare(keys), self._live.live_docs_without(own)

    def stats(self) -> IndexStats:
        """Count articles, segments, postings and bytes.

        Returns
        -------
        IndexStats
            The current counts.
        """
        with self._access.reading():
            return IndexStats(
                n_articles=len(self._store),
                n_chars=self._store.n_chars(),
                n_segments=len(self._live.segments),
                n_fresh=len(self._store.fresh_numbers()),
                n_removed=len(self._store.removed()),
                n_postings=self._live.count_postings(),
                n_bytes=self._live.count_bytes(),
                recipe=self._store.recipe.digest,
            )

    def verify(self) -> list[StoreError]:
        """Read all data and verify its checksums.

        Returns
        -------
        list of StoreError
            The errors, mostly :class:`dedup.CorruptFile`, each with the file and, in a segment, the
            byte range. Nothing is repaired.
        """
        try:
            with self._access.reading():
                return list(find_faults(self._store, self._live.segments))
        except StoreError as error:  # the index cannot be loaded: check file by file
            with self._access.storing():
                found = list(find_damage(self._store, self._store.recipe.digest))
            return found or ([error] if isinstance(error, CorruptFile) else [])
