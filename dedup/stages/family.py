"""Overlaps to families: every occurrence of one passage across articles.

What one passage is where spans differ from pair to pair, and why this is linear in the
number of copies, is told in docs/decisions/0011-families.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup.article import Article
from dedup.blocks import FamilyParams
from dedup.kernels import gathering, grouping
from dedup.kernels.gathering import Gathered, Known, Links
from dedup.kernels.pairing import Stream
from dedup.model import Family, Occurrence, Overlap
from dedup.stages.tokenize import Tokens


class Families(NamedTuple):
    """What one call found.

    Parameters
    ----------
    families : tuple of Family
        By article and span of their representatives.
    n_left : int
        Occurrences inside longer families that were left aside.
    """

    families: tuple[Family, ...]
    n_left: int


def find_families(
    overlaps: Sequence[Overlap],
    articles: Sequence[Article],
    tokens: Tokens,
    params: FamilyParams,
) -> Families:
    """Join all occurrences of each passage.

    Parameters
    ----------
    overlaps : sequence of Overlap
        What pairs of articles share, sorted.
    articles : sequence of Article
        All articles, by id.
    tokens : Tokens
        Their tokens.
    params : FamilyParams
        What counts as the same.

    Returns
    -------
    Families
        Each passage is in one of them with both of its sides.
    """
    if not any(overlap.passages for overlap in overlaps):
        return Families((), 0)
    places = _find_places(overlaps, articles, tokens, params)
    stream = Stream(tokens.hashes, tokens.stems, tokens.starts, tokens.ends, tokens.flags)
    nested = grouping.find_nested(places.spans, params.min_same)

    def gather(links: NDArray[np.int64], known: Known) -> tuple[Gathered, NDArray[np.int64]]:
        found = gathering.gather_families(
            stream, places.spans, places.order, _sort_links(links, places), known, params.min_alike
        )
        return found, gathering.carry_inwards(stream, places.spans, found, nested)

    links = np.concatenate([places.links, _link_equal(places.digests)])
    families, carried = gather(links, _find_known(None, places))
    met = _link_carried(places.spans, carried, params)
    if len(met):
        families, carried = gather(np.concatenate([links, met]), _find_known(families, places))
    inner = _find_inner(families, carried)
    added, n_left = gathering.carry_outwards(
        stream, places.spans, families, inner, params.max_carried
    )
    identities = gathering.measure_places(stream, places.spans, families, added)
    is_alike = identities >= params.min_alike
    rows = _Rows(added[is_alike, 0], added[is_alike, 1:], identities[is_alike])
    return Families(_read_families(places, families, rows, articles, tokens), n_left)


class _Places(NamedTuple):
    """Spans that passages cover, those of one article that are nearly the same taken as one.

    Spans in tokens, digests of their words, places in the order in which
    they shall represent a family, and the two places that each passage links.
    """

    spans: NDArray[np.int64]
    digests: list[str]
    order: NDArray[np.int64]
    links: NDArray[np.int64]


def _find_places(
    overlaps: Sequence[Overlap],
    articles: Sequence[Article],
    tokens: Tokens,
    params: FamilyParams,
) -> _Places:
    number_of = {article.id: number for number, article in enumerate(articles)}
    sides = np.array(
        [
            (number_of[name], *span)
            for overlap in overlaps
            for passage in overlap.passages
            for name, span in ((overlap.a, passage.a), (overlap.b, passage.b))
        ],
        np.int64,
    )
    identities = [passage.identity for overlap in overlaps for passage in overlap.passages]
    spans = grouping.find_tokens(tokens.offsets, tokens.starts, tokens.ends, sides)
    place_of, chosen = _merge_spans(spans, params.min_same)
    weights = np.bincount(place_of, np.repeat(identities, 2))
    published = np.array(
        [inf if one.published is None else one.published.timestamp() for one in articles]
    )[sides[chosen, 0]]
    # Most are most like the one whose passages have most in common; sums that differ by
    # rounding alone are equal.
    order = np.lexsort((np.arange(len(chosen)), published, -weights.round(6)))
    digests = [
        xxhash.xxh3_128_hexdigest(tokens.hashes[low:high].tobytes())
        for low, high in spans[chosen].tolist()
    ]
    return _Places(spans[chosen], digests, order, place_of.reshape(-1, 2))


def _merge_spans(
    spans: NDArray[np.int64], min_same: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the place of each span, and a span for each place: the most frequent one."""
    different, firsts, numbers, counts = np.unique(
        spans, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    groups = grouping.group_spans(different, min_same)
    lengths = different[:, 1] - different[:, 0]
    order = np.lexsort((-lengths, -counts, groups))
    is_best = np.diff(groups[order], prepend=-1) != 0
    best = order[is_best]
    place_of_group = np.empty(len(different), np.int64)
    place_of_group[groups[np.sort(best)]] = np.arange(len(best))
    return place_of_group[groups[numbers.reshape(-1)]], firsts[np.sort(best)]


def _link_equal(digests: Sequence[str]) -> NDArray[np.int64]:
    """Link each place with the first that has the same words."""
    first_of: dict[str, int] = {}
    firsts = [first_of.setdefault(digest, at) for at, digest in enumerate(digests)]
    return _link(np.array(firsts, np.int64), np.arange(len(digests)))


def _link(firsts: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    links = np.stack([firsts, others], axis=1)
    return np.unique(links[firsts != others], axis=0)


def _link_carried(
    spans: NDArray[np.int64], carried: NDArray[np.int64], params: FamilyParams
) -> NDArray[np.int64]:
    """Link places that meet in the representative of a family in whose members they lie."""
    every = np.concatenate([spans, carried[:, 2:]])
    owners = np.concatenate([np.arange(len(spans)), carried[:, 1]])
    order = np.lexsort((owners, every[:, 1], every[:, 0]))
    groups = grouping.group_spans(every[order], params.min_same)
    return _link(owners[order][groups], owners[order])


def _sort_links(links: NDArray[np.int64], places: _Places) -> Links:
    numbers = np.tile(np.arange(len(links)), 2)
    ends, others = links.T.reshape(-1), links[:, ::-1].T.reshape(-1)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(len(places.spans) + 1))
    # Passages come first among the links.
    is_passage = numbers < len(places.links)
    return Links(first, others[order], numbers[order], is_passage[order])


def _find_known(families: Gathered | None, places: _Places) -> Known:
    known = Known(np.full(len(places.spans), -1, np.int64), np.zeros(len(places.spans)))
    if families is not None:
        reps = families.members[families.bounds[:-1]]
        known.representatives[families.members] = np.repeat(reps, np.diff(families.bounds))
        known.identities[families.members] = families.identities
    return known


def _find_inner(families: Gathered, carried: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which families lie in the representatives of others, and where."""
    family_of: dict[int, int] = {}
    numbers = np.repeat(np.arange(len(families.bounds) - 1), np.diff(families.bounds))
    for place, number in zip(families.members.tolist(), numbers.tolist(), strict=True):
        family_of.setdefault(place, number)
    inner = carried.copy()
    inner[:, 1] = [family_of[place] for place in carried[:, 1].tolist()]
    inner = np.unique(inner[inner[:, 0] != inner[:, 1]], axis=0)
    is_first = (np.diff(inner[:, :2], axis=0, prepend=-1) != 0).any(axis=1)
    return np.ascontiguousarray(inner[is_first])


class _Rows(NamedTuple):
    """Occurrences by column: family, span in tokens, identity."""

    families: NDArray[np.int64]
    spans: NDArray[np.int64]
    identities: NDArray[np.float64]


def _read_families(
    places: _Places,
    families: Gathered,
    added: _Rows,
    articles: Sequence[Article],
    tokens: Tokens,
) -> tuple[Family, ...]:
    """Fold occurrences that overlap, and turn the rest into values."""
    n_families = len(families.bounds) - 1
    numbers = np.repeat(np.arange(n_families), np.diff(families.bounds))
    rows = _Rows(
        np.concatenate([numbers, added.families]),
        np.concatenate([places.spans[families.members], added.spans]),
        np.concatenate([families.identities, added.identities]),
    )
    is_rep = np.zeros(len(rows.families), np.bool_)
    is_rep[families.bounds[:-1]] = True
    order = np.lexsort((rows.spans[:, 1], rows.spans[:, 0], rows.families))
    worth = np.where(is_rep, inf, rows.identities)
    keep = grouping.fold_spans(rows.families[order], rows.spans[order], worth[order])
    kept = order[keep]
    kept = kept[np.lexsort((~is_rep[kept], rows.families[kept]))]
    of_article = np.searchsorted(tokens.offsets, rows.spans[kept, 0], "right") - 1
    occurrences = [
        Occurrence(articles[article].id, tokens.span(articles[article].text, *span), identity)
        for article, span, identity in zip(
            of_article.tolist(),
            rows.spans[kept].tolist(),
            rows.identities[kept].tolist(),
            strict=True,
        )
    ]
    bounds = np.searchsorted(rows.families[kept], np.arange(n_families + 1)).tolist()
    reps = families.members[families.bounds[:-1]].tolist()
    lengths = np.diff(places.spans[reps], axis=1)[:, 0].tolist()
    in_order = np.argsort(reps).tolist()  # places are sorted by article and span
    ids = _name([places.digests[reps[number]] for number in in_order])
    return tuple(
        Family(name, lengths[number], tuple(occurrences[bounds[number] : bounds[number + 1]]))
        for name, number in zip(ids, in_order, strict=True)
    )


def _name(digests: Sequence[str]) -> list[str]:
    """Make ids of the words of representatives; where two have the same, number them."""
    n_seen: Counter[str] = Counter()
    names = []
    for digest in digests:
        n_seen[digest] += 1
        names.append(digest if n_seen[digest] == 1 else f"{digest}-{n_seen[digest]}")
    return names
