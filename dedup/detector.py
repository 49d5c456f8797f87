"""The front door of the engine: the only place where the stages meet a look-up."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from threading import Timer

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, Credit, Span
from dedup.blocks import BoilerplateParams, SketchParams
from dedup.errors import ParameterError
from dedup.index.memory import MemoryPostings
from dedup.kernels.comparing import EMPTY
from dedup.model import ArticleSummary, Overlap, Passage, Report
from dedup.params import Params
from dedup.stages.align import align
from dedup.stages.candidates import Candidates, find_candidates
from dedup.stages.collect import Collection, collect, name_texts
from dedup.stages.credit import find_credits
from dedup.stages.encode import TextBuffer, split
from dedup.stages.family import find_families
from dedup.stages.mask import mask_collection, mask_credits
from dedup.stages.overlap import coverage, make_overlap
from dedup.stages.quote import attribute
from dedup.stages.seed import Seeds, find_seeds
from dedup.stages.sketch import Sketches, sketch_texts
from dedup.stages.sketch import sketch as sketch_tokens
from dedup.stages.tokenize import tokenize

Progress = Callable[[str, int, "int | None"], None]

_log = logging.getLogger("dedup")
# Seconds after which the person who waits for the compiler is told; a cache loads sooner.
_NOTICE_AFTER = 2.0
_COMPILING = "compiling the engine for this machine, once after installation; %s"
# Pairs aligned between two reports of progress.
_STEP = 2048


def compare(a: Article | str, b: Article | str, params: Params | None = None) -> Overlap:
    """Compare two articles, whether or not a search would have paired them.

    Parameters
    ----------
    a, b : Article or str
        What to compare; bare texts are named ``a`` and ``b``.
    params : Params or None
        Defaults to the preset ``news``.

    Returns
    -------
    Overlap
        All that they share.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> compare(text, "It was late, and nobody had come. " + text).relation
    'contained'
    """
    compile_search()
    params = params or Params()
    articles = name_texts(a, b)
    texts = [article.text for article in articles]
    tokens = tokenize(texts)
    if params.boilerplate.mask_credits:
        tokens = mask_credits(tokens, [find_credits(text) for text in texts])
    jaccard = sketch_tokens(tokens, params.sketch).jaccard(0, 1)
    return compare_two(Collection(articles, tokens), (0, 1), jaccard, params)


def compare_two(
    collection: Collection, pair: tuple[int, int], jaccard: float, params: Params
) -> Overlap:
    """Align two articles of a collection and sum up what they share."""
    texts, tokens, pairs = collection.texts, collection.tokens, np.array([pair])
    aligned = align(texts, tokens, pairs, params, n_articles=len(texts))
    (passages,) = attribute(texts, tokens, pairs, aligned)
    a, b = pair
    ids = collection.articles[a].id, collection.articles[b].id
    pieces = tokens.pieces(a), tokens.pieces(b)
    return make_overlap(ids, pieces, passages, jaccard, params.overlap)


def find_overlaps(
    articles: Iterable[Article],
    params: Params | None = None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    strict: bool = False,
) -> Report:
    """Find every passage that any two articles of a collection share.

    Parameters
    ----------
    articles : iterable of Article
        The collection, in any order; its order changes nothing, unless two have one id:
        then the first counts. An attribute ``skipped``,
        as what :func:`dedup.read` returns has it, goes into the report; so does
        its ``place``, file and line of the article that came last, where one is at fault.
    params : Params or None
        Defaults to the preset ``news``.
    jobs : int or None
        Threads; all processors if None. Their number changes nothing.
    progress : callable or None
        Called as ``progress(stage, n_done, n_total)``.
    strict : bool
        Whether an article that cannot be compared is an error.

    Returns
    -------
    Report
        Articles and overlaps by id, families, what was skipped, timings and counts.

    Raises
    ------
    ReadError
        If `strict`, for an article with too few words or an id seen before.
    ParameterError
        If `jobs` is less than 1, or something is no Article.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> pair = [Article("b", text), Article("a", "It was late, and nobody had come. " + text)]
    >>> [(found.a, found.b, found.relation) for found in find_overlaps(pair).overlaps]
    [('a', 'b', 'contains')]
    """
    check_jobs(jobs)
    compile_search()
    return _find_overlaps(articles, params or Params(), _Clock(progress), jobs, strict)


def _find_overlaps(
    articles: Iterable[Article],
    params: Params,
    clock: _Clock,
    jobs: int | None,
    strict: bool,
) -> Report:
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        with clock.stage("read"):
            collection, skipped = collect(articles, pool, strict)
        with clock.stage("boilerplate"):
            articles, everything = collection.articles, collection.tokens
            masked = mask_collection(articles, everything, params.boilerplate, pool)
            collection = Collection(articles, masked.tokens)
        with clock.stage("sketch"):
            sketches = sketch_tokens(collection.tokens, params.sketch)
        with clock.stage("seed"):
            seeds = find_seeds(collection.tokens, params.seed)
        with clock.stage("candidates"):
            candidates = find_pairs(
                sketches, seeds, index_seeds(seeds), collection.tokens.counts, params, pool
            )
        with clock.stage("align", len(candidates.pairs)):
            passages = _align(collection, candidates.pairs, params, pool, clock)
    overlaps = _sum_up(collection, candidates, passages, sketches, params)
    with clock.stage("family"):
        families, n_left = find_families(
            overlaps, collection.articles, collection.tokens, params.family
        )
    counts = {
        "n_words": len(everything.hashes),
        "n_words_masked": len(everything.hashes) - len(masked.tokens.hashes),
        "n_seeds": len(seeds.keys),
        "n_candidates": len(candidates.pairs),
        "n_postings_left_aside": candidates.n_left,
        "n_occurrences_left_aside": n_left,
    }
    return Report(
        _summarize(collection, masked.credits, overlaps),
        overlaps,
        families,
        masked.boilerplate,
        skipped,
        params.to_dict(),
        clock.timings,
        counts,
    )


def sketch(
    texts: Iterable[str] | TextBuffer,
    params: Params | SketchParams | None = None,
    *,
    jobs: int | None = None,
) -> Sketches:
    """Sketch texts.

    Parameters
    ----------
    texts : iterable of str, or Arrow string column, or TextBuffer
        Any text, lone surrogates and NULs included. An Arrow column is anything with the
        PyCapsule interface (pyarrow, polars, pandas of Arrow types); a null in it is an
        empty text. Of a column or a buffer no Python string is made.
    params : Params or SketchParams or None
        Defaults to the preset ``news``; of all blocks only ``sketch`` matters, which may also
        be given alone.
    jobs : int or None
        Threads; all processors if None. Their number changes nothing.

    Returns
    -------
    Sketches
        One row a text, in the same order.

    Raises
    ------
    ParameterError
        If `jobs` is less than 1, or `texts` holds anything but texts.
    MissingExtra
        If `texts` is an Arrow column and ``pyarrow`` is not installed.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> sketch([text, "It was late."]).signatures.shape
    (2, 128)
    """
    check_jobs(jobs)
    batches = split(texts)
    _compile_sketch()
    block = params if isinstance(params, SketchParams) else (params or Params()).sketch
    return sketch_texts(batches, block, jobs or os.cpu_count() or 1)


def check_jobs(jobs: int | None) -> None:
    """Refuse a number of threads that is none."""
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise ParameterError(f"jobs must be a whole number from 1 up, not {jobs!r}")


@cache
def compile_search() -> None:
    """Have every kernel of a search compiled or loaded, and say so if that takes a while."""
    with patience("a minute or two"):
        twice = [Article(name, "Nothing stands written here.") for name in "ab"]
        # For so few articles to be searched for boilerplate, too.
        few = replace(Params(), boilerplate=BoilerplateParams(min_articles=1, unknown_factor=1))
        _find_overlaps(twice, few, _Clock(None), 1, strict=False)


@cache
def _compile_sketch() -> None:
    with patience("a few seconds"):
        sketch_texts(split(["Nothing stands written here."]), Params().sketch)


@contextmanager
def patience(duration: str) -> Iterator[None]:
    """Say that the engine is compiled, if that takes a while."""
    notice = Timer(_NOTICE_AFTER, _log.info, [_COMPILING, duration])
    notice.daemon = True
    notice.start()
    try:
        yield
    finally:
        notice.cancel()


class _Clock:
    """Times the stages and tells how far they are."""

    def __init__(self, progress: Progress | None) -> None:
        self.timings: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def stage(self, name: str, n_total: int | None = None) -> Iterator[None]:
        start = time.perf_counter()
        self.advance(name, 0, n_total)
        yield
        self.advance(name, n_total or 1, n_total or 1)
        self.timings[name] = time.perf_counter() - start

    def advance(self, name: str, n_done: int, n_total: int | None) -> None:
        if self._progress:
            self._progress(name, n_done, n_total)


def index_seeds(seeds: Seeds) -> MemoryPostings:
    """Make the look-up of articles by seed."""
    articles = np.arange(len(seeds.offsets) - 1, dtype=np.uint32)
    return MemoryPostings(seeds.keys, np.repeat(articles, np.diff(seeds.offsets)), seeds.positions)


def find_pairs(
    sketches: Sketches,
    seeds: Seeds,
    by_seed: MemoryPostings,
    lengths: NDArray[np.int64],
    params: Params,
    pool: ThreadPoolExecutor,
) -> Candidates:
    """Find the pairs to align."""
    bands = sketches.bands(params.band)
    articles = np.arange(len(bands), dtype=np.uint32)
    # Articles of which nothing is left have the same bands, and nothing in common.
    has_words = sketches.signatures[:, 0] != EMPTY
    by_band = MemoryPostings(
        bands[has_words].reshape(-1),
        np.repeat(articles[has_words], params.band.n_bands),
        np.zeros(has_words.sum() * params.band.n_bands, np.uint32),
    )
    return find_candidates(bands, by_band, seeds, by_seed, lengths, params.candidate, pool)


def _align(
    collection: Collection,
    pairs: NDArray[np.int64],
    params: Params,
    pool: ThreadPoolExecutor,
    clock: _Clock,
) -> list[tuple[Passage, ...]]:
    found: list[tuple[Passage, ...]] = []
    texts = collection.texts
    for first in range(0, len(pairs), _STEP):
        step = pairs[first : first + _STEP]
        aligned = align(texts, collection.tokens, step, params, pool, len(texts))
        found += attribute(texts, collection.tokens, step, aligned)
        clock.advance("align", len(found), len(pairs))
    return found


def _sum_up(
    collection: Collection,
    candidates: Candidates,
    passages: Sequence[tuple[Passage, ...]],
    sketches: Sketches,
    params: Params,
) -> tuple[Overlap, ...]:
    kept = [number for number, found in enumerate(passages) if found]
    pairs = candidates.pairs[kept]
    jaccards = sketches.jaccard(pairs[:, 0].copy(), pairs[:, 1].copy())
    overlaps = []
    for number, (a, b), jaccard in zip(kept, pairs.tolist(), jaccards.tolist(), strict=True):
        overlap = make_overlap(
            (collection.articles[a].id, collection.articles[b].id),
            (collection.tokens.pieces(a), collection.tokens.pieces(b)),
            passages[number],
            jaccard,
            params.overlap,
        )
        is_cut = bool(candidates.is_cut[number])
        overlaps.append(replace(overlap, abridged=True) if is_cut else overlap)
    return tuple(overlaps)


def _summarize(
    collection: Collection,
    credits: Sequence[tuple[Credit, ...]],
    overlaps: Iterable[Overlap],
) -> tuple[ArticleSummary, ...]:
    spans: dict[str, list[Span]] = {article.id: [] for article in collection.articles}
    for overlap in overlaps:
        spans[overlap.a] += (passage.a for passage in overlap.passages)
        spans[overlap.b] += (passage.b for passage in overlap.passages)
    return tuple(
        ArticleSummary(
            article, coverage(spans[article.id], collection.tokens.pieces(number)), credits[number]
        )
        for number, article in enumerate(collection.articles)
    )
