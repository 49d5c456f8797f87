"""Overlaps to families: every occurrence of one passage across articles.

What one passage is where spans differ from pair to pair, and why this is linear in the
number of copies, is told in docs/decisions/0011-families.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup import _core
from dedup.blocks import FamilyParams
from dedup.model import Family, Occurrence
from dedup.model.article import Span
from dedup.text.tokenize import Tokens

# Stretches that are loaded at once.
_BLOCK = 1 << 11
# Intersection over union from which two spans of one article are one occurrence, and identity with
# the representative that an occurrence needs which no passage links with it. Nothing hinges on
# either: values .1 lower or higher change the number of families by 7 % at most (decision 11).
_MIN_SAME, _MIN_ALIKE = 0.8, 0.5


class Words(NamedTuple):
    """Tokens by column: hashes, stems and flags."""

    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    flags: NDArray[np.uint8]


class Links(NamedTuple):
    """Links of every place, those of place k from ``first[k]`` to ``first[k + 1]``.

    The place at the other end, the number of the link, and whether it is a passage: what is
    linked for another reason still has to show that it is alike.
    """

    first: NDArray[np.int64]
    others: NDArray[np.int64]
    numbers: NDArray[np.int64]
    is_passage: NDArray[np.bool_]


class Known(NamedTuple):
    """A representative of every place, or -1, and the identity with it that was measured before."""

    representatives: NDArray[np.int64]
    identities: NDArray[np.float64]


class Gathered(NamedTuple):
    """Families: members of family k from ``bounds[k]`` to ``bounds[k + 1]``.

    The first member of each is its representative.
    """

    bounds: NDArray[np.int64]
    members: NDArray[np.int64]
    identities: NDArray[np.float64]


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


class Shared(NamedTuple):
    """All passages of a collection, by column.

    Parameters
    ----------
    articles : ndarray of int64, shape (n, 2)
        Numbers of the articles ``a`` and ``b`` of each passage.
    tokens : ndarray of int64, shape (n, 4)
        Tokens of ``a`` from and to, of ``b`` from and to, half-open, from the start of each.
    chars : ndarray of int64, shape (n, 4)
        The same in code points.
    identities : ndarray of float64, shape (n,)
        How much both sides are alike.
    """

    articles: NDArray[np.int64]
    tokens: NDArray[np.int64]
    chars: NDArray[np.int64]
    identities: NDArray[np.float64]


def join_shared(parts: list[Shared]) -> Shared:
    """Join the passages of all parts."""
    nothing = Shared(
        np.empty((0, 2), np.int64),
        np.empty((0, 4), np.int64),
        np.empty((0, 4), np.int64),
        np.empty(0, np.float64),
    )
    return Shared(*(np.concatenate(columns) for columns in zip(nothing, *parts, strict=True)))


class Texts(NamedTuple):
    """The articles that passages stand in.

    Parameters
    ----------
    ids : sequence of str
        Of all articles.
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970, NaN where not known.
    lengths : ndarray of int64, shape (n_articles,)
        Tokens of each.
    load : callable
        Returns texts and tokens of articles by their numbers, ndarray of int64.
    load_tokens : callable
        Returns the tokens alone.
    """

    ids: Sequence[str]
    published: NDArray[np.float64]
    lengths: NDArray[np.int64]
    load: Callable[[NDArray[np.int64]], tuple[Sequence[str], Tokens]]
    load_tokens: Callable[[NDArray[np.int64]], Tokens]


def weigh_shared(shared: Shared, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the words that each pair shares, edited ones less.

    Parameters
    ----------
    shared : Shared
        Passages, pair by pair.
    counts : ndarray of int64, shape (n_pairs,)
        Passages of each pair.

    Returns
    -------
    ndarray of float64, shape (n_pairs,)
        Of the longer side of each passage, times how much both sides are alike.
    """
    lengths = np.maximum(
        shared.tokens[:, 1] - shared.tokens[:, 0], shared.tokens[:, 3] - shared.tokens[:, 2]
    )
    weights = np.bincount(
        np.repeat(np.arange(len(counts)), counts), lengths * shared.identities, len(counts)
    )
    return weights.astype(np.float64)  # of nothing it counts integers


def find_families(shared: Shared, texts: Texts, params: FamilyParams) -> Families:
    """Join all occurrences of each passage.

    Parameters
    ----------
    shared : Shared
        What pairs of articles share, sorted.
    texts : Texts
        All articles.
    params : FamilyParams
        What counts as the same.

    Returns
    -------
    Families
        Each passage is in one of them with both of its sides.
    """
    if not len(shared.articles):
        return Families((), 0)
    places, words, shelf = _find_places(shared, texts)
    nested = _core.find_nested(places.spans, _MIN_SAME)

    def gather(links: NDArray[np.int64], known: Known) -> tuple[Gathered, NDArray[np.int64]]:
        adjacent = _sort_links(links, places)
        found = Gathered(
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
        carried = _core.carry_inwards(*words, places.spans, found.bounds, found.members, nested)
        return found, carried

    links = np.concatenate([places.links, _link_equal(places.digests)])
    families, carried = gather(links, _find_known(None, places))
    met = _link_carried(places.spans, carried)
    if len(met):
        families, carried = gather(np.concatenate([links, met]), _find_known(families, places))
    inner = _find_inner(families, carried)
    columns = *words, places.spans, families.bounds, families.members
    added, n_left = _core.carry_outwards(*columns, inner, params.max_carried)
    identities = _core.measure_places(*columns, added)
    is_alike = identities >= _MIN_ALIKE
    rows = _Rows(added[is_alike, 0], added[is_alike, 1:], identities[is_alike])
    return Families(_read_families(places, families, rows, shelf), n_left)


class _Places(NamedTuple):
    """Spans that passages cover, those of one article that are nearly the same taken as one.

    Spans in tokens of the shelf and in code points, digests of their words, places in the
    order in which they shall represent a family, and the two places that each passage links.
    """

    spans: NDArray[np.int64]
    chars: NDArray[np.int64]
    digests: list[str]
    order: NDArray[np.int64]
    links: NDArray[np.int64]


def _find_places(shared: Shared, texts: Texts) -> tuple[_Places, Words, _Shelf]:
    before = np.cumsum(texts.lengths) - texts.lengths
    owners = shared.articles.reshape(-1)
    spans = shared.tokens.reshape(-1, 2) + before[owners][:, None]
    place_of, chosen = _merge_spans(spans)
    shelf = _Shelf.of(spans[chosen], before, texts)
    shelved = shelf.place(spans[chosen])
    words = shelf.load()
    weights = np.bincount(place_of, np.repeat(shared.identities, 2))
    published = np.nan_to_num(texts.published[owners[chosen]], nan=inf)
    # Most are most like the one whose passages have most in common; sums that differ by
    # rounding alone are equal.
    order = np.lexsort((np.arange(len(chosen)), published, -weights.round(6)))
    digests = [
        xxhash.xxh3_128_hexdigest(words.hashes[low:high].data) for low, high in shelved.tolist()
    ]
    chars = shared.chars.reshape(-1, 2)[chosen]
    return _Places(shelved, chars, digests, order, place_of.reshape(-1, 2)), words, shelf


class _Shelf(NamedTuple):
    """The stretches of all articles in which places lie, one after the other.

    Where each starts on the shelf and among the tokens of all articles; tokens before each
    article; and the articles.
    """

    firsts: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    before: NDArray[np.int64]
    texts: Texts

    @classmethod
    def of(cls, spans: NDArray[np.int64], before: NDArray[np.int64], texts: Texts) -> _Shelf:
        """Join what overlaps of spans that are sorted."""
        reach = np.maximum.accumulate(spans[:, 1])
        is_apart = np.append(True, spans[1:, 0] >= reach[:-1])
        starts, ends = spans[is_apart, 0], reach[np.append(is_apart[1:], True)]
        lengths = ends - starts
        return cls(np.cumsum(lengths) - lengths, starts, ends, before, texts)

    def place(self, spans: NDArray[np.int64]) -> NDArray[np.int64]:
        """Turn spans among all tokens into spans on the shelf."""
        at = np.searchsorted(self.starts, spans[:, 0], "right") - 1
        return spans + (self.firsts - self.starts)[at][:, None]

    def find(self, spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Turn spans on the shelf into articles and spans of their tokens."""
        at = np.searchsorted(self.firsts, spans[:, 0], "right") - 1
        among_all = spans + (self.starts - self.firsts)[at][:, None]
        articles = np.searchsorted(self.before, among_all[:, 0], "right") - 1
        return articles, among_all - self.before[articles][:, None]

    def load(self) -> Words:
        """Load the tokens, block by block."""
        n = int((self.ends - self.starts).sum())
        hashes, stems = np.empty(n, np.uint64), np.empty(n, np.uint64)
        flags = np.empty(n, np.uint8)
        articles = np.searchsorted(self.before, self.starts, "right") - 1
        for own in np.array_split(np.arange(len(articles)), -(-len(articles) // _BLOCK)):
            numbers, at = np.unique(articles[own], return_inverse=True)
            tokens = self.texts.load_tokens(numbers)
            lengths = self.ends[own] - self.starts[own]
            lows = tokens.offsets[at] + self.starts[own] - self.before[articles[own]]
            ends = np.cumsum(lengths)
            taken = np.repeat(lows - ends + lengths, lengths) + np.arange(ends[-1])
            to = slice(int(self.firsts[own[0]]), int(self.firsts[own[0]] + ends[-1]))
            hashes[to], stems[to] = tokens.hashes[taken], tokens.stems[taken]
            flags[to] = tokens.flags[taken]
        return Words(hashes, stems, flags)


def _merge_spans(spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the place of each span, and a span for each place: the most frequent one."""
    different, firsts, numbers, counts = np.unique(
        spans, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    groups = _core.group_spans(different, _MIN_SAME)
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
    # With an index, because NumPy loads its masked arrays where none is asked for.
    return np.unique(links[firsts != others], axis=0, return_index=True)[0]


def _link_carried(spans: NDArray[np.int64], carried: NDArray[np.int64]) -> NDArray[np.int64]:
    """Link places that meet in the representative of a family in whose members they lie."""
    every = np.concatenate([spans, carried[:, 2:]])
    owners = np.concatenate([np.arange(len(spans)), carried[:, 1]])
    order = np.lexsort((owners, every[:, 1], every[:, 0]))
    groups = _core.group_spans(every[order], _MIN_SAME)
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
    places: _Places, families: Gathered, added: _Rows, shelf: _Shelf
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
    keep = _core.fold_spans(rows.families[order], rows.spans[order], worth[order])
    kept = order[keep]
    kept = kept[np.lexsort((~is_rep[kept], rows.families[kept]))]
    articles, chars = _find_chars(kept, rows.spans, places.chars[families.members], shelf)
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


def _find_chars(
    rows: NDArray[np.int64], spans: NDArray[np.int64], known: NDArray[np.int64], shelf: _Shelf
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return articles and code points of occurrences; those of the first are known."""
    articles, tokens = shelf.find(spans[rows])
    chars = np.empty((len(rows), 2), np.int64)
    is_known = rows < len(known)
    chars[is_known] = known[rows[is_known]]
    missing = np.flatnonzero(~is_known)
    missing = missing[np.argsort(articles[missing], kind="stable")]
    for own in np.array_split(missing, -(-len(missing) // _BLOCK) or 1):
        numbers, at = np.unique(articles[own], return_inverse=True)
        texts, loaded = shelf.texts.load(numbers)
        for row, k, (low, high) in zip(own, at.tolist(), tokens[own].tolist(), strict=True):
            before = int(loaded.offsets[k])
            chars[row] = loaded.span(texts[k], before + low, before + high)
    return articles, chars


def _name(digests: Sequence[str]) -> list[str]:
    """Make ids of the words of representatives; where two have the same, number them."""
    n_seen: Counter[str] = Counter()
    names = []
    for digest in digests:
        n_seen[digest] += 1
        names.append(digest if n_seen[digest] == 1 else f"{digest}-{n_seen[digest]}")
    return names
