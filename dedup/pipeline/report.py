"""Run all stages: compare two articles, find the overlaps of a collection, sketch texts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.overlap import OverlapTable, Pieces
from dedup.candidates.search import Candidates
from dedup.group.family import find_families
from dedup.group.places import SharedPassages, Texts, join_shared
from dedup.group.story import Pairs, join_pairs
from dedup.mask.credit import find_all_credits
from dedup.mask.furniture import mark_furniture
from dedup.mask.mask import mask_credits
from dedup.model import Family, Overlap, Report, Story
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.params import Params, SketchParams, check_params
from dedup.pipeline.clues import ClueReader
from dedup.pipeline.collection import Collection, LoadedArticles, Rules, collect, name_texts
from dedup.pipeline.indexed import ArticleSketches, index_collection
from dedup.pipeline.memory import find_limit
from dedup.pipeline.search import (
    AlignedBlock,
    find_coverages,
    find_pairs,
    find_shared,
    mark_collection,
    mask_boilerplate,
    overlap_pairs,
    start_learning,
)
from dedup.pipeline.stories import build_stories, date_families, trace, weigh_sources
from dedup.pipeline.summaries import Summaries
from dedup.pipeline.versions import find_version_pairs
from dedup.readers.objects import Articles, Record
from dedup.runtime.machine import release_memory
from dedup.runtime.progress import Clock, Progress
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers, check_jobs
from dedup.sketches.sketch import Sketches, sketch_texts
from dedup.sketches.sketch import sketch as sketch_tokens
from dedup.text.encode import TextBuffer, split
from dedup.text.tokenize import Tokens, tokenize


def compare(
    a: Article | Record | str, b: Article | Record | str, params: Params | None = None
) -> Overlap:
    """Compare two articles, whether or not a search would have paired them.

    Parameters
    ----------
    a, b : Article, Mapping or str
        The articles to compare, or their records; those without an id are named ``a`` and ``b``.
    params : Params or None
        Defaults to the preset ``news``.

    Returns
    -------
    Overlap
        All text that they share.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> compare(text, "It was late, and the hall was empty. " + text).relation
    'contained'
    """
    params = check_params(params)
    articles = name_texts(a, b)
    texts = [article.text for article in articles]
    tokens = mark_furniture(tokenize(texts), texts)
    if params.boilerplate.mask_credits:
        tokens = mask_credits(tokens, find_all_credits(texts))
    table = compare_loaded(LoadedArticles(articles, tokens), Census(2), params)
    versions = find_version_pairs(articles, table.passages.pairs) & table.are_counted
    (overlap,) = table.read(articles, versions=versions.tolist())
    return overlap


def compare_loaded(loaded: LoadedArticles, census: Census, params: Params) -> OverlapTable:
    """Align two articles as part of a collection, and summarize the overlap."""
    pair = np.array([[0, 1]])
    pieces, sketches = (
        Pieces.from_tokens(loaded.tokens),
        sketch_tokens(loaded.tokens, params.sketch),
    )
    return overlap_pairs(loaded, pair, pieces, sketches, census, params)


def find_overlaps(  # noqa: PLR0913 - the options of the command line, by name
    articles: Articles,
    params: Params | None = None,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    strict: bool = False,
    memory: int | None = None,
    against: Articles = (),
    emit: Callable[[Overlap], None] | None = None,
    emit_lines: Callable[[Iterable[str]], None] | None = None,
    outlets: Mapping[str, str] | None = None,
    days: float | None = None,
) -> Report:
    """Find every passage that any two articles of a collection share.

    Parameters
    ----------
    articles : iterable of Article or Mapping, or data frame
        The collection. Records have the fields of :meth:`Article.from_dict`; a data frame is any
        with the Arrow interface (pandas, polars, pyarrow). A record that cannot be read is
        skipped. The order does not matter. Two articles with one id and one text count
        once; of two texts with one id the later by outlet, URL and text is named ``id#`` and a
        digest.
    params : Params or None
        Defaults to the preset ``news``.
    jobs : int or None
        Threads; None for all processors. Results do not depend on it.
    progress : callable or None
        Called as ``progress(stage, n_done, n_total)`` with numbers of articles or, in ``align``,
        of pairs. The total is None if unknown.
    strict : bool
        Whether a record that cannot be read or compared is an error.
    memory : int or None
        Memory budget in bytes; None for half of the memory of the machine or container. The rest
        spills to temporary files, with the same results. ``docs/performance.md`` lists the memory
        outside the budget.
    against : iterable of Article or Mapping, or data frame
        Articles that were compared with one another before: pairs of two of them are not
        reported. In an overlap with a new article the old one is ``a``.
    emit : callable or None
        Called with each overlap as soon as it is found, in order. The report then contains no
        overlaps and loads its articles on access.
    emit_lines : callable or None
        As `emit`, but called with the lines of some overlaps, as ``--format jsonl`` writes them.
        That is faster, because no `Overlap` is made.
    outlets : mapping of str to str or None
        Outlet for each name that you want to change, before the table and the rule that know
        names of one outlet (``CBSNews``, ``www.cbsnews.com``). Map a name to itself to keep it.
    days : float or None
        Compare only articles published at most this many days apart; 0 compares all. Articles
        without a date are compared with all. None for `candidate.days` of the parameters.

    Returns
    -------
    Report
        Articles and overlaps by id, families, skipped articles, timings and counts.

    Raises
    ------
    ReadError
        If `strict`, for a record that cannot be read or has too few words.
    ParameterError
        If `jobs` is less than 1, `memory` is below the minimum, `days` is negative, or an item is
        no article and no record.
    MissingExtra
        If a data frame is given and ``pyarrow`` is not installed.
    OSError
        If temporary files run out of space.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> longer = "It was late, and the hall was empty. " + text
    >>> pair = [Article("b", text), {"id": "a", "body": longer}]
    >>> [(found.a, found.b, found.relation) for found in find_overlaps(pair).overlaps]
    [('a', 'b', 'contains')]
    """
    check_jobs(jobs)
    limit = find_limit(memory)
    params = check_params(params)
    if days is not None:
        params = replace(params, candidate=replace(params.candidate, days=days))
    job = _Job(params, jobs, Clock(progress), strict, limit, outlets or {})
    take: Callable[[AlignedBlock], None] | None = None
    if emit_lines is not None:
        take = partial(_emit_lines, emit_lines)
    elif emit is not None:
        take = partial(_emit_overlaps, emit)
    return job.run(articles, against, take)


def _emit_lines(emit: Callable[[Iterable[str]], None], block: AlignedBlock) -> None:
    emit(block.lines)


def _emit_overlaps(emit: Callable[[Overlap], None], block: AlignedBlock) -> None:
    for overlap in block.overlaps:
        emit(overlap)


class _Told(NamedTuple):
    """Stories and families of a report, and how many occurrences were not looked for."""

    stories: tuple[Story, ...]
    families: tuple[Family, ...]
    n_capped: int


class _Job(NamedTuple):
    """One run of :func:`find_overlaps`."""

    params: Params
    jobs: int | None
    clock: Clock
    strict: bool
    limit: int
    outlets: Mapping[str, str]

    @contextmanager
    def _stage(self, name: str, n_total: int | None = None) -> Iterator[Callable[[int], None]]:
        """Time a stage; what it frees is not kept for the next one, which needs other sizes."""
        with self.clock.stage(name, n_total) as advance:
            yield advance
            release_memory()

    def run(
        self,
        articles: Articles,
        against: Articles = (),
        take: Callable[[AlignedBlock], None] | None = None,
    ) -> Report:
        params, memory = self.params, MemoryBudget(self.limit)
        overlaps: list[Overlap] = []
        with Workers(self.jobs) as pool:
            with self._stage("read") as advance:
                rules = Rules(params.boilerplate.mask_credits, self.strict, outlets=self.outlets)
                collection, skipped = collect(articles, pool, memory, rules, advance, against)
            census = Census.of_outlets(collection.outlets, n := len(collection))
            with self._stage("boilerplate", n) as advance:
                boilerplate = mask_boilerplate(collection, params.boilerplate, pool, advance)
                learned = start_learning(collection, params.boilerplate, pool)
            with self._stage("index", n) as advance:
                searchable = index_collection(collection, params, memory, pool, advance)
            with self._stage("candidates", n - collection.n_old) as advance:
                candidates = find_pairs(
                    searchable, collection, census, params, memory, pool, advance
                )
                n_seeds, sketches = int(searchable.n_seeds.sum()), searchable.keep_sketches()
                del searchable
                census = mark_collection(collection, learned, census, pool)
            with self._stage("align", len(candidates.pairs)) as advance:
                reader = ClueReader(collection, census)
                blocks = find_shared(collection, sketches, candidates, census, params, reader, pool)
                keep = partial(_emit_overlaps, overlaps.append)
                pairs, shared = _take(blocks, take or keep, advance)
            told = self._tell(collection, sketches, (pairs, shared), reader, census, pool)
            coverages = pool.call(find_coverages, sketches, shared)
        summaries = Summaries(collection, coverages, reader)
        return Report(
            summaries if take else tuple(summaries),
            tuple(overlaps),
            told.families,
            told.stories,
            boilerplate,
            skipped,
            params.to_dict(),
            self.clock.timings,
            _count(collection, n_seeds, candidates) | {"n_capped_occurrences": told.n_capped},
        )

    def _tell(
        self,
        collection: Collection,
        sketches: ArticleSketches,
        found: tuple[Pairs, SharedPassages],
        reader: ClueReader,
        census: Census,
        pool: Workers,
    ) -> _Told:
        """Find the stories and families of what articles share."""
        with self._stage("story"):
            # The core groups passages meanwhile.
            grouping = pool.submit(find_families, found[1], _texts(collection))
            traces = trace(collection, found, reader, self.params, pool)
            census = census.with_naming([traces.naming])
            model = weigh_sources(collection, traces, census)
            stories = build_stories(
                collection, sketches.load_pieces, found[1], traces, model, census
            )
        with self._stage("family"):
            families, n_capped = grouping.result()
            families = date_families(families, collection, model)
        reader.forget_clues()
        return _Told(stories, families, n_capped)


def _take(
    blocks: Iterable[AlignedBlock],
    take: Callable[[AlignedBlock], None],
    advance: Callable[[int], None],
) -> tuple[Pairs, SharedPassages]:
    """Take the overlaps of each aligned block, and join the tables of all blocks."""
    parts: list[tuple[Pairs, SharedPassages]] = []
    n_pairs = 0
    for block in blocks:
        take(block)
        parts.append((block.pairs, block.shared))
        n_pairs += block.n_pairs
        advance(n_pairs)
    return join_pairs([one for one, _ in parts]), join_shared([one for _, one in parts])


def _count(collection: Collection, n_seeds: int, candidates: Candidates) -> dict[str, int]:
    n_words = int(collection.n_words.sum())
    return {
        "n_words": n_words,
        "n_words_masked": n_words - int(collection.tokens.lengths.sum()),
        "n_seeds": n_seeds,
        "n_candidates": len(candidates.pairs),
        "n_read_postings": candidates.n_read,
        "n_capped_postings": candidates.n_capped,
    }


def _texts(collection: Collection) -> Texts:
    def load(numbers: NDArray[np.int64]) -> tuple[list[str], Tokens]:
        loaded = collection.load(numbers)
        return loaded.texts, loaded.tokens

    lengths = collection.tokens.lengths
    return Texts(collection.ids, collection.published, lengths, load, collection.tokens.load)


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
        Any texts, including lone surrogates and NULs. An Arrow column is any object with the
        PyCapsule interface (pyarrow, polars, pandas with Arrow types); a null counts as an empty
        text. Columns and buffers are read without creating Python strings.
    params : Params or SketchParams or None
        Defaults to the preset ``news``. Only the block ``sketch`` is used; you may pass that block
        alone.
    jobs : int or None
        Threads; None for all processors. Results do not depend on it.

    Returns
    -------
    Sketches
        One row per text, in the same order.

    Raises
    ------
    ParameterError
        If `jobs` is less than 1, or `texts` contains an item that is not a text.
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
    block = params if isinstance(params, SketchParams) else check_params(params).sketch
    return sketch_texts(batches, block, jobs or os.cpu_count() or 1)
