"""Group passages into families: every occurrence of one passage across articles.

docs/decisions/0011-families.md explains the grouping, which is linear in the number of copies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.group.places import (
    MIN_SAME,
    Places,
    SharedPassages,
    Shelf,
    Texts,
    find_chars,
    find_places,
)
from dedup.model import Family, Occurrence
from dedup.model.article import Span

# Minimum identity of an occurrence with the representative if no passage links the two. A change
# by .1 changes the number of families by 7 % at most (decision 11).
_MIN_ALIKE = 0.5
# Maximum number of occurrences inside longer passages, per occurrence of a family's own. It keeps
# the output proportional to the passages. Further occurrences count as capped.
_MAX_PROJECTED = 100


class Links(NamedTuple):
    """Links of all places; those of place k are rows ``first[k]`` to ``first[k + 1]``.

    A row has the place at the other end, the number of the link, and whether the link is a
    passage. A link that is no passage counts only if the identity is at least `_MIN_ALIKE`.
    """

    first: NDArray[np.int64]
    others: NDArray[np.int64]
    numbers: NDArray[np.int64]
    is_passage: NDArray[np.bool_]


class Representatives(NamedTuple):
    """Representative of every place, or -1, and the identity with it."""

    representatives: NDArray[np.int64]
    identities: NDArray[np.float64]


class FamilyTable(NamedTuple):
    """Members of family k are ``bounds[k]`` to ``bounds[k + 1]``, the representative first."""

    bounds: NDArray[np.int64]
    members: NDArray[np.int64]
    identities: NDArray[np.float64]


class FamilyResult(NamedTuple):
    """Families of a collection."""

    families: tuple[Family, ...]
    n_capped: int


def find_families(shared: SharedPassages, texts: Texts) -> FamilyResult:
    """Group all occurrences of each passage."""
    if not len(shared.articles):
        return FamilyResult((), 0)
    places, words, shelf = find_places(shared, texts)
    nested = _core.find_nested(places.spans, MIN_SAME)

    def gather(
        links: NDArray[np.int64], known: Representatives
    ) -> tuple[FamilyTable, NDArray[np.int64]]:
        adjacent = _sort_links(links, places)
        found = FamilyTable(
            *_core.gather_families(
                *words,
                places.spans,
                places.order,
                adjacent.first,
                adjacent.others,
                adjacent.numbers,
                adjacent.is_passage,
                known.representatives,
                known.identities,
                _MIN_ALIKE,
            )
        )
        projected = _core.project_inwards(*words, places.spans, found.bounds, found.members, nested)
        return found, projected

    links = np.concatenate([places.links, _link_equal(places.digests)])
    families, projected = gather(links, _find_known(None, places))
    met = _link_projected(places.spans, projected)
    if len(met):
        families, projected = gather(np.concatenate([links, met]), _find_known(families, places))
    inner = _find_inner(families, projected)
    columns = *words, places.spans, families.bounds, families.members
    added, n_capped = _core.project_outwards(*columns, inner, _MAX_PROJECTED)
    identities = _core.measure_places(*columns, added)
    is_alike = identities >= _MIN_ALIKE
    rows = _Rows(added[is_alike, 0], added[is_alike, 1:], identities[is_alike])
    return FamilyResult(_read_families(places, families, rows, shelf), n_capped)


def _link_equal(digests: Sequence[str]) -> NDArray[np.int64]:
    """Link each place to the first place with the same words."""
    first_of: dict[str, int] = {}
    firsts = [first_of.setdefault(digest, at) for at, digest in enumerate(digests)]
    return _link(np.array(firsts, np.int64), np.arange(len(digests)))


def _link(firsts: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    links = np.stack([firsts, others], axis=1)
    # Without return_index, NumPy would import its masked arrays.
    return np.unique(links[firsts != others], axis=0, return_index=True)[0]


def _link_projected(spans: NDArray[np.int64], projected: NDArray[np.int64]) -> NDArray[np.int64]:
    """Link places that coincide when projected to the representative of an outer family."""
    every = np.concatenate([spans, projected[:, 2:]])
    owners = np.concatenate([np.arange(len(spans)), projected[:, 1]])
    order = np.lexsort((owners, every[:, 1], every[:, 0]))
    groups = _core.group_spans(every[order], MIN_SAME)
    return _link(owners[order][groups], owners[order])


def _sort_links(links: NDArray[np.int64], places: Places) -> Links:
    numbers = np.tile(np.arange(len(links)), 2)
    ends, others = links.T.reshape(-1), links[:, ::-1].T.reshape(-1)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(len(places.spans) + 1))
    # Passages come first among the links.
    is_passage = numbers < len(places.links)
    return Links(first, others[order], numbers[order], is_passage[order])


def _find_known(families: FamilyTable | None, places: Places) -> Representatives:
    known = Representatives(np.full(len(places.spans), -1, np.int64), np.zeros(len(places.spans)))
    if families is not None:
        reps = families.members[families.bounds[:-1]]
        known.representatives[families.members] = np.repeat(reps, np.diff(families.bounds))
        known.identities[families.members] = families.identities
    return known


def _find_inner(families: FamilyTable, projected: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which families are inside the representatives of others, and where."""
    family_of: dict[int, int] = {}
    numbers = np.repeat(np.arange(len(families.bounds) - 1), np.diff(families.bounds))
    for place, number in zip(families.members.tolist(), numbers.tolist(), strict=True):
        family_of.setdefault(place, number)
    inner = projected.copy()
    inner[:, 1] = [family_of[place] for place in projected[:, 1].tolist()]
    inner = np.unique(inner[inner[:, 0] != inner[:, 1]], axis=0)
    is_first = (np.diff(inner[:, :2], axis=0, prepend=-1) != 0).any(axis=1)
    return np.ascontiguousarray(inner[is_first])


class _Rows(NamedTuple):
    """Occurrences by column."""

    families: NDArray[np.int64]
    spans: NDArray[np.int64]
    identities: NDArray[np.float64]


def _read_families(
    places: Places, families: FamilyTable, added: _Rows, shelf: Shelf
) -> tuple[Family, ...]:
    """Merge occurrences that overlap, and make families of the rest."""
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
    keep = _core.fold_spans(rows.families[order], rows.spans[order], worth[order])
    kept = order[keep]
    kept = kept[np.lexsort((~is_rep[kept], rows.families[kept]))]
    articles, chars = find_chars(kept, rows.spans, places.chars[families.members], shelf)
    occurrences = [
        Occurrence(shelf.texts.ids[article], Span(*span), identity)
        for article, span, identity in zip(
            articles.tolist(), chars.tolist(), rows.identities[kept].tolist(), strict=True
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
    """Make family ids from the digests of representatives; number equal ones."""
    n_seen: Counter[str] = Counter()
    names = []
    for digest in digests:
        n_seen[digest] += 1
        names.append(digest if n_seen[digest] == 1 else f"{digest}-{n_seen[digest]}")
    return names
