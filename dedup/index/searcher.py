"""Compare articles with those of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from math import nan
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.align.align import find_rows, find_swapped, find_ties
from dedup.align.overlap import Pieces
from dedup.align.table import PassageRows
from dedup.candidates.search import Candidates, PairSearch, QueryBlock, find_candidates
from dedup.candidates.window import are_near, find_span
from dedup.index.cache import CachedTokens, TokenCache, split_tokens
from dedup.index.formulas import OutletFormulas
from dedup.index.live import SegmentSet
from dedup.index.rows import Stored, StoredText, name_outlet
from dedup.index.segments import SegmentInput
from dedup.index.store import Store
from dedup.index.stored import StoredArticles
from dedup.mask.boilerplate import Formulas
from dedup.mask.credit import find_all_credits
from dedup.mask.furniture import mark_furniture, mark_masked
from dedup.model import Match, Overlap
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import LoadedArticles
from dedup.pipeline.search import SharingPairs, overlap_rows
from dedup.runtime.workers import Workers
from dedup.sketches.seed import Seeds, find_seeds, join_seeds
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import Tokens, join_tokens

Result = TypeVar("Result")
# Parts of a block per thread, and the fewest and most articles or pairs per part.
_PARTS, _MIN_PART, _MAX_PART = 4, 64, 256


# Returns a context in which the database may be read.
Storing = Callable[[], AbstractContextManager[None]]


class ArticleKeys(NamedTuple):
    """Articles with their search keys, what is not masked at all, and the formulas for each."""

    stored: list[Stored]
    loaded: LoadedArticles
    is_whole: NDArray[np.bool_]
    formulas: list[Formulas | None]
    bands: NDArray[np.uint64]
    seeds: Seeds


class Prepared(NamedTuple):
    """Articles with their search keys and stored postings."""

    stored: list[Stored]
    loaded: LoadedArticles
    packed: list[CachedTokens]
    sources: dict[str, SegmentInput]
    asking: QueryBlock


class FoundPairs(NamedTuple):
    """Pairs to align, the number of articles they were found among, and their stored articles.

    `cached` has the tokens that are in memory, of the first stored articles.
    """

    pairs: Candidates
    n_articles: int
    articles: StoredArticles
    cached: list[CachedTokens]


class _Keys(NamedTuple):
    """Credits, tokens and search keys of a part of a block."""

    stored: list[Stored]
    tokens: Tokens
    is_whole: NDArray[np.bool_]
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

    def find_keys(self, articles: Sequence[Article]) -> ArticleKeys:
        """Find the credits, tokens and search keys of articles; needs no access to the index."""
        formulas = self._list_formulas(articles)
        parts = list(self._spread(lambda part: self._find_keys(articles[part]), len(articles)))
        stored = [one for part in parts for one in part.stored]
        loaded = LoadedArticles(articles, join_tokens([one.tokens for one in parts]))
        seeds = join_seeds([one.seeds for one in parts])
        is_whole, bands = (
            np.concatenate(column)
            for column in zip(*((one.is_whole, one.bands) for one in parts), strict=True)
        )
        return ArticleKeys(stored, loaded, is_whole, formulas, bands, seeds)

    def _find_keys(self, articles: Sequence[Article]) -> _Keys:
        """Find the credits of articles, tokenize them, and find their bands and seeds."""
        credits = find_all_credits([article.text for article in articles])
        stored = list(map(Stored, articles, credits))
        tokens, is_whole = self._formulas.tokenize(stored)
        bands = sketch(tokens, self._params.sketch).bands(self._params.band)
        return _Keys(stored, tokens, is_whole, bands, find_seeds(tokens, self._params.seed))

    def _list_formulas(self, articles: Iterable[Article | StoredText]) -> list[Formulas | None]:
        return [self._formulas.of_outlet(name_outlet(one.outlet)) for one in articles]

    def prepare(self, keys: ArticleKeys) -> Prepared:
        """Give articles the numbers that they would be stored under."""
        formulas = self._list_formulas(keys.loaded.articles)
        if any(one is not other for one, other in zip(keys.formulas, formulas, strict=True)):
            keys = self.find_keys(keys.loaded.articles)
        _, loaded, is_whole, _, bands, seeds = keys
        first, n = self._live.n_numbers, len(keys.stored)
        numbers = np.arange(first, first + n, dtype=np.uint32)
        has_words = loaded.tokens.counts > 0
        of_bands = np.repeat(numbers[has_words], self._params.band.n_bands)
        of_seeds = np.repeat(numbers, np.diff(seeds.offsets))
        sources = {
            "bands": SegmentInput(bands[has_words].reshape(-1), of_bands, np.zeros_like(of_bands)),
            "seeds": SegmentInput(seeds.keys, of_seeds, seeds.positions),
        }
        asking = QueryBlock(first, bands, seeds, np.zeros(n, np.int64))
        packed = _pack(loaded.articles, formulas, loaded.tokens, is_whole)
        return Prepared(keys.stored, loaded, packed, sources, asking)

    def match(self, prepared: Prepared, live_docs: NDArray[np.bool_]) -> list[tuple[Match, ...]]:
        """Compare a block with the stored articles and its own earlier articles.

        Takes the arguments of :meth:`find`.
        """
        return self.align(prepared, self.find(prepared, live_docs), nullcontext)

    def find(self, prepared: Prepared, live_docs: NDArray[np.bool_]) -> list[FoundPairs]:
        """Find the pairs to align, and load what is not in memory.

        Parameters
        ----------
        live_docs : ndarray of bool, shape (at least n_numbers,)
            Stored articles to compare with, by number: neither removed articles nor other versions
            of the articles of the block.
        """
        dates, days = _find_dates(prepared.loaded.articles), self._params.candidate.days
        self._search.lengths = self._live.lengths_with(prepared.loaded.tokens.counts)
        found = []
        for run in _cut_dated(dates) if days else [slice(0, len(dates))]:
            near = self._find_near(live_docs, dates[run], days)
            pairs = self._find_pairs(prepared, run, near)
            numbers = set(pairs.pairs.reshape(-1).tolist())
            old = sorted(number for number in numbers if number < prepared.asking.first)
            cached = self._find_cached(old)
            missing = [number for number in old if number not in cached]
            articles = StoredArticles(self._store, prepared.loaded.articles, [*cached], missing)
            n_articles = self._search.census.n_articles
            found.append(FoundPairs(pairs, n_articles, articles, [*cached.values()]))
        return found

    def align(
        self, prepared: Prepared, found: Sequence[FoundPairs], storing: Storing
    ) -> list[tuple[Match, ...]]:
        """Align what was found; another thread may search meanwhile.

        Parameters
        ----------
        storing : callable
            Returns a context in which the database may be read.

        Raises
        ------
        CorruptFile
            Also if another thread removed one of the articles.
        """
        first, days = prepared.asking.first, self._params.candidate.days
        dates = _find_dates(prepared.loaded.articles)
        matches: list[list[tuple[int, Match]]] = [[] for _ in prepared.stored]
        for run in found:
            for old, new, match in self._align(prepared, run, storing):
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
        self, prepared: Prepared, found: FoundPairs, storing: Storing
    ) -> Iterator[tuple[int, int, Match]]:
        (pairs, capped, *_), n_articles, articles, _ = found
        if not len(pairs):
            return
        packed = [*prepared.packed, *self._find_tokens(found)]
        tokens = join_tokens([one.tokens for one in packed])
        rows = _find_places(prepared, found)
        swapped = _turn(rows, tokens, articles, storing)

        def find(part: slice) -> tuple[PassageRows, NDArray[np.int64]]:
            one = find_rows(tokens, rows[part], swapped[part], self._params, n_articles)
            passages, kept = one.drop_empty()
            return passages, kept + part.start

        parts = list(self._spread(find, len(rows)))
        # Texts are read only for pairs that have a passage.
        with storing():
            articles.load(_list_places([rows[kept] for _, kept in parts]))

        def read(part: tuple[PassageRows, NDArray[np.int64]]) -> list[tuple[int, int, Match]]:
            passages, kept = part
            if not len(kept):
                return []
            chosen, own = np.unique(rows[kept], return_inverse=True)
            own = own.reshape(-1, 2)
            loaded = self._load_marked(chosen.tolist(), articles, packed)
            sharing = SharingPairs(kept, chosen, loaded, own, swapped[kept], passages)
            pieces = Pieces.from_tokens(loaded.tokens)
            sketches = sketch(loaded.tokens, self._params.sketch)
            table = overlap_rows(sharing, pieces, sketches, self._params)
            overlaps = table.read(loaded.articles, capped[kept].tolist())
            return [
                (old, new, _make_match(loaded.articles[other], overlap))
                for (old, new), other, overlap in zip(
                    pairs[kept].tolist(), own[:, 1].tolist(), overlaps, strict=True
                )
            ]

        for one in (self.run if len(parts) > 1 else map)(read, parts):
            yield from one

    def _find_tokens(self, found: FoundPairs) -> list[CachedTokens]:
        """Return the masked tokens of stored articles, from memory or from their texts."""
        numbers, stored = found.articles.missing, found.articles.stored

        def find(part: slice) -> list[CachedTokens]:
            some = stored[part]
            # Read first: if they change while the tokens are masked, these are out of date.
            formulas = self._list_formulas(some)
            packed = _pack(some, formulas, *self._formulas.tokenize(some))
            self._cache.put(numbers[part], packed)
            return packed

        parts = self._spread(find, len(stored))
        return [*found.cached, *(one for part in parts for one in part)]

    def _find_cached(self, numbers: Iterable[int]) -> dict[int, CachedTokens]:
        """Return the tokens that are in memory and masked as they would be now."""
        return {
            number: one
            for number, one in self._cache.find(numbers).items()
            if one.formulas is self._formulas.of_outlet(one.outlet)
        }

    def _load_marked(
        self, places: list[int], articles: StoredArticles, packed: list[CachedTokens]
    ) -> LoadedArticles:
        """Load articles, and mark their furniture, which matters only where there is a passage.

        Parameters
        ----------
        packed : list of CachedTokens
            Tokens by place; marked in place.
        """
        loaded = articles.load(places)
        texts = {
            place: article.text
            for place, article in zip(places, loaded, strict=True)
            if not packed[place].is_marked
        }
        if texts:
            tokens = join_tokens([packed[place].tokens for place in texts])
            is_whole = all(packed[place].is_whole for place in texts)
            marked = (mark_furniture if is_whole else mark_masked)(tokens, [*texts.values()])
            bounds = pairwise(marked.offsets.tolist())
            for place, (low, high) in zip(texts, bounds, strict=True):
                packed[place] = packed[place].mark(marked.roles[low:high])
            first = len(packed) - len(articles.numbers)
            stored = [place for place in texts if place >= first]
            numbers = [articles.numbers[place - first] for place in stored]
            self._cache.put(numbers, [packed[place] for place in stored])
        return LoadedArticles(loaded, join_tokens([packed[place].tokens for place in places]))

    def remember(self, prepared: Prepared) -> None:
        """Hold the tokens of a block that is stored under the numbers it was prepared for."""
        first = prepared.asking.first
        self._cache.put(range(first, first + len(prepared.packed)), prepared.packed)

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


def _pack(
    articles: Sequence[Article | StoredText],
    formulas: Sequence[Formulas | None],
    tokens: Tokens,
    is_whole: NDArray[np.bool_],
) -> list[CachedTokens]:
    """Return the masked tokens of each article, as they are held in memory."""
    names = [name_outlet(one.outlet) for one in articles]
    return list(map(CachedTokens, split_tokens(tokens), names, formulas, is_whole.tolist()))


def _find_places(prepared: Prepared, found: FoundPairs) -> NDArray[np.int64]:
    """Return the places of each pair: querying articles come first, then stored ones."""
    first, n_own = prepared.asking.first, len(prepared.stored)
    pairs, numbers = found.pairs.pairs[:, ::-1], np.array(found.articles.numbers, np.int64)
    order = np.argsort(numbers)
    # A querying article is after all of them.
    at = np.append(order + n_own, 0)[np.searchsorted(numbers[order], pairs)]
    return np.where(pairs < first, at, pairs - first)  # the later article is a


def _turn(
    rows: NDArray[np.int64], tokens: Tokens, articles: StoredArticles, storing: Storing
) -> NDArray[np.bool_]:
    """Return the pairs that the core gets with ``b`` first; texts are read only for ties."""
    ties = find_ties(tokens, rows).tolist()
    with storing() if ties else nullcontext():
        return find_swapped(articles.load_texts(ties), tokens, rows)


def _list_places(parts: Iterable[NDArray[np.int64]]) -> list[int]:
    """Return the articles of pairs, ascending."""
    return sorted({place for part in parts for place in part.reshape(-1).tolist()})


def _cut_dated(dates: NDArray[np.float64]) -> Iterator[slice]:
    """Yield the runs of dated and of undated articles: undated ones are compared with all."""
    is_undated = np.isnan(dates)
    cuts = (np.flatnonzero(is_undated[1:] != is_undated[:-1]) + 1).tolist()
    for low, high in pairwise([0, *cuts, len(dates)]):
        yield slice(low, high)


def _make_match(article: Article, overlap: Overlap) -> Match:
    return Match(article.id, article.outlet, article.published, article.url, article.title, overlap)


def _find_dates(articles: Sequence[Article | Match]) -> NDArray[np.float64]:
    """Return seconds since 1970, NaN if unknown."""
    return np.array([one.published.timestamp() if one.published else nan for one in articles])


def _rank(numbered: tuple[int, Match]) -> tuple[float, int]:
    return -numbered[1].overlap.similarity, numbered[0]
