"""A collection: numbered articles and their data, in memory or in files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan
from sys import getsizeof
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.errors import ReadError
from dedup.mask.credit import find_all_credits
from dedup.mask.furniture import mark_furniture
from dedup.mask.mask import MIN_WORDS, mask_credits
from dedup.model.article import Article, ArticleReader, Credit, Location, SkippedRecord
from dedup.model.outlets import fold_name, merge_outlets, name_source
from dedup.pipeline.naming import tell_apart
from dedup.readers.notes import FaultLog
from dedup.readers.objects import Articles, Record, open_articles, to_article
from dedup.runtime.spill import MemoryBudget, SpillObjects
from dedup.runtime.workers import Workers
from dedup.text.stored import PackedTokens, TokenStore
from dedup.text.tokenize import Tokens, tokenize

_log = logging.getLogger("dedup")

# Code points per tokenizing task.
_BATCH = 1 << 19
# Articles per task, even if they are short.
_MOST = 1 << 14
# Approximate bytes of an article beside its text.
_ARTICLE_BYTES = 600


class LoadedArticles(NamedTuple):
    """Some articles in memory."""

    articles: Sequence[Article]
    tokens: Tokens

    @property
    def texts(self) -> list[str]:
        """Texts of the articles."""
        return [article.text for article in self.articles]


@dataclass(slots=True, eq=False)
class Collection:
    """Articles by number: old articles first, then by id.

    Parameters
    ----------
    outlets : list of (str or None)
        One name for all names of an outlet, see :func:`dedup.model.outlets.merge_outlets`.
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970, NaN if unknown.
    offsets : ndarray of float64, shape (n_articles,)
        Seconds from UTC of the zones of the dates.
    n_words : ndarray of int64, shape (n_articles,)
        Words of each, including masked words.
    """

    ids: list[str]
    outlets: list[str | None]
    published: NDArray[np.float64]
    offsets: NDArray[np.float64]
    credits: list[tuple[Credit, ...]]
    n_words: NDArray[np.int64]
    n_old: int
    articles: SpillObjects[Article]
    tokens: TokenStore

    def __len__(self) -> int:
        return len(self.ids)

    def find_order(self) -> NDArray[np.int64]:
        """Return the articles as a search goes through them: old ones first, then by date and id.

        Undated articles come last.
        """
        published = np.where(np.isnan(self.published), np.inf, self.published)
        return np.lexsort((published, np.arange(len(self)) >= self.n_old))

    def load(self, numbers: NDArray[np.int64]) -> LoadedArticles:
        """Load some articles.

        Parameters
        ----------
        numbers : ndarray of int64, shape (n,)
            The numbers.
        """
        return LoadedArticles(self.load_articles(numbers), self.tokens.load(numbers))

    def load_articles(self, numbers: NDArray[np.int64]) -> list[Article]:
        """Load some articles without their tokens, with the ids and outlets of the collection."""
        return [
            _rename(article, self.ids[number], self.outlets[number])
            for number, article in zip(numbers.tolist(), self.articles.take(numbers), strict=True)
        ]


class Rules(NamedTuple):
    """Rules for the articles of a collection."""

    mask_credits: bool
    strict: bool = False
    min_words: int = MIN_WORDS
    outlets: Mapping[str, str] = {}


def collect(
    articles: Articles,
    pool: Workers,
    memory: MemoryBudget,
    rules: Rules,
    advance: Callable[[int], None],
    against: Articles = (),
) -> tuple[Collection, tuple[SkippedRecord, ...]]:
    """Read articles, tokenize them and number them.

    Raises
    ------
    ParameterError
        If an item is no article and no record.
    ReadError
        If the rules are strict, for a record that cannot be read or has too few words.
    """
    builder = _CollectionBuilder(memory, rules)
    readers = [open_articles(one, strict=rules.strict) for one in (against, articles)]
    for batch in pool.map(builder.tokenize, _batches(*readers)):
        builder.add(batch)
        advance(builder.n_read)
    skipped = [fault for reader in readers for fault in reader.skipped]
    return builder.make_collection(), (*skipped, *sorted(builder.faults, key=str))


class _ArticleBatch:
    """A batch of articles to add."""

    def __init__(self, is_old: bool) -> None:
        self.articles: list[Article] = []
        self.locations: list[Location] = []
        self.is_old = is_old
        self.n_chars = self.n_bytes = 0


class _TokenizedBatch(NamedTuple):
    """A batch of articles, and what a thread has found of it.

    Parameters
    ----------
    n_words : ndarray of int64, shape (n_articles,)
        Words of each, including masked words.
    kept : ndarray of int64, shape (n_kept,)
        Places of the articles that have words enough.
    tokens : PackedTokens
        Those of the kept articles.
    """

    batch: _ArticleBatch
    credits: Sequence[tuple[Credit, ...]]
    n_words: NDArray[np.int64]
    kept: NDArray[np.int64]
    tokens: PackedTokens


def _batches(against: ArticleReader, articles: ArticleReader) -> Iterator[_ArticleBatch]:
    """Cut the articles into batches."""
    for is_old, reader in ((True, against), (False, articles)):
        batch = _ArticleBatch(is_old)
        for article in reader:
            batch.articles.append(article)
            batch.locations.append(reader.location)
            batch.n_chars += len(article.text)
            batch.n_bytes += getsizeof(article.text) + _ARTICLE_BYTES
            if batch.n_chars >= _BATCH or len(batch.articles) >= _MOST:
                yield batch
                batch = _ArticleBatch(is_old)
        if batch.articles:
            yield batch


class _CollectionBuilder:
    """The articles read so far, in order of arrival."""

    def __init__(self, memory: MemoryBudget, rules: Rules) -> None:
        self.faults: list[SkippedRecord] = []
        self._log = FaultLog(_log)
        self.n_read = 0
        self._rules = rules
        self._ids: list[str] = []
        self._outlets: list[str | None] = []
        self._published: list[float] = []
        self._offsets: list[float] = []
        self._credits: list[tuple[Credit, ...]] = []
        self._n_words: list[NDArray[np.int64]] = []
        self._is_old: list[NDArray[np.bool_]] = []
        self._articles: SpillObjects[Article] = SpillObjects(memory)
        self._tokens = TokenStore(memory)

    def refuse(self, location: Location, reason: str) -> None:
        """Record an article that is skipped, or raise ReadError."""
        path, line = location
        self.faults.append(SkippedRecord(path, reason, line))
        if self._rules.strict:
            raise ReadError(path, reason, line)
        self._log.skip(self.faults[-1])

    def tokenize(self, batch: _ArticleBatch) -> _TokenizedBatch:
        """Tokenize a batch and mask its credit lines; threads may call it."""
        texts = [article.text for article in batch.articles]
        credits = find_all_credits(texts)
        tokens = mark_furniture(tokenize(texts), texts)
        n_words = tokens.counts
        if self._rules.mask_credits:
            tokens = mask_credits(tokens, credits)
        kept = np.flatnonzero(n_words >= self._rules.min_words)
        if len(kept) < len(texts):
            tokens = tokens.select(kept)
        return _TokenizedBatch(batch, credits, n_words, kept, self._tokens.pack(tokens))

    def add(self, tokenized: _TokenizedBatch) -> None:
        """Add a tokenized batch."""
        batch, credits, n_words, kept, tokens = tokenized
        least = self._rules.min_words
        for number in np.flatnonzero(n_words < least).tolist():
            self.refuse(
                batch.locations[number],
                f"text has {n_words[number]} of the {least} words that a comparison needs",
            )
        articles = [batch.articles[number] for number in kept.tolist()]
        self._ids += (article.id for article in articles)
        self._outlets += (article.outlet for article in articles)
        self._published += (
            article.published.timestamp() if article.published else nan for article in articles
        )
        zones = (article.published and article.published.utcoffset() for article in articles)
        self._offsets += (zone.total_seconds() if zone else 0.0 for zone in zones)
        self._credits += (credits[number] for number in kept.tolist())
        self._n_words.append(n_words[kept])
        self._is_old.append(np.full(len(kept), batch.is_old))
        self._articles.append(articles, batch.n_bytes)
        self._tokens.append(tokens)
        self.n_read += len(articles)

    def make_collection(self) -> Collection:
        """Return the articles, old ones first, then by id."""
        self._log.close()
        is_old = np.concatenate([np.empty(0, np.bool_), *self._is_old])
        apart = tell_apart(self._ids, is_old, self._articles.take)
        ids = [apart.names.get(at, id) for at, id in enumerate(self._ids)]
        kept = (at for at in range(len(ids)) if at not in apart.repeats)
        order = sorted(kept, key=lambda at: (not is_old[at], ids[at]))
        numbers = np.array(order, np.int64)
        self._articles.reorder(numbers)
        self._tokens.close_off()
        self._tokens.reorder(numbers)
        names = merge_outlets(self._outlets, self._rules.outlets)
        folded = {fold_name(name): name for name in sorted(names.values())}
        return Collection(
            [ids[at] for at in order],
            [None if (name := self._outlets[at]) is None else names[name] for at in order],
            np.array(self._published, np.float64)[numbers],
            np.array(self._offsets, np.float64)[numbers],
            [_name_credits(self._credits[at], folded) for at in order],
            np.concatenate([np.empty(0, np.int64), *self._n_words])[numbers],
            int(is_old[numbers].sum()),
            self._articles,
            self._tokens,
        )


def _rename(article: Article, id: str, outlet: str | None) -> Article:
    if article.id == id and article.outlet == outlet:
        return article
    return Article(**(article.to_dict() | {"id": id, "outlet": outlet}))


def _name_credits(credits: tuple[Credit, ...], outlets: Mapping[str, str]) -> tuple[Credit, ...]:
    """Give each agency and outlet in the credits its one name."""
    return tuple(
        replace(one, name=name_source(one.name, outlets)) if one.name else one for one in credits
    )


def find_blocks(counts: NDArray[np.int64], most: int) -> list[tuple[int, int]]:
    """Cut articles into blocks of about equal size.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_articles,)
        Size of each.
    """
    before = np.cumsum(counts) - counts
    cuts = [0, *(np.flatnonzero(np.diff(before // most)) + 1).tolist(), len(counts)]
    return list(pairwise(cuts)) if len(counts) else []


def name_texts(a: Article | Record | str, b: Article | Record | str) -> list[Article]:
    """Turn bare texts, and records without an id, into articles named ``a`` and ``b``."""
    return [
        Article(name, one) if isinstance(one, str) else to_article(one, name)
        for name, one in (("a", a), ("b", b))
    ]
