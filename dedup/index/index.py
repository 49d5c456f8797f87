"""The index: articles on disk, with which new articles are compared."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf
from types import TracebackType
from typing import Literal

from dedup.errors import ParameterError
from dedup.index.reader import IndexReader
from dedup.index.writer import IndexWriter, cut_blocks
from dedup.model import Matches
from dedup.model.article import Article
from dedup.params import Params
from dedup.readers.objects import Articles, Record, open_articles, to_article
from dedup.runtime.workers import Workers

# Articles per commit.
_BLOCK = 256


class Index(IndexReader):
    """Articles on disk, each compared with all earlier articles.

    One process writes at a time; any number may read. The threads of a process may share an index.
    A forked child must open it again: there, an index opened by the parent raises StoreError.

    Parameters
    ----------
    path : str or path-like
        Directory of the index.
    params : Params or None
        Defaults to the recipe of the index, and the preset ``news`` for a new one and for all
        other parameters.
    mode : {"a", "r"}
        ``"a"`` writes, and creates a missing index; ``"r"`` only reads.
    timeout : float
        Seconds to wait for another process that writes.
    jobs : int or None
        Threads; None for all processors. Results do not depend on it.

    Raises
    ------
    ParameterError
        If `mode` is neither value, `params` has another type, or `jobs` is less than 1.
    LockedIndex
        If another process still writes after `timeout`, or this process has it open for writing.
    IncompatibleFile
        If the index was created with another recipe than that of `params`, or by a newer version.
    CorruptFile
        If a file of the index is damaged.
    StoreError
        If the index is missing and `mode` is ``"r"``; if the path is a file, or a directory with
        other files.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> with Index(mkdtemp()) as index:
    ...     matches = index.add(Article("a", text))
    ...     [match.id for match in index.query(Article("b", "It was late. " + text))]
    ['a']
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        params: Params | None = None,
        *,
        mode: Literal["a", "r"] = "a",
        timeout: float = 60.0,
        jobs: int | None = None,
    ) -> None:
        if mode not in ("a", "r"):
            raise ParameterError(f"mode must be 'a' or 'r', not {mode!r}")
        super().__init__(path, params, timeout if mode == "a" else None, jobs)
        opened = self._store, self._live, self._access.formulas
        # Not a thread of the searches: they would wait for what is learned.
        learner = self._closing.enter_context(Workers(1))
        self._writer = IndexWriter(*opened, self._searcher, learner)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files. An unclosed index loses no data. A forked child closes nothing."""
        if self._access.is_here() and self._access.is_open:
            with self._access.held():
                try:
                    self._writer.finish()
                finally:
                    self._closing.close()
                    self._access.close()

    # Changing

    def add(self, article: Article | Record) -> Matches:
        """Compare an article with all earlier articles, then store it.

        Parameters
        ----------
        article : Article or Mapping
            A new article, its record, or a new version of the stored article with its id or URL. A
            new version replaces the stored one. Under a stored id, another text with another URL
            or, without one, another outlet is another article, named ``id#`` and a digest. If text
            and outlet are unchanged, nothing is compared, and only the other changed fields are
            stored.

        Returns
        -------
        Matches
            The earlier articles that share text with it. The article is on disk when this method
            returns.

        Raises
        ------
        ParameterError
            If it is no article and no record, or its `extra` cannot be stored.
        StoreError
            If it cannot be stored; then no part of it is stored.
        CorruptFile
            If a file or row needed for the search is damaged.
        """
        return next(self.add_many([to_article(article)]))

    def add_many(self, articles: Articles) -> Iterator[Matches]:
        """Add articles as :meth:`add` does, in blocks with one commit each, while you iterate.

        Without iteration it reads and stores nothing.

        Parameters
        ----------
        articles : iterable of Article or Mapping, or data frame
            In order of arrival. If the iterable raises, the articles before the error are stored
            and their matches yielded; then the error is raised.

        Yields
        ------
        Matches
            In the same order. When the first of a block is yielded, the whole block is on disk, and
            stays there if you stop the iteration.

        Raises
        ------
        ParameterError, ReadError
            As :meth:`add`, or if a record cannot be read. The articles before it are stored and
            their matches yielded.
        StoreError, CorruptFile
            As :meth:`add`. No article of the block is stored.
        """
        for found in self._write(articles, compares=True):
            yield from found

    def load(self, articles: Articles) -> int:
        """Store articles without comparing them, in blocks with one commit each.

        Afterwards the index is the same as after :meth:`add_many`: every later article is compared
        with them. Ids, versions and unchanged articles are those of :meth:`add`.

        Parameters
        ----------
        articles : iterable of Article or Mapping, or data frame
            In order of arrival. If the iterable raises, the articles before the error are stored;
            then the error is raised.

        Returns
        -------
        int
            Number of stored articles, new or revised. All are on disk when this method returns.

        Raises
        ------
        ParameterError, ReadError
            As :meth:`add_many`. The articles before it are stored.
        StoreError, CorruptFile
            As :meth:`add`. Earlier blocks are stored; no article of the block is.
        """
        blocks = self._write(articles, compares=False)
        return sum(one.status != "unchanged" for found in blocks for one in found)

    def _write(self, articles: Articles, *, compares: bool) -> Iterator[list[Matches]]:
        self._access.check_recipe()
        for block in cut_blocks(open_articles(articles, strict=True), _BLOCK):
            while block:
                with self._access.writing():
                    found = self._writer.add(block, compares=compares)
                yield found
                block = block[len(found) :]

    def remove(self, id: str) -> None:
        """Remove an article.

        Parameters
        ----------
        id : str
            Id of the article.

        Raises
        ------
        KeyError
            If the index has no such article.
        """
        with self._access.writing():
            number = self._store.find(id)
            if number is not None:
                self._writer.remove([number])
        if number is None:
            raise KeyError(id)

    def expire(self, before: datetime) -> int:
        """Remove all articles published before a time.

        Parameters
        ----------
        before : datetime
            The time; without a time zone it is UTC. Articles without a date stay.

        Returns
        -------
        int
            Number of removed articles.

        Raises
        ------
        ParameterError
            If `before` is no datetime.
        """
        if not isinstance(before, datetime):
            raise ParameterError(f"before must be a datetime, not {before!r}")
        moment = before if before.tzinfo else before.replace(tzinfo=UTC)
        with self._access.writing():
            numbers = self._store.outside(moment.timestamp(), inf)
            self._writer.remove(numbers)
            return len(numbers)

    def compact(self) -> None:
        """Merge all segments into one, without removed articles.

        The formulas of each outlet are learned again from its latest 8,192 articles.
        """
        with self._access.writing():
            self._writer.compact()

    # Maintenance

    def snapshot(self) -> Index:
        """Return a read-only snapshot of the index. Later changes do not show in it.

        Returns
        -------
        Index
            Close it like any other index; until then its files stay on disk.
        """
        with self._access.held():
            other = Index(self.path, mode="r", jobs=self._pool.jobs)
            # A transaction that stays open until the snapshot is closed.
            other._closing.enter_context(other._access.at_one_moment())
        return other
