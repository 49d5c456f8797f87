"""Explanations of single pairs: run the stages of a report, and show the evidence of each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dedup.candidates.window import find_lows
from dedup.errors import ParameterError
from dedup.mask.mask import MIN_WORDS
from dedup.model.article import Article
from dedup.model.census import Census
from dedup.model.explanation import Explanation
from dedup.params import Params, check_params
from dedup.pipeline.collection import Collection, LoadedArticles, Rules, collect, name_texts
from dedup.pipeline.examine import Subject, explain_pair
from dedup.pipeline.indexed import index_collection
from dedup.pipeline.memory import find_limit
from dedup.pipeline.report import compare_loaded
from dedup.pipeline.search import (
    find_pairs,
    mark_collection,
    mask_boilerplate,
    start_learning,
)
from dedup.readers.objects import Articles, Record, to_article
from dedup.runtime.spill import MemoryBudget
from dedup.runtime.workers import Workers, check_jobs


def explain(
    a: Article | Record | str,
    b: Article | Record | str,
    params: Params | None = None,
    *,
    among: Articles | None = None,
    jobs: int | None = None,
) -> Explanation:
    """Explain why two articles are reported, or not, stage by stage.

    Parameters
    ----------
    a, b : Article, Mapping or str
        The two articles or their records; bare texts are named ``a`` and ``b``. With `among`, a
        string is the id of one of its articles.
    params : Params or None
        Defaults to the preset ``news``.
    among : iterable of Article or Mapping, data frame, or None
        The collection of a report: its boilerplate is masked, and text that many of its articles
        share counts less. None compares the two alone, as :func:`dedup.compare` does.
    jobs : int or None
        Threads; None for all processors. Results do not depend on it.

    Returns
    -------
    Explanation
        Its ``verdict`` is one or two sentences.

    Raises
    ------
    ParameterError
        If `among` does not contain one of the two, or a report would skip one; if both are the
        same article; or if `jobs` is less than 1.

    Examples
    --------
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> found = explain(text, "It was late, and the hall was empty. " + text)
    >>> found.is_reported, found.verdict.split(";")[0]
    (True, 'A and B share 1 passage')
    """
    check_jobs(jobs)
    return _explain(a, b, check_params(params), among, jobs)


def _explain(
    a: Article | Record | str,
    b: Article | Record | str,
    params: Params,
    among: Articles | None,
    jobs: int | None,
) -> Explanation:
    if among is None:
        # The two may be short or have the same id.
        given = name_texts(a, b)
        renamed = [Article(name, one.text) for name, one in zip("ab", given, strict=True)]
        alone = replace(params.boilerplate, min_articles=0)
        return _explain_two(renamed, ("a", "b"), replace(params, boilerplate=alone), jobs, given)
    wanted = tuple(one if isinstance(one, str) else to_article(one).id for one in (a, b))
    return _explain_two(among, wanted, params, jobs)


def _explain_two(
    among: Articles,
    wanted: tuple[str, ...],
    params: Params,
    jobs: int | None,
    given: list[Article] | None = None,
) -> Explanation:
    memory = MemoryBudget(find_limit(None))
    least = 0 if given else MIN_WORDS
    rules = Rules(params.boilerplate.mask_credits, min_words=least)
    with Workers(jobs) as pool:
        collection, _ = collect(among, pool, memory, rules, _ignore)
        numbers = np.array([_find(collection, name) for name in wanted])
        if numbers[0] == numbers[1]:
            raise ParameterError(f"a and b are both {wanted[0]!r}")
        boilerplate = mask_boilerplate(collection, params.boilerplate, pool, _ignore)
        census = Census.of_outlets(collection.outlets, len(collection))
        learned = start_learning(collection, params.boilerplate, pool)
        census = mark_collection(collection, learned, census, pool)
        searchable = index_collection(collection, params, memory, pool, _ignore)
        candidates = find_pairs(searchable, collection, census, params, memory, pool, _ignore)
    articles, tokens = collection.load(numbers)
    ranks = np.argsort(searchable.order)[numbers]
    lows = find_lows(collection.published[searchable.order], 0, params.candidate.days)
    subject = Subject(
        given or articles,
        numbers,
        ranks,
        int(lows[ranks.max()]),
        census,
        collection.n_words[numbers],
        tokens,
        boilerplate,
        searchable.load_sketches(numbers, params),
        searchable.load_seeds(ranks),
        searchable.by_seed,
        candidates,
    )
    table = compare_loaded(LoadedArticles(subject.articles, tokens), census, params)
    return explain_pair(subject, table, params)


def _find(collection: Collection, name: str) -> int:
    if name not in collection.ids:
        raise ParameterError(
            f"no article of the id {name!r} among the {len(collection):,} that a report takes"
        )
    return collection.ids.index(name)


def _ignore(n_done: int) -> None:
    """Ignore progress."""
