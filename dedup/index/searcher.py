"""Compare articles with those of an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.align.overlap import Pieces
from dedup.candidates.search import PairSearch, QueryBlock, find_candidates
from dedup.index.bodies import name_outlet
from dedup.index.live import SegmentSet
from dedup.index.segments import SegmentInput
from dedup.index.store import Store, Stored
from dedup.mask.boilerplate import Formulas, cover_formulas, learn_formulas
from dedup.mask.credit import find_credits
from dedup.mask.mask import MIN_WORDS, mask, mask_credits
from dedup.model import Match, Overlap
from dedup.model.article import Article
from dedup.params import Params
from dedup.pipeline.collection import LoadedArticles
from dedup.pipeline.search import overlap_pairs
from dedup.runtime.workers import Workers
from dedup.sketches.seed import find_seeds
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import Tokens, join_tokens, tokenize

Result = TypeVar("Result")
# Parts of a block per thread, and the fewest and most articles or pairs per part.
_PARTS, _MIN_PART, _MAX_PART = 4, 64, 256


class Prepared(NamedTuple):
    """Articles with their search keys and stored postings.

    Parameters
    ----------
    stored : list of Stored
        The articles and their credit lines.
    loaded : LoadedArticles
        The articles and their unmasked tokens.
    sources : dict of str to SegmentInput
        Postings by kind.
    asking : QueryBlock
        The search keys.
    """

    stored: list[Stored]
    loaded: LoadedArticles
    sources: dict[str, SegmentInput]
    asking: QueryBlock


class IndexSearcher:
    """Compares articles with those of an index.

    Parameters
    ----------
    store : Store
        The articles.
    live : SegmentSet
        Their postings.
    params : Params
        Match criteria.
    pool : Workers
        Threads to use.
    """

    def __init__(self, store: Store, live: SegmentSet, params: Params, pool: Workers) -> None:
        self._store = store
        self._live = live
        self._params = params
        self._pool = pool
        self._checks: dict[bytes, bytes] = {}
        self._formulas: dict[bytes, Formulas] = {}
        self._n_learned: dict[bytes, int] = {}
        self._n_known: dict[bytes, int] = {}
        self._search = PairSearch(np.empty(0, np.int64), params.candidate)

    def load(self) -> None:
        """Reload formulas of outlets that changed."""
        known = self._store.learned()
        for name in self._formulas.keys() - known.keys():
            del self._formulas[name], self._n_learned[name]
        for name in [name for name, check in known.items() if self._checks.get(name) != check]:
            self._n_learned[name], columns = self._store.load_learned(name)
            self._formulas[name] = Formulas(*columns)
        self._checks = known
        self._n_known.clear()

    def learn(self, outlet: bytes, most: int, least: int = 0, n_added: int = 0) -> None:
        """Learn the formulas of an outlet.

        Parameters
        ----------
        outlet : bytes
            Key of the outlet, from :func:`dedup.index.bodies.name_outlet`.
        most : int
            Number of latest articles to learn from.
        least : int
            Fewest articles to learn from. Learning repeats when the number has doubled.
        n_added : int
            Articles of the outlet added since the last call.
        """
        if least and not self._is_due(outlet, least, n_added):
            return
        n = self._store.count_outlet(outlet)
        # Set first: a failure is not repeated with each article.
        self._n_learned[outlet] = self._n_known[outlet] = n
        # Sorted by id, as in a report, so that the order of arrival does not matter.
        stored = sorted(
            self._store.load(self._store.of_outlet(outlet, most)), key=lambda one: one.article.id
        )
        articles, tokens = [one.article for one in stored], self._tokenize_whole(stored)
        formulas = learn_formulas(articles, tokens, self._params.boilerplate)
        with self._store.transaction():
            self._store.keep_learned(outlet, n, formulas)
        self._formulas[outlet] = formulas

    def _is_due(self, outlet: bytes, least: int, n_added: int) -> bool:
        """Return whether an outlet has enough more articles to learn from."""
        known = self._n_known.get(outlet)
        # Counting takes linear time, so count only once.
        n = self._store.count_outlet(outlet) if known is None else known + n_added
        self._n_known[outlet] = n
        return n >= max(2 * self._n_learned.get(outlet, 0), least)

    def prepare(self, articles: Sequence[Article]) -> Prepared:
        """Make the search keys of articles, with the numbers that they would get.

        Parameters
        ----------
        articles : sequence of Article
            In the order of their numbers.

        Returns
        -------
        Prepared
            The keys of all of them.
        """
        stored = [Stored(article, find_credits(article.text)) for article in articles]
        loaded, first = self._load(stored), self._live.n_numbers
        numbers = np.arange(first, first + len(stored), dtype=np.uint32)
        seeds = find_seeds(loaded.tokens, self._params.seed)
        bands = sketch(loaded.tokens, self._params.sketch).bands(self._params.band)
        has_words = loaded.tokens.counts > 0
        of_bands = np.repeat(numbers[has_words], self._params.band.n_bands)
        of_seeds = np.repeat(numbers, np.diff(seeds.offsets))
        sources = {
            "bands": SegmentInput(bands[has_words].reshape(-1), of_bands, np.zeros_like(of_bands)),
            "seeds": SegmentInput(seeds.keys, of_seeds, seeds.positions),
        }
        return Prepared(stored, loaded, sources, QueryBlock(first, bands, seeds))

    def match(self, prepared: Prepared, hidden: Sequence[int]) -> list[tuple[Match, ...]]:
        """Compare a block with the stored articles and its own earlier articles.

        Parameters
        ----------
        prepared : Prepared
            The block.
        hidden : sequence of int
            Numbers of stored articles to exclude: other versions of the articles of the block.

        Returns
        -------
        list of tuple of Match
            For each article, ordered by covered share, descending.
        """
        first = prepared.asking.first
        self._search.lengths = self._live.lengths_with(prepared.loaded.tokens.counts)
        is_dead = self._live.is_dead
        was_dead = is_dead[hidden].copy()
        is_dead[hidden] = True
        # Count live articles only: a removed article keeps its number.
        n_live = first - int(np.count_nonzero(is_dead[:first]))
        self._search.n_articles = n_live + len(prepared.stored)
        try:
            lookups = self._live.look_up(prepared.sources)
            pool = self._pool if len(prepared.stored) > 1 else None
            found = find_candidates([prepared.asking], *lookups, self._search, pool)
        finally:
            is_dead[hidden] = was_dead
        matches: list[list[tuple[int, Match]]] = [[] for _ in prepared.stored]
        for old, new, match in self._align(prepared, found.pairs, found.capped):
            matches[new - first].append((old, match))
        return [tuple(match for _, match in sorted(own, key=_rank)) for own in matches]

    def _align(
        self, prepared: Prepared, pairs: NDArray[np.int64], capped: NDArray[np.bool_]
    ) -> Iterator[tuple[int, int, Match]]:
        first, n_own = prepared.asking.first, len(prepared.stored)
        known, at = np.unique(pairs, return_inverse=True)
        n_old = int(np.searchsorted(known, first))
        loaded = self._load(self._store.load(known[:n_old].tolist()), prepared.loaded)
        # The querying articles come first, then the articles they are compared with.
        places = np.append(np.arange(n_own, n_own + n_old), known[n_old:] - first)
        rows = places[at].reshape(-1, 2)[:, ::-1]  # the later article is a
        pieces, sketches = Pieces.of(loaded.tokens), sketch(loaded.tokens, self._params.sketch)

        def run(part: slice) -> list[tuple[int, int, Match]]:
            settings = self._params, self._search.n_articles
            table = overlap_pairs(loaded, rows[part], pieces, sketches, *settings)
            shared, kept = table.drop_empty()
            numbers, others = pairs[part][kept].tolist(), rows[part][kept, 1].tolist()
            overlaps = shared.read(loaded.articles, capped[part][kept].tolist())
            return [
                (old, new, _make_match(loaded.articles[other], overlap))
                for (old, new), other, overlap in zip(numbers, others, overlaps, strict=True)
            ]

        for found in self._spread(run, len(rows)):
            yield from found

    def _spread(self, function: Callable[[slice], Result], n: int) -> Iterable[Result]:
        """Run a function on parts of a range, in threads if the range is large enough."""
        size = min(max(-(-n // (_PARTS * self._pool.jobs)), _MIN_PART), _MAX_PART)
        parts = [slice(low, low + size) for low in range(0, n, size)]
        return (self._pool.map if len(parts) > 1 else map)(function, parts)

    def _load(self, stored: Sequence[Stored], *known: LoadedArticles) -> LoadedArticles:
        """Tokenize articles in threads, and append them to loaded ones."""
        parts = self._spread(lambda part: self._tokenize(stored[part]), len(stored))
        every = [*known, *parts]
        articles = [article for part in every for article in part.articles]
        return LoadedArticles(articles, join_tokens([part.tokens for part in every]))

    def _tokenize_whole(self, stored: Sequence[Stored]) -> Tokens:
        tokens = tokenize([one.article.text for one in stored])
        if self._params.boilerplate.mask_credits:
            tokens = mask_credits(tokens, [one.credits for one in stored])
        return tokens

    def _tokenize(self, stored: Sequence[Stored]) -> LoadedArticles:
        """Tokenize articles without the known formulas of their outlets."""
        tokens, articles = self._tokenize_whole(stored), [one.article for one in stored]
        # An article that is too short to compare gets no postings.
        covered = np.repeat(tokens.counts < MIN_WORDS, tokens.counts)
        names = [name_outlet(article.outlet) for article in articles]
        known = {name: self._formulas[name] for name in names if name in self._formulas}
        places = {name: at for at, name in enumerate(known)}
        covered |= cover_formulas(
            tokens,
            [places.get(name, -1) for name in names],
            list(known.values()),
            self._params.boilerplate,
        )
        return LoadedArticles(articles, mask(tokens, covered))


def cut_sources(sources: dict[str, SegmentInput], number: int) -> dict[str, SegmentInput]:
    """Extract the postings of one article from those of a block.

    Parameters
    ----------
    sources : dict of str to SegmentInput
        Postings by kind, in the order of the articles.
    number : int
        Number of the article.

    Returns
    -------
    dict of str to Source
        Views.
    """
    cut = {}
    for kind, source in sources.items():
        low, high = np.searchsorted(source.articles, [number, number + 1])
        cut[kind] = source.take(slice(low, high))
    return cut


def _make_match(article: Article, overlap: Overlap) -> Match:
    return Match(article.id, article.outlet, article.published, article.url, article.title, overlap)


def _rank(numbered: tuple[int, Match]) -> tuple[float, int]:
    return -numbered[1].overlap.coverage_a, numbered[0]
