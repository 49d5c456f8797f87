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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.errors import ParameterError, ReadError
from dedup.index.memory import MemoryPostings
from dedup.kernels.comparing import EMPTY
from dedup.model import (
    Article,
    ArticleSummary,
    Credit,
    Overlap,
    Passage,
    Report,
    Skipped,
    Span,
)
from dedup.params import BoilerplateParams, Params, SketchParams
from dedup.stages.align import align
from dedup.stages.candidates import Candidates, find_candidates
from dedup.stages.credit import find_credits
from dedup.stages.encode import TextBuffer, split
from dedup.stages.family import find_families
from dedup.stages.mask import MIN_WORDS, mask_collection, mask_credits
from dedup.stages.overlap import coverage, make_overlap
from dedup.stages.quote import attribute
from dedup.stages.seed import Seeds, find_seeds
from dedup.stages.sketch import Sketches, sketch_texts
from dedup.stages.sketch import sketch as sketch_tokens
from dedup.stages.tokenize import Tokens, tokenize

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
    _compile()
    params = params or Params()
    articles = [
        article if isinstance(article, Article) else Article(name, article)
        for name, article in (("a", a), ("b", b))
    ]
    texts = [article.text for article in articles]
    tokens = tokenize(texts)
    if params.boilerplate.mask_credits:
        tokens = mask_credits(tokens, [find_credits(text) for text in texts])
    pairs = np.array([[0, 1]])
    (passages,) = attribute(texts, tokens, pairs, align(texts, tokens, pairs, params))
    jaccard = sketch_tokens(tokens, params.sketch).jaccard(np.array([0]), np.array([1]))
    return make_overlap(
        (articles[0].id, articles[1].id),
        (tokens.pieces(0), tokens.pieces(1)),
        passages,
        float(jaccard[0]),
        params.overlap,
    )


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
    _check_jobs(jobs)
    _compile()
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
            collection, skipped = _collect(articles, pool, strict)
        with clock.stage("boilerplate"):
            articles, everything = collection.articles, collection.tokens
            masked = mask_collection(articles, everything, params.boilerplate, pool)
            collection = _Collection(articles, masked.tokens)
        with clock.stage("sketch"):
            sketches = sketch_tokens(collection.tokens, params.sketch)
        with clock.stage("seed"):
            seeds = find_seeds(collection.tokens, params.seed)
        with clock.stage("candidates"):
            candidates = _find_candidates(sketches, seeds, params, pool)
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
    _check_jobs(jobs)
    batches = split(texts)
    _compile_sketch()
    block = params if isinstance(params, SketchParams) else (params or Params()).sketch
    return sketch_texts(batches, block, jobs or os.cpu_count() or 1)


def _check_jobs(jobs: int | None) -> None:
    if jobs is not None and (type(jobs) is not int or jobs < 1):
        raise ParameterError(f"jobs must be a whole number from 1 up, not {jobs!r}")


@cache
def _compile() -> None:
    """Have every kernel of a search compiled or loaded, and say so if that takes a while."""
    with _patience("a minute or two"):
        twice = [Article(name, "Nothing stands written here.") for name in "ab"]
        # For so few articles to be searched for boilerplate, too.
        few = replace(Params(), boilerplate=BoilerplateParams(min_articles=1, unknown_factor=1))
        _find_overlaps(twice, few, _Clock(None), 1, strict=False)


@cache
def _compile_sketch() -> None:
    with _patience("a few seconds"):
        sketch_texts(split(["Nothing stands written here."]), Params().sketch)


@contextmanager
def _patience(duration: str) -> Iterator[None]:
    notice = Timer(_NOTICE_AFTER, _log.info, [_COMPILING, duration])
    notice.daemon = True
    notice.start()
    try:
        yield
    finally:
        notice.cancel()


class _Collection(NamedTuple):
    articles: list[Article]
    tokens: Tokens

    @property
    def texts(self) -> list[str]:
        return [article.text for article in self.articles]


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


def _collect(
    articles: Iterable[Article], pool: ThreadPoolExecutor, strict: bool
) -> tuple[_Collection, tuple[Skipped, ...]]:
    """Sort the articles by id and tokenize them; name those that cannot be compared."""
    by_id: dict[str, Article] = {}
    places: dict[str, tuple[str, int | None]] = {}
    faults: list[Skipped] = []
    for article in articles:
        if not isinstance(article, Article):
            raise ParameterError(f"articles must be of Article, not {type(article).__name__}")
        place = getattr(articles, "place", (article.id, None))
        if article.id in by_id:
            reason = f"an article of the id {article.id!r} came before"
            faults.append(Skipped(place[0], reason, place[1]))
            _check(faults, strict)
        else:
            by_id[article.id], places[article.id] = article, place
    ordered = [by_id[name] for name in sorted(by_id)]
    tokens = tokenize([article.text for article in ordered], pool)
    has_words = tokens.counts >= MIN_WORDS
    for number in np.flatnonzero(~has_words):
        article, n_words = ordered[number], tokens.counts[number]
        path, line = places[article.id]
        reason = f"text has {n_words} of the {MIN_WORDS} words that a comparison needs"
        faults.append(Skipped(path, reason, line))
        _check(faults, strict)
    if not has_words.all():
        ordered = [ordered[number] for number in np.flatnonzero(has_words)]
        tokens = tokens.select(np.flatnonzero(has_words))
    skipped = [*getattr(articles, "skipped", ()), *sorted(faults, key=str)]
    return _Collection(ordered, tokens), tuple(skipped)


def _check(faults: Sequence[Skipped], strict: bool) -> None:
    if strict:
        raise ReadError(faults[-1].path, faults[-1].reason, faults[-1].line)
    _log.warning("skipped %s", faults[-1])


def _find_candidates(
    sketches: Sketches, seeds: Seeds, params: Params, pool: ThreadPoolExecutor
) -> Candidates:
    bands = sketches.bands(params.band)
    articles = np.arange(len(bands), dtype=np.uint32)
    # Articles of which nothing is left have the same bands, and nothing in common.
    has_words = sketches.signatures[:, 0] != EMPTY
    by_band = MemoryPostings(
        bands[has_words].reshape(-1),
        np.repeat(articles[has_words], params.band.n_bands),
        np.zeros(has_words.sum() * params.band.n_bands, np.uint32),
    )
    by_seed = MemoryPostings(
        seeds.keys, np.repeat(articles, np.diff(seeds.offsets)), seeds.positions
    )
    return find_candidates(bands, by_band, seeds, by_seed, params.candidate, pool)


def _align(
    collection: _Collection,
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
    collection: _Collection,
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
    collection: _Collection,
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
