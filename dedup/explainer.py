"""Explanations of single pairs: the stages of a report, and what each saw of two articles."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from dedup.article import Article
from dedup.detector import (
    check_jobs,
    compare_two,
    compile_search,
    find_pairs,
    index_seeds,
    patience,
)
from dedup.errors import ParameterError
from dedup.explanation import Explanation
from dedup.params import Params
from dedup.stages.collect import Collection, collect, name_texts
from dedup.stages.credit import find_credits
from dedup.stages.explain import Subject, explain_pair
from dedup.stages.mask import Masked, mask_collection, mask_credits
from dedup.stages.seed import find_seeds
from dedup.stages.sketch import sketch
from dedup.stages.tokenize import tokenize


def explain(
    a: Article | str,
    b: Article | str,
    params: Params | None = None,
    *,
    among: Iterable[Article] | None = None,
    jobs: int | None = None,
) -> Explanation:
    """Tell why two articles are reported, or not: what each stage saw, and what decided.

    Parameters
    ----------
    a, b : Article or str
        The two articles; bare texts are named ``a`` and ``b``. With `among`, a string is the id
        of one of its articles.
    params : Params or None
        Defaults to the preset ``news``.
    among : iterable of Article or None
        The collection of a report: its boilerplate is masked, and what many of its articles
        share counts less. None for the two alone, as in :func:`dedup.compare`.
    jobs : int or None
        Threads; all processors if None. Their number changes nothing.

    Returns
    -------
    Explanation
        Its ``verdict`` is one sentence or two.

    Raises
    ------
    ParameterError
        If `among` has no such article, or none that a report takes; if both are one article of
        it; or if `jobs` is less than 1.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> found = explain(text, "It was late, and nobody had come. " + text)
    >>> found.is_reported, found.verdict.split(";")[0]
    (True, 'A and B share 1 passage')
    """
    check_jobs(jobs)
    compile_search()
    _compile_explain()
    return _explain(a, b, params or Params(), among, jobs)


def _explain(
    a: Article | str,
    b: Article | str,
    params: Params,
    among: Iterable[Article] | None,
    jobs: int | None,
) -> Explanation:
    with ThreadPoolExecutor(jobs or os.cpu_count() or 1) as pool:
        if among is None:
            articles = name_texts(a, b)
            collection, pair = (
                Collection(articles, tokenize([one.text for one in articles])),
                (0, 1),
            )
            masked = _mask_two(collection, params)
        else:
            collection, _ = collect(among, pool, strict=False)
            pair = _find(collection, a), _find(collection, b)
            if pair[0] == pair[1]:
                raise ParameterError(f"a and b are both {collection.articles[pair[0]].id!r}")
            masked = mask_collection(*collection, params.boilerplate, pool)
        tokens = masked.tokens
        sketches, seeds = sketch(tokens, params.sketch), find_seeds(tokens, params.seed)
        lookup = index_seeds(seeds)
        candidates = find_pairs(sketches, seeds, lookup, tokens.counts, params, pool)
    subject = Subject(
        collection.articles,
        pair,
        (int(collection.tokens.counts[pair[0]]), int(collection.tokens.counts[pair[1]])),
        tokens,
        masked.boilerplate,
        sketches,
        seeds,
        lookup,
        candidates,
    )
    overlap = compare_two(
        Collection(collection.articles, tokens), pair, sketches.jaccard(*pair), params
    )
    return explain_pair(subject, overlap, params)


def _mask_two(collection: Collection, params: Params) -> Masked:
    credits = [find_credits(text) for text in collection.texts]
    is_masked = params.boilerplate.mask_credits
    tokens = mask_credits(collection.tokens, credits) if is_masked else collection.tokens
    return Masked(tokens, credits, ())


def _find(collection: Collection, wanted: Article | str) -> int:
    name = wanted.id if isinstance(wanted, Article) else wanted
    for number, article in enumerate(collection.articles):
        if article.id == name:
            return number
    raise ParameterError(
        f"no article of the id {name!r} among the {len(collection.articles):,} that a report takes"
    )


@cache
def _compile_explain() -> None:
    with patience("a few seconds"):
        _explain("Nothing is written here.", "Nothing else is.", Params(), None, 1)
