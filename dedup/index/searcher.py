"""Compare articles with those of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import nan
from threading import Lock
from typing import Any, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from dedup.align.align import find_rows, find_swapped
from dedup.candidates.search import Candidates, PairSearch, QueryBlock, find_candidates
from dedup.candidates.window import are_near, find_span
from dedup.index.cache import CachedTokens, TokenCache
from dedup.index.formulas import OutletFormulas
from dedup.index.live import SegmentSet
from dedup.index.rows import name_outlet
from dedup.index.segments import SegmentInput
from dedup.index.store import Store, Stored
from dedup.mask.credit import find_all_credits
from dedup.model import Match, Overlap
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import LoadedArticles
from dedup.pipeline.search import overlap_rows
from dedup.runtime.workers import Workers
from dedup.sketches.seed import Seeds, find_seeds, join_seeds
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import Tokens, join_tokens

Result = TypeVar("Result")
# Parts of a block per thread, and the fewest and most articles or pairs per part.
_PARTS, _MIN_PART, _MAX_PART = 4, 64, 256


class Prepared(NamedTuple):
    """Articles with their search keys and stored postings."""

    stored: list[Stored]
    loaded: LoadedArticles
    sources: dict[str, SegmentInput]
    asking: QueryBlock


class _Keys(NamedTuple):
    """Tokens and search keys of a part of a block."""

    tokens: Tokens
    bands: NDArray[np.uint64]
    seeds: Seeds


class IndexSearcher:
    """Compares articles with those of an index."""

    def __init__(
        self,
        store: Store,
        live: SegmentSet,
        formulas: OutletFormulas,
        params: Params,
        pool: Workers,
    ) -> None:
        self._store = store
        self._live = live
        self._formulas = formulas
        self._params = params
        self._pool = pool
        self._search = PairSearch(np.empty(0, np.int64), Census(0), params)
        self._cache = TokenCache()

    def prepare(self, articles: Sequence[Article]) -> Prepared:
        """Make the search keys of articles, with the numbers that they would get."""
        credits = find_all_credits([article.text for article in articles])
        stored, first = list(map(Stored, articles, credits)), self._live.n_numbers
        parts = list(self._spread(lambda part: self._find_keys(stored[part]), len(stored)))
        loaded = LoadedArticles(articles, join_tokens([one.tokens for one in parts]))
        bands, seeds = (
            np.concatenate([one.bands for one in parts]),
            join_seeds([one.seeds for one in parts]),
        )
        numbers = np.arange(first, first + len(stored), dtype=np.uint32)
        lows = np.zeros(len(stored), np.int64)
        has_words = loaded.tokens.counts > 0
        of_bands = np.repeat(numbers[has_words], self._params.band.n_bands)
        of_seeds = np.repeat(numbers, np.diff(seeds.offsets))
        sources = {
            "bands": SegmentInput(bands[has_words].reshape(-1), of_bands, np.zeros_like(of_bands)),
            "seeds": SegmentInput(seeds.keys, of_seeds, seeds.positions),
        }
        return Prepared(stored, loaded, sources, QueryBlock(first, bands, seeds, lows))

    def _find_keys(self, stored: Sequence[Stored]) -> _Keys:
        """Tokenize articles, and find their bands and seeds."""
        tokens = self._formulas.tokenize(stored)
        bands = sketch(tokens, self._params.sketch).bands(self._params.band)
        return _Keys(tokens, bands, find_seeds(tokens, self._params.seed))

    def match(self, prepared: Prepared, live_docs: NDArray[np.bool_]) -> list[tuple[Match, ...]]:
        """Compare a block with the stored articles and its own earlier articles.

        Parameters
        ----------
        live_docs : ndarray of bool, shape (at least n_numbers,)
            Stored articles to compare with, by number: neither removed articles nor other versions
            of the articles of the block.
        """
        first = prepared.asking.first
        dates, days = _find_dates(prepared.loaded.articles), self._params.candidate.days
        self._search.lengths = self._live.lengths_with(prepared.loaded.tokens.counts)
        matches: list[list[tuple[int, Match]]] = [[] for _ in prepared.stored]
        for run in _cut_dated(dates) if days else [slice(0, len(dates))]:
            near = self._find_near(live_docs, dates[run], days)
            found = self._find_pairs(prepared, run, near)
            for old, new, match in self._align(prepared, found.pairs, found.capped):
                # What is near one article of a block may be far from another.
                if not days or are_near(dates[new - first], _find_dates([match])[0], days):
                    matches[new - first].append((old, match))
        return [tuple(match for _, match in sorted(own, key=_rank)) for own in matches]

    def _find_pairs(
        self, prepared: Prepared, run: slice, live_docs: NDArray[np.bool_]
    ) -> Candidates:
        """Find the candidates of a run of the articles of a block."""
        # Count live articles only: a removed article keeps its number.
        n_live = int(np.count_nonzero(live_docs[: prepared.asking.first]))
        self._search.census = Census(n_live + len(prepared.stored))
        lookups = self._live.look_up(prepared.sources, live_docs)
        pool = self._pool if len(prepared.stored) > 1 else None
        return find_candidates([prepared.asking.take(run)], *lookups, self._search, pool)

    def _find_near(
        self, live_docs: NDArray[np.bool_], dates: NDArray[np.float64], days: float
    ) -> NDArray[np.bool_]:
        """Return the mask of live documents without those that are far from all of some dates."""
        if not days or np.isnan(dates).any():
            return live_docs
        live_docs = live_docs.copy()
        live_docs[self._store.outside(*find_span(dates, days))] = False
        return live_docs

    def _align(
        self, prepared: Prepared, pairs: NDArray[np.int64], capped: NDArray[np.bool_]
    ) -> Iterator[tuple[int, int, Match]]:
        first, n_own = prepared.asking.first, len(prepared.stored)
        known, at = np.unique(pairs, return_inverse=True)
        n_old = int(np.searchsorted(known, first))
        articles = StoredArticles(self._store, prepared.loaded.articles, known[:n_old].tolist())
        tokens = join_tokens([prepared.loaded.tokens, *self._find_tokens(articles)])
        # The querying articles come first, then the articles they are compared with.
        places = np.append(np.arange(n_own, n_own + n_old), known[n_old:] - first)
        rows = places[at].reshape(-1, 2)[:, ::-1]  # the later article is a

        def run(part: slice) -> list[tuple[int, int, Match]]:
            own, n_articles = rows[part], self._search.census.n_articles
            swapped = find_swapped(articles.texts, tokens, own)
            found, kept = find_rows(tokens, own, swapped, self._params, n_articles).drop_empty()
            # Texts are read only for pairs that have a passage.
            chosen, own_chosen = np.unique(own[kept], return_inverse=True)
            loaded = LoadedArticles(articles.load(chosen.tolist()), tokens.select(chosen))
            settings = own_chosen.reshape(-1, 2), swapped[kept], found, self._params
            overlaps = overlap_rows(loaded, *settings).read(
                loaded.articles, capped[part][kept].tolist()
            )
            numbers, others = pairs[part][kept].tolist(), settings[0][:, 1].tolist()
            return [
                (old, new, _make_match(loaded.articles[other], overlap))
                for (old, new), other, overlap in zip(numbers, others, overlaps, strict=True)
            ]

        for found in self._spread(run, len(rows)):
            yield from found

    def _find_tokens(self, articles: StoredArticles) -> list[Tokens]:
        """Return the masked tokens of stored articles, from memory or from their texts."""
        found = {number: self._find_cached(number) for number in articles.numbers}
        missing = [number for number, tokens in found.items() if tokens is None]
        stored = articles.load_stored(missing)
        parts = self._spread(lambda part: self._formulas.tokenize(stored[part]), len(stored))
        split = (tokens for part in parts for tokens in part.split())
        for number, one, own in zip(missing, stored, split, strict=True):
            found[number] = own
            self._remember(number, one.article, own)
        return [tokens for tokens in found.values() if tokens is not None]

    def _find_cached(self, number: int) -> Tokens | None:
        cached = self._cache.find(number)
        if cached is None or cached.formulas is not self._formulas.of_outlet(cached.outlet):
            return None
        return cached.tokens

    def _remember(self, number: int, article: Article, tokens: Tokens) -> None:
        outlet = name_outlet(article.outlet)
        formulas = self._formulas.of_outlet(outlet)
        self._cache.put(number, CachedTokens(tokens, outlet, formulas))

    def remember(self, prepared: Prepared) -> None:
        """Hold the tokens of a block that is stored under the numbers it was prepared for."""
        articles = zip(prepared.loaded.articles, prepared.loaded.tokens.split(), strict=True)
        for number, (article, tokens) in enumerate(articles, prepared.asking.first):
            self._remember(number, article, tokens)

    def forget(self, numbers: Sequence[int]) -> None:
        """Drop the tokens of removed articles."""
        self._cache.drop(numbers)

    def _spread(self, function: Callable[[slice], Result], n: int) -> Iterable[Result]:
        """Run a function on parts of a range, in threads if the range is large enough."""
        size = min(max(-(-n // (_PARTS * self._pool.jobs)), _MIN_PART), _MAX_PART)
        parts = [slice(low, low + size) for low in range(0, n, size)]
        return (self._pool.map if len(parts) > 1 else map)(function, parts)

    def run(self, function: Callable[[Any], Result], items: Iterable[Any]) -> Iterator[Result]:
        """Apply a function to items in threads."""
        return self._pool.map(function, items)


class StoredArticles:
    """Querying articles, then stored ones, which are loaded when they are needed."""

    def __init__(self, store: Store, own: Sequence[Article], numbers: list[int]) -> None:
        self.numbers = numbers
        self._store, self._n_own, self._lock = store, len(own), Lock()
        self._loaded: dict[int, Article] = dict(enumerate(own))
        self._places = {number: at for at, number in enumerate(numbers, len(own))}
        self.texts: Sequence[str] = _StoredTexts(self)

    def __len__(self) -> int:
        return self._n_own + len(self.numbers)

    def load(self, places: Sequence[int]) -> list[Article]:
        """Return the articles at some places."""
        self.load_stored(
            [self.numbers[at - self._n_own] for at in places if at not in self._loaded]
        )
        return [self._loaded[at] for at in places]

    def load_stored(self, numbers: list[int]) -> list[Stored]:
        """Load stored articles by number."""
        if not numbers:
            return []
        with self._lock:  # threads share the connection
            stored = self._store.load(numbers)
        for number, one in zip(numbers, stored, strict=True):
            self._loaded[self._places[number]] = one.article
        return stored


class _StoredTexts(Sequence[str]):
    """Texts of articles, for the few pairs whose order they decide."""

    def __init__(self, articles: StoredArticles) -> None:
        self._articles = articles

    def __len__(self) -> int:
        return len(self._articles)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            places = range(len(self))[place]
            return [one.text for one in self._articles.load(places)]
        return self._articles.load([int(place)])[0].text


def _cut_dated(dates: NDArray[np.float64]) -> Iterator[slice]:
    """Yield the runs of dated and of undated articles: undated ones are compared with all."""
    is_undated = np.isnan(dates)
    cuts = (np.flatnonzero(is_undated[1:] != is_undated[:-1]) + 1).tolist()
    for low, high in pairwise([0, *cuts, len(dates)]):
        yield slice(low, high)


def cut_sources(
    sources: dict[str, SegmentInput], first: int, n: int
) -> Iterator[dict[str, SegmentInput]]:
    """Yield the postings of each of the `n` articles of a block, numbered from `first` on."""
    numbers = np.arange(first, first + n + 1, dtype=np.uint32)
    bounds = {
        kind: np.searchsorted(one.articles, numbers).tolist() for kind, one in sources.items()
    }
    for at in range(n):
        yield {
            kind: source.take(slice(*bounds[kind][at : at + 2])) for kind, source in sources.items()
        }


def _make_match(article: Article, overlap: Overlap) -> Match:
    return Match(article.id, article.outlet, article.published, article.url, article.title, overlap)


def _find_dates(articles: Sequence[Article | Match]) -> NDArray[np.float64]:
    """Return seconds since 1970, NaN if unknown."""
    return np.array([one.published.timestamp() if one.published else nan for one in articles])


def _rank(numbered: tuple[int, Match]) -> tuple[float, int]:
    return -numbered[1].overlap.similarity, numbered[0]
