"""Find boilerplate: text that an outlet repeats across its own unrelated articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from math import ceil
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.model import Basis, Boilerplate
from dedup.model.article import Article, Span
from dedup.params import BoilerplateParams, SeedParams
from dedup.runtime.bounds import add_up
from dedup.sketches.seed import find_seeds
from dedup.text.tables.kinds import IS_CONTENT
from dedup.text.tokenize import Tokens

# Pair-shingles that show what an article is about: unrelated articles do not share them. No
# sampling and a large signature, to see the small resemblance of two accounts of one event.
_REST = SeedParams(min_bits=14.0, sample=1)
_N_PERM = 256
# Least number of such pairs for an article to count: fewer resemble by chance.
_MIN_REST = 10
# Boilerplate is in at least this many mutually unrelated articles, or in unrelated articles on
# this many days: a running story or a revised release has fewer.
_MIN_STORIES, _MIN_DAYS = 5, 3
# Factor on articles, stories and days if the outlet is unknown: then spread alone decides.
_UNKNOWN_FACTOR = 4
# Words per shingle; also the least words of a repeated text at an end of an article.
_K = 6
# Least words of a repeated text of whole sentences or lines: shorter ones are phrases.
_MIN_UNIT = 3
# Least words of a repeated text that begins or ends inside a sentence: a long name is shorter.
_MIN_WORDS = 12
# Most words searched at once. Larger groups are split: parts of this size have enough articles
# for the same shares as the whole.
MAX_GROUP = 1 << 22
# Lets any string be hashed, even with lone surrogates.
_ANY = ("utf-8", "surrogatepass")


class _Runs(NamedTuple):
    """Repeated runs in one outlet: (article, first, last) of shape (n, 3), unit, token hash."""

    places: NDArray[np.int64]
    units: NDArray[np.uint64]
    hashes: NDArray[np.uint64]


class Formulas(NamedTuple):
    """Boilerplate learned from an outlet.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_keys,)
        Shingles that unrelated articles share, ascending.
    counts : ndarray of int64, shape (n_keys,)
        Occurrences of each shingle.
    units : ndarray of uint64, shape (n_units,)
        Names of the boilerplate texts, ascending.
    """

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]
    units: NDArray[np.uint64]


def group_outlets(
    outlets: Sequence[str | None], ids: Sequence[str], n_words: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Group articles by outlet, and split very large groups.

    Parameters
    ----------
    n_words : ndarray of int64, shape (n_articles,)
        Words of each article.

    Returns
    -------
    list of ndarray of int64
        Numbers of articles, ascending in each group; groups sorted by outlet.
    """
    members: dict[str | None, list[int]] = {}
    for number, outlet in enumerate(outlets):
        members.setdefault(outlet, []).append(number)
    groups = []
    for outlet in sorted(members, key=lambda outlet: (outlet is None, outlet or "")):
        own = np.array(members[outlet], np.int64)
        n_parts = -(-int(n_words[own].sum()) // MAX_GROUP)
        if n_parts <= 1:
            groups.append(own)
            continue
        hashes = [xxhash.xxh3_64_intdigest(ids[number].encode(*_ANY)) for number in own.tolist()]
        part = np.array(hashes, np.uint64) % np.uint64(n_parts)
        groups += [own[part == number] for number in range(n_parts)]
    return groups


def find_boilerplate(
    articles: Sequence[Article], tokens: Tokens, params: BoilerplateParams
) -> tuple[list[Boilerplate], NDArray[np.bool_]]:
    """Find the boilerplate of one outlet.

    Only copies within the outlet count, so that syndication is not boilerplate. Articles of
    unknown outlet form one group with higher limits.

    Returns
    -------
    tuple of (list of Boilerplate, ndarray of bool)
        Repeated texts, most articles first; and which tokens they cover, shape (n_tokens,).
    """
    formulas = learn_formulas(articles, tokens, params)
    runs = _find_runs(tokens, formulas)
    return _read_units(articles, tokens, runs), _cover_runs(tokens, runs)


def learn_formulas(
    articles: Sequence[Article], tokens: Tokens, params: BoilerplateParams
) -> Formulas:
    """Learn the formulas of an outlet; none if it has too few articles.

    Takes the arguments of `find_boilerplate`.
    """
    nothing = Formulas(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.uint64))
    if not articles or params.min_articles == 0:
        return nothing
    factor = 1 if articles[0].outlet is not None else _UNKNOWN_FACTOR
    min_articles = params.min_articles * factor
    least = max(min_articles, ceil(params.min_share * len(articles)))
    if len(articles) < least:
        return nothing
    columns = tokens.hashes, tokens.flags, tokens.offsets
    keys, firsts, widths, owners = _core.find_repeats(*columns, _K, least)
    covered = np.zeros(len(tokens.hashes), np.bool_)
    _core.cover_tokens(firsts, widths, covered)
    bounds = params.max_resemblance, factor
    is_spread = _find_spread(articles, tokens, covered, (keys, owners), *bounds)
    spread, counts = np.unique(keys[is_spread], return_counts=True)
    units = _find_every_run(tokens, spread, counts).units
    # A unit in few articles is a chance combination of formulas, not a repeated text.
    names, n_runs = np.unique(units, return_counts=True)
    return Formulas(spread, counts, names[n_runs >= min_articles])


def cover_formulas(
    tokens: Tokens,
    outlets: Sequence[int],
    formulas: Sequence[Formulas],
) -> NDArray[np.bool_]:
    """Return which tokens are boilerplate by learned formulas.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
        For the articles learned from, same as :func:`find_boilerplate`.
    """
    keys, counts, units = zip(*formulas, strict=True) if formulas else ((), (), ())
    return _core.cover_formulas(
        tokens.hashes,
        tokens.flags,
        tokens.offsets,
        np.array(outlets, np.int64),
        np.concatenate([np.empty(0, np.uint64), *keys]),
        np.concatenate([np.empty(0, np.int64), *counts]),
        np.concatenate([np.empty(0, np.uint64), *units]),
        np.cumsum([0, *map(len, keys)], dtype=np.int64),
        np.cumsum([0, *map(len, units)], dtype=np.int64),
        _K,
        _MIN_UNIT,
        _MIN_WORDS,
    )


def _cover_runs(tokens: Tokens, runs: _Runs) -> NDArray[np.bool_]:
    covered = np.zeros(len(tokens.hashes), np.bool_)
    firsts = np.ascontiguousarray(runs.places[:, 1])
    _core.cover_tokens(firsts, runs.places[:, 2] - firsts, covered)
    return covered


def join_parts(found: Iterable[Boilerplate]) -> tuple[Boilerplate, ...]:
    """Merge the boilerplate found in parts of one outlet."""
    by_text: dict[tuple[str | None, str], list[Boilerplate]] = {}
    for one in found:
        by_text.setdefault((one.outlet, one.text), []).append(one)
    joined = [
        replace(
            parts[0],
            n_articles=sum(part.n_articles for part in parts),
            occurrences=tuple(sorted(place for part in parts for place in part.occurrences)),
        )
        for parts in by_text.values()
    ]
    return tuple(
        sorted(
            joined,
            key=lambda one: (
                one.outlet is None,
                one.outlet or "",
                -one.n_articles,
                one.text,
                one.occurrences,
            ),
        )
    )


def _find_runs(tokens: Tokens, formulas: Formulas) -> _Runs:
    """Find the runs whose unit is boilerplate."""
    runs = _find_every_run(tokens, formulas.keys, formulas.counts)
    at = np.searchsorted(formulas.units, runs.units)
    kept = np.append(formulas.units, np.uint64(0))[at] == runs.units
    kept &= at < len(formulas.units)
    return _Runs(runs.places[kept], runs.units[kept], runs.hashes[kept])


def _find_every_run(tokens: Tokens, known: NDArray[np.uint64], counts: NDArray[np.int64]) -> _Runs:
    """Find all runs of known shingles in articles of the outlet."""
    columns = tokens.hashes, tokens.flags, tokens.offsets
    keys, firsts, widths = _core.find_known(*columns, _K, known)
    covered = np.zeros(len(tokens.hashes), np.bool_)
    _core.cover_tokens(firsts, widths, covered)
    places, hashes = _core.gather_runs(*columns, covered, _MIN_UNIT, _K, _MIN_WORDS)
    spread = counts[np.searchsorted(known, keys)]
    units = _core.name_runs(places, hashes, keys, spread, firsts, widths)
    return _Runs(places, units, hashes)


def _find_spread(
    articles: Sequence[Article],
    tokens: Tokens,
    covered: NDArray[np.bool_],
    repeats: tuple[NDArray[np.uint64], NDArray[np.int64]],
    max_resemblance: float,
    factor: int,
) -> NDArray[np.bool_]:
    """Return which repeats are in articles whose remaining text is unrelated."""
    days = [one.published.astimezone(UTC).toordinal() if one.published else -1 for one in articles]
    n_covered = np.diff(add_up(covered)[tokens.offsets])
    return _core.keep_spread(
        *repeats,
        np.array(days, np.int64),
        sketch_rest(tokens, covered),
        2 * n_covered <= tokens.counts,
        max_resemblance,
        _MIN_STORIES * factor,
        _MIN_DAYS * factor,
    )


def sketch_rest(tokens: Tokens, covered: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Sketch what articles are about: the informative pair-shingles outside of repeated text.

    Parameters
    ----------
    covered : ndarray of bool, shape (n_tokens,)
        The repeated text.

    Returns
    -------
    ndarray of uint32, shape (n_articles, n_perm)
        Signatures; with too few pair-shingles, only empty slots.
    """
    flags = np.where(covered, tokens.flags & ~IS_CONTENT, tokens.flags)
    rest = find_seeds(replace(tokens, flags=flags), _REST, max_repeats=1)
    signatures = np.empty((len(tokens.counts), _N_PERM), np.uint32)
    no_permutations = np.empty((2, 0), np.uint32)
    _core.sketch_articles(rest.keys, rest.offsets, 1, no_permutations, signatures)
    signatures[np.diff(rest.offsets) < _MIN_REST] = _core.EMPTY
    return signatures


def _read_units(articles: Sequence[Article], tokens: Tokens, runs: _Runs) -> list[Boilerplate]:
    """Turn runs of tokens into boilerplate, in code points."""
    order = np.argsort(runs.units, kind="stable")
    bounds = np.flatnonzero(np.diff(runs.units[order])) + 1
    found = []
    for rows in np.split(order, bounds) if len(order) else ():
        numbers, firsts, lasts = runs.places[rows].T
        starts, ends = tokens.starts[firsts].tolist(), tokens.ends[lasts - 1].tolist()
        spans = [Span(*span) for span in zip(starts, ends, strict=True)]
        names = [articles[number].id for number in numbers.tolist()]
        # Show the most frequent wording.
        _, first_rows, counts = np.unique(runs.hashes[rows], return_index=True, return_counts=True)
        shown = int(first_rows[counts == counts.max()].min())
        article = articles[int(numbers[shown])]
        text = article.text[slice(*spans[shown])]
        basis: Basis = "spread" if article.outlet is None else "outlet"
        occurrences = tuple(zip(names, spans, strict=True))
        found.append(Boilerplate(article.outlet, text, len(set(names)), occurrences, basis))
    return sorted(found, key=lambda one: (-one.n_articles, one.text, one.occurrences))
