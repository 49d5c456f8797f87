"""Tokens to boilerplate: what an outlet repeats across its own unrelated articles."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article, Span
from dedup.blocks import BoilerplateParams, SeedParams
from dedup.kernels import repeating, sketching
from dedup.kernels.comparing import EMPTY
from dedup.kernels.tokenizing import IS_CONTENT
from dedup.model import Basis, Boilerplate
from dedup.stages.seed import find_seeds
from dedup.stages.tokenize import Tokens

# What an article is about: pairs of words near one another that unrelated articles do not share.
# All of them and not a sample, in signatures fine enough for the small resemblances of texts
# that tell of one event in other words.
_REST = SeedParams(min_bits=14.0, sample=1, max_repeats=1)
_N_PERM = 256


class _Runs(NamedTuple):
    """Runs of repeated tokens in articles of one outlet.

    Article, first token and one past the last, shape (n, 3), counted within the outlet; the
    name of the unit of each; a hash of its tokens.
    """

    places: NDArray[np.int64]
    units: NDArray[np.uint64]
    hashes: NDArray[np.uint64]


def find_boilerplate(
    articles: Sequence[Article],
    tokens: Tokens,
    params: BoilerplateParams,
    pool: ThreadPoolExecutor | None = None,
) -> tuple[tuple[Boilerplate, ...], NDArray[np.bool_]]:
    """Find what outlets repeat across their own unrelated articles.

    Each outlet is searched by itself, so that no copy in another one, nor any number of them,
    makes a text boilerplate. Articles whose outlet is not known are searched together, and
    have to be more.

    Parameters
    ----------
    articles : sequence of Article
        The collection.
    tokens : Tokens
        Its tokens.
    params : BoilerplateParams
        How widely a text has to be spread.
    pool : ThreadPoolExecutor or None
        Threads to use.

    Returns
    -------
    tuple of (tuple of Boilerplate, ndarray of bool)
        What is repeated, by outlet, most articles first; and which tokens it covers, shape
        (n_tokens,).
    """
    masked = np.zeros(len(tokens.hashes), np.bool_)
    members: dict[str | None, list[int]] = {}
    for number, article in enumerate(articles):
        members.setdefault(article.outlet, []).append(number)

    def run(outlet: str | None) -> list[Boilerplate]:
        bounds = _stricter(params) if outlet is None else params
        least = max(bounds.min_articles, ceil(bounds.min_share * len(members[outlet])))
        if params.min_articles == 0 or len(members[outlet]) < least:
            return []
        own = np.array(members[outlet], np.int64)
        several, part = [articles[number] for number in own], tokens.select(own)
        runs = _find_runs(several, part, least, bounds)
        covered = np.zeros(len(part.hashes), np.bool_)
        repeating.cover(runs.places[:, 1], runs.places[:, 2] - runs.places[:, 1], covered)
        masked[tokens.places(own)] = covered
        return _read_units(several, part, runs)

    outlets = sorted(members, key=lambda outlet: (outlet is None, outlet or ""))
    found = (pool.map if pool else map)(run, outlets)
    return tuple(one for units in found for one in units), masked


def _stricter(params: BoilerplateParams) -> BoilerplateParams:
    return replace(
        params,
        min_articles=params.min_articles * params.unknown_factor,
        min_stories=params.min_stories * params.unknown_factor,
        min_days=params.min_days * params.unknown_factor,
    )


def _find_runs(
    articles: Sequence[Article], tokens: Tokens, least: int, params: BoilerplateParams
) -> _Runs:
    """Find the runs of repeated shingles in the articles of one outlet."""
    columns = tokens.hashes, tokens.flags, tokens.offsets
    keys, firsts, widths, owners = repeating.find_repeats(*columns, params.k, least)
    covered = np.zeros(len(tokens.hashes), np.bool_)
    repeating.cover(firsts, widths, covered)
    is_spread = _find_spread(articles, tokens, covered, (keys, owners), params)
    keys, firsts, widths = keys[is_spread], firsts[is_spread], widths[is_spread]
    covered[:] = False
    repeating.cover(firsts, widths, covered)
    places, hashes = repeating.gather_runs(
        *columns, covered, params.min_unit, params.k, params.min_words
    )
    units = hashes.copy()
    _name_units(units, places, keys, firsts, widths)
    # Formulas that happened to meet in a few articles are no text that the outlet repeats.
    _, inverse, counts = np.unique(units, return_inverse=True, return_counts=True)
    kept = counts[inverse] >= params.min_articles
    return _Runs(places[kept], units[kept], hashes[kept])


def _find_spread(
    articles: Sequence[Article],
    tokens: Tokens,
    covered: NDArray[np.bool_],
    repeats: tuple[NDArray[np.uint64], NDArray[np.int64]],
    params: BoilerplateParams,
) -> NDArray[np.bool_]:
    """Tell the repeats of unrelated articles, by what these say apart from all repeats."""
    days = [one.published.astimezone(UTC).toordinal() if one.published else -1 for one in articles]
    flags = np.where(covered, tokens.flags & ~IS_CONTENT, tokens.flags)
    rest = find_seeds(replace(tokens, flags=flags), _REST)
    signatures = np.empty((len(articles), _N_PERM), np.uint32)
    no_permutations = np.empty((2, 0), np.uint32)
    sketching.sketch_articles(rest.keys, rest.offsets, 1, no_permutations, signatures)
    signatures[np.diff(rest.offsets) < max(params.min_rest, 1)] = EMPTY
    n_covered = np.diff(np.append(0, np.cumsum(covered))[tokens.offsets])
    return repeating.keep_spread(
        *repeats,
        np.array(days),
        signatures,
        2 * n_covered <= tokens.counts,
        params.max_resemblance,
        params.min_stories,
        params.min_days,
    )


def _name_units(
    units: NDArray[np.uint64],
    places: NDArray[np.int64],
    keys: NDArray[np.uint64],
    firsts: NDArray[np.int64],
    widths: NDArray[np.int64],
) -> None:
    """Name each run by its most widespread shingle: variants of one formula are one unit.

    A run that holds no whole shingle keeps its name.
    """
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    ends = np.append(0, places[:, 2])  # of the run before any, too
    run = np.searchsorted(places[:, 1], firsts, side="right")
    inside = firsts + widths <= ends[run]
    run, names, spread = run[inside] - 1, keys[inside], counts[inverse][inside]
    order = np.lexsort((names, -spread, run))
    run, names = run[order], names[order]
    is_first = np.diff(run, prepend=-1) != 0
    units[run[is_first]] = names[is_first]


def _read_units(articles: Sequence[Article], tokens: Tokens, runs: _Runs) -> list[Boilerplate]:
    """Turn runs of tokens into units in code points."""
    order = np.argsort(runs.units, kind="stable")
    bounds = np.flatnonzero(np.diff(runs.units[order])) + 1
    found = []
    for rows in np.split(order, bounds) if len(order) else ():
        numbers, firsts, lasts = runs.places[rows].T
        starts, ends = tokens.starts[firsts].tolist(), tokens.ends[lasts - 1].tolist()
        spans = [Span(*span) for span in zip(starts, ends, strict=True)]
        names = [articles[number].id for number in numbers.tolist()]
        # The wording that most of the articles have stands for all.
        _, first_rows, counts = np.unique(runs.hashes[rows], return_index=True, return_counts=True)
        shown = int(first_rows[counts == counts.max()].min())
        article = articles[int(numbers[shown])]
        text = article.text[slice(*spans[shown])]
        basis: Basis = "spread" if article.outlet is None else "outlet"
        occurrences = tuple(zip(names, spans, strict=True))
        found.append(Boilerplate(article.outlet, text, len(set(names)), occurrences, basis))
    return sorted(found, key=lambda one: (-one.n_articles, one.text, one.occurrences))
