"""Links of a filter from sketches alone: no alignment, for speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.agreement import FactComparer
from dedup.align.table import AlignedTexts
from dedup.candidates.columns import Readers
from dedup.candidates.postings import PostingsBuilder
from dedup.candidates.search import max_sources
from dedup.group.keep import Link
from dedup.mask.mask import MIN_WORDS
from dedup.model.article import Article
from dedup.params import BandParams, Params
from dedup.pipeline.ledger import Ledger
from dedup.runtime.progress import Clock
from dedup.runtime.spill import MemoryBudget, SpillArray
from dedup.runtime.workers import Workers
from dedup.sketches.sketch import Sketches, sketch_texts
from dedup.text.encode import split
from dedup.text.tokenize import tokenize

# Code points and articles per task.
_BATCH, _MOST = 1 << 21, 1 << 14
# Longer texts are taken to have MIN_WORDS words: counting would cost a tokenization.
_MAX_SHORT = 1000
# Queries per call of the core, and pairs whose texts are loaded together.
_PART, _PAIRS = 1024, 512
# Share of the pairs at the limit of similarity that the bands may miss.
_MAX_MISSED = 1e-3


class _SketchedBatch(NamedTuple):
    signatures: NDArray[np.uint32]
    is_short: NDArray[np.bool_]


class SketchedArticles:
    """Sketches of all articles of a ledger.

    Parameters
    ----------
    ledger : Ledger
        Filled by :meth:`read`.
    min_similarity : float
        Least estimated Jaccard similarity of a link, in [0, 1].
    """

    def __init__(
        self, ledger: Ledger, params: Params, min_similarity: float, memory: MemoryBudget
    ) -> None:
        self._ledger, self._params, self._memory = ledger, params, memory
        self._min_similarity = min_similarity
        self._signatures = SpillArray([("u4", (params.sketch.n_perm,))], memory)
        self._is_short: list[NDArray[np.bool_]] = [np.empty(0, np.bool_)]
        self._numbers: dict[str, int] = {}

    @property
    def n_short(self) -> int:
        """Number of new articles that are too short to compare."""
        return int(np.count_nonzero(np.concatenate(self._is_short)[self._ledger.n_old :]))

    def read(self, readers: Sequence[Iterable[Article]], pool: Workers, clock: Clock) -> None:
        """Sketch all articles of the readers, which fill the ledger."""
        batches = (batch for reader in readers for batch in _batches(reader))
        with clock.stage("read") as advance:
            for batch in pool.map(self._sketch, batches):
                ones = np.ones(len(batch.signatures), np.int64)
                self._signatures.append([batch.signatures], ones)
                self._is_short.append(batch.is_short)
                advance(len(self._signatures))
        self._signatures.close_off()

    def find_links(self, best: Sequence[int], pool: Workers, clock: Clock) -> Iterator[Link]:
        """Yield the links of near-duplicates.

        Parameters
        ----------
        best : sequence of int
            Number of one article of each text.
        """
        chosen = np.array(sorted(best), np.int64)
        chosen = chosen[~np.concatenate(self._is_short)[chosen]]
        pairs, capped = self._find_pairs(chosen, pool, clock)
        with clock.stage("compare", len(pairs)) as advance:
            steps = range(0, len(pairs), _PAIRS)
            for first, links in zip(
                steps,
                pool.map(
                    lambda at: self._link(pairs[at : at + _PAIRS], capped[at : at + _PAIRS]), steps
                ),
                strict=True,
            ):
                yield from links
                advance(min(first + _PAIRS, len(pairs)))

    def compare(self, kept: str, others: list[str]) -> Iterator[Link]:
        """Yield the links between an article and others."""
        if not self._numbers:
            self._numbers = {one.id: at for at, one in enumerate(self._ledger.candidates)}
        pairs = np.array([(self._numbers[kept], self._numbers[other]) for other in others])
        for first in range(0, len(pairs), _PAIRS):
            step = pairs[first : first + _PAIRS]
            yield from self._link(step, np.zeros(len(step), np.bool_))

    def _sketch(self, articles: list[Article]) -> _SketchedBatch:
        texts = [article.text for article in articles]
        signatures = sketch_texts(split(texts), self._params.sketch).signatures
        brief = np.flatnonzero(np.array([len(text) for text in texts]) <= _MAX_SHORT)
        is_short = np.zeros(len(texts), np.bool_)
        is_short[brief] = tokenize([texts[number] for number in brief]).counts < MIN_WORDS
        return _SketchedBatch(signatures, is_short)

    def _load(self, numbers: NDArray[np.int64]) -> Sketches:
        (rows,), _ = self._signatures.take(numbers)
        return Sketches(rows, self._params.sketch, self._params.sketch.digest())

    def _find_pairs(
        self, chosen: NDArray[np.int64], pool: Workers, clock: Clock
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return pairs of articles that share a band, and whether others were left out."""
        bands = choose_bands(self._params.sketch.n_perm, self._min_similarity)
        builder = PostingsBuilder(self._memory)
        for first in range(0, len(chosen), _MOST):
            keys = self._load(chosen[first : first + _MOST]).bands(bands).reshape(-1)
            numbers = np.arange(first, min(first + _MOST, len(chosen)), dtype=np.uint32)
            places = np.zeros(len(keys), np.uint32)
            builder.add(keys, np.repeat(numbers, bands.n_bands), places)
        postings = pool.call(builder.build)
        params = self._params.candidate
        limits = params.max_bucket, max_sources(params)
        counts = np.zeros(len(chosen), np.int32)
        found = [np.empty((0, 3), np.int64)]
        n_old = int(np.searchsorted(chosen, self._ledger.n_old))
        with clock.stage("candidates", len(chosen) - n_old) as advance:
            for low in range(n_old, len(chosen), _PART):
                high = min(low + _PART, len(chosen))
                keys = self._load(chosen[low:high]).bands(bands).reshape(-1)
                narrowed = postings.narrow(keys, Readers(0, low, high), params.max_bucket)
                rows, *_ = pool.call(
                    _core.count_bands, np.arange(low, high), np.zeros(high - low, np.int64),
                    *narrowed.look_up(keys), counts, bands.n_bands, 1, *limits,
                )  # fmt: skip
                found.append(rows)
                advance(high - n_old)
        rows = np.concatenate(found)
        return chosen[rows[:, :2]], rows[:, 2].astype(np.bool_)

    def _link(self, pairs: NDArray[np.int64], capped: NDArray[np.bool_]) -> list[Link]:
        """Return the links of the pairs that are similar and tell the same news."""
        numbers, own = np.unique(pairs, return_inverse=True)
        own = own.reshape(-1, 2)
        jaccards = self._load(numbers).jaccard(own[:, 0], own[:, 1])
        rows = np.flatnonzero(jaccards >= self._min_similarity)
        if not len(rows):
            return []
        numbers, own = np.unique(pairs[rows], return_inverse=True)
        texts = [article.text for article in self._ledger.load(numbers.tolist())]
        max_changed = self._params.overlap.max_changed
        comparer = FactComparer(
            AlignedTexts(texts, tokenize(texts)), max_changed, own.reshape(-1, 2)
        )
        ids = self._ledger.candidates
        links = []
        for at, row in enumerate(rows.tolist()):
            if max_changed < 1:
                found = comparer.compare_words(at)
                if found.has_own_news or not found.is_same_news:
                    continue
            one, other = (ids[number].id for number in pairs[row].tolist())
            jaccard = float(jaccards[row])
            links.append(
                Link(one, other, "duplicate", jaccard, jaccard, None, None, bool(capped[row]))
            )
        return links


def choose_bands(n_perm: int, min_similarity: float) -> BandParams:
    """Return the longest bands that miss few pairs at the limit of similarity."""
    for n_rows in range(n_perm, 1, -1):
        n_bands = n_perm // n_rows
        if (1 - min_similarity**n_rows) ** n_bands <= _MAX_MISSED:
            return BandParams(n_bands, n_rows)
    return BandParams(n_perm, 1)


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    n_chars = 0
    for article in articles:
        batch.append(article)
        n_chars += len(article.text)
        if n_chars >= _BATCH or len(batch) == _MOST:
            yield batch
            batch, n_chars = [], 0
    if batch:
        yield batch
