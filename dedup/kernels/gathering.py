"""Places and the links between them to families, and families carried into longer ones.

A place is a half-open span of tokens, counted over all articles. ``p`` counts the tokens of
the representative of a family, ``q`` those of another place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.aligning import align_stretch, measure_alignment
from dedup.kernels.compiling import kernel
from dedup.kernels.pairing import Stream, slice_stream, to_array
from dedup.kernels.tokenizing import IS_CONTENT

# Of a stretch that is carried over, the share of words that must have a counterpart.
_MIN_CARRIED = 0.5


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


@kernel
def match_stems(a: Stream, b: Stream) -> NDArray[np.int64]:
    """Match the content stems that both sides have equally often, in turn.

    Parameters
    ----------
    a, b : Stream
        Tokens of both sides.

    Returns
    -------
    ndarray of int64, shape (n_matches,)
        ``p << 32 | q``, sorted.
    """
    of_a = np.flatnonzero((a.flags & IS_CONTENT) != 0)
    of_b = np.flatnonzero((b.flags & IS_CONTENT) != 0)
    of_a = of_a[np.argsort(a.stems[of_a], kind="mergesort")]
    of_b = of_b[np.argsort(b.stems[of_b], kind="mergesort")]
    stems_a, stems_b = a.stems[of_a], b.stems[of_b]
    matches = np.empty(min(len(of_a), len(of_b)), np.int64)
    n_matches = i = j = 0
    while i < len(of_a) and j < len(of_b):
        if stems_a[i] < stems_b[j]:
            i += 1
        elif stems_b[j] < stems_a[i]:
            j += 1
        else:
            n, m = 1, 1
            while i + n < len(of_a) and stems_a[i + n] == stems_a[i]:
                n += 1
            while j + m < len(of_b) and stems_b[j + m] == stems_b[j]:
                m += 1
            if n == m:
                for step in range(n):
                    matches[n_matches] = np.int64(of_a[i + step]) << 32 | of_b[j + step]
                    n_matches += 1
            i, j = i + n, j + m
    return np.sort(matches[:n_matches])


@kernel
def align_places(
    tokens: Stream, spans: NDArray[np.int64], a: int, b: int
) -> tuple[NDArray[np.int64], float]:
    """Align two places, each word worth the same.

    Parameters
    ----------
    tokens : Stream
        Tokens of all articles.
    spans : ndarray of int64, shape (n, 2)
        All places.
    a, b : int
        Which two.

    Returns
    -------
    tuple of (ndarray of int64, float)
        Aligned words ``p << 32 | q``, counted from the start of each place, and the share
        of the words of the longer one that are aligned to an equal word.
    """
    side_a = slice_stream(tokens, spans[a, 0], spans[a, 1])
    side_b = slice_stream(tokens, spans[b, 0], spans[b, 1])
    if np.array_equal(side_a.hashes, side_b.hashes):
        steps = np.arange(len(side_a.hashes))
        return steps << 32 | steps, 1.0
    bits_a = np.ones(len(side_a.hashes), np.float32)
    bits_b = np.ones(len(side_b.hashes), np.float32)
    aligned = align_stretch(side_a, side_b, bits_a, match_stems(side_a, side_b))
    _, identity, _ = measure_alignment(aligned, side_a, side_b, bits_a, bits_b)
    return aligned, identity


@kernel
def gather_families(
    tokens: Stream,
    spans: NDArray[np.int64],
    order: NDArray[np.int64],
    links: Links,
    known: Known,
    min_alike: float,
) -> Gathered:
    """Gather places into families around representatives.

    Parameters
    ----------
    tokens : Stream
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        Every place has a passage.
    order : ndarray of int64, shape (n_places,)
        All places, the one that shall represent a family first.
    links : Links
        Which places tell the same.
    known : Known
        Spares comparisons and changes no result.
    min_alike : float
        Identity with the representative that a place needs which no passage links with it.

    Returns
    -------
    Gathered
        Every passage joins two members of one of them. A place may be in several: where a
        text changed from copy to copy until nothing of it was left, families overlap.

    Notes
    -----
    From each representative that has a passage not gathered yet, links are followed
    outwards. A place is compared with the representative only, and its links are followed for
    one family beside its own, so that the work is linear in the number of links.
    """
    n_places = len(spans)
    is_gathered = np.zeros(len(links.numbers) // 2, np.bool_)
    is_followed = np.zeros(n_places, np.bool_)
    family, tried = np.full(n_places, -1, np.int64), np.full(n_places, -1, np.int64)
    identity = np.zeros(n_places, np.float64)
    bounds, members, identities = [np.int64(0)], [np.int64(0)][:0], [0.0][:0]
    for rep in order:
        is_left = False
        for k in range(links.first[rep], links.first[rep + 1]):
            is_left |= links.is_passage[k] and not is_gathered[links.numbers[k]]
        if not is_left:
            continue
        at, number = len(members), np.int64(len(bounds))
        members.append(rep)
        identities.append(1.0)
        family[rep], identity[rep] = number, 1.0
        while at < len(members):
            place = members[at]
            at += 1
            if is_followed[place] and place != rep:
                continue
            is_followed[place] = True
            for k in range(links.first[place], links.first[place + 1]):
                other = links.others[k]
                if is_gathered[links.numbers[k]]:
                    continue
                if family[other] != number:
                    if tried[other] != number:
                        tried[other] = number
                        if known.representatives[other] == rep:
                            identity[other] = known.identities[other]
                        else:
                            identity[other] = align_places(tokens, spans, rep, other)[1]
                    is_direct = links.is_passage[k] and identity[place] == 1.0
                    if identity[other] < min_alike and not is_direct:
                        continue
                    family[other] = number
                    members.append(other)
                    identities.append(identity[other])
                is_gathered[links.numbers[k]] = True
        bounds.append(np.int64(len(members)))
    return Gathered(
        np.array(bounds, np.int64), np.array(members, np.int64), np.array(identities, np.float64)
    )


@kernel
def carry(
    aligned: NDArray[np.int64], low: int, high: int, low_limit: int, high_limit: int
) -> tuple[int, int]:
    """Carry a stretch over an alignment to the other side.

    Parameters
    ----------
    aligned : ndarray of int64, shape (n_aligned,)
        ``p << 32 | q``, strictly increasing on both sides.
    low, high : int
        The stretch, half-open, in ``p``.
    low_limit, high_limit : int
        The words of the other side, half-open, in ``q``.

    Returns
    -------
    tuple of (int, int)
        The stretch in ``q``, equal ends if too little of it has a counterpart. An end that
        has none is moved as far as on the first side, if that much lies free.
    """
    first = np.searchsorted(aligned, np.int64(low) << 32)
    last = np.searchsorted(aligned, np.int64(high) << 32)
    if last - first < _MIN_CARRIED * (high - low) or first == last:
        return low_limit, low_limit
    if first > 0:
        low_limit = (aligned[first - 1] & 0xFFFFFFFF) + 1
    if last < len(aligned):
        high_limit = aligned[last] & 0xFFFFFFFF
    start, end = aligned[first] & 0xFFFFFFFF, (aligned[last - 1] & 0xFFFFFFFF) + 1
    if last - first < _MIN_CARRIED * (end - start):
        return low_limit, low_limit
    start = max(low_limit, start - ((aligned[first] >> 32) - low))
    end = min(high_limit, end + (high - 1 - (aligned[last - 1] >> 32)))
    return start, end


@kernel
def carry_inwards(
    tokens: Stream,
    spans: NDArray[np.int64],
    families: Gathered,
    nested: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Carry what lies in the members of families over to their representatives.

    Parameters
    ----------
    tokens : Stream
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places.
    families : Gathered
        Families of them.
    nested : ndarray of int64, shape (n_pairs, 2)
        Outer and inner place, sorted.

    Returns
    -------
    ndarray of int64, shape (n_carried, 4)
        Family, inner place, and the span of the representative that tells the same.
    """
    found = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0))]
    for number in range(len(families.bounds) - 1):
        rep = families.members[families.bounds[number]]
        rep_low = spans[rep, 0]
        for k in range(families.bounds[number], families.bounds[number + 1]):
            member = families.members[k]
            at = np.searchsorted(nested[:, 0], member)
            if at == len(nested) or nested[at, 0] != member:
                continue
            low, high = spans[member]
            aligned, _ = align_places(tokens, spans, member, rep)
            while at < len(nested) and nested[at, 0] == member:
                inner = nested[at, 1]
                start = max(spans[inner, 0], low) - low
                end = min(spans[inner, 1], high) - low
                start, end = carry(aligned, start, end, np.int64(0), spans[rep, 1] - rep_low)
                if start < end:
                    found.append((np.int64(number), inner, rep_low + start, rep_low + end))
                at += 1
    return to_array(found)


@kernel
def carry_outwards(
    tokens: Stream,
    spans: NDArray[np.int64],
    families: Gathered,
    inner: NDArray[np.int64],
    max_carried: int,
) -> tuple[NDArray[np.int64], int]:
    """Carry families that lie in the representative of another over to its members.

    Parameters
    ----------
    tokens : Stream
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places.
    families : Gathered
        Families of them.
    inner : ndarray of int64, shape (n_inner, 4)
        Outer family, sorted; inner family, at most once in an outer one; and the span of
        the representative of the outer family that tells what the inner one does.
    max_carried : int
        Places that a family gets for each of its members.

    Returns
    -------
    tuple of (ndarray of int64, int)
        Family and span of each place found, shape (n_carried, 3), and how many were left
        aside.
    """
    sizes = families.bounds[1:] - families.bounds[:-1]
    room = max_carried * sizes
    n_left = np.int64(0)
    found = [(np.int64(0), np.int64(0), np.int64(0))]
    first = 0
    while first < len(inner):
        outer, last = inner[first, 0], first
        while last < len(inner) and inner[last, 0] == outer:
            last += 1
        rows = inner[first:last].copy()
        rep = families.members[families.bounds[outer]]
        for k in range(families.bounds[outer], families.bounds[outer + 1]):
            n_rows = 0
            for row in rows:
                if room[row[1]] > 0:
                    rows[n_rows] = row
                    n_rows += 1
                else:
                    n_left += families.bounds[outer + 1] - k
            rows = rows[:n_rows]
            if n_rows == 0:
                break
            member = families.members[k]
            low, high = spans[member]
            aligned, _ = align_places(tokens, spans, rep, member)
            for row in rows:
                start, end = row[2] - spans[rep, 0], row[3] - spans[rep, 0]
                start, end = carry(aligned, start, end, np.int64(0), high - low)
                if start < end:
                    room[row[1]] -= 1
                    found.append((row[1], low + start, low + end))
        first = last
    return to_array(found), n_left


@kernel
def measure_places(
    tokens: Stream,
    spans: NDArray[np.int64],
    families: Gathered,
    carried: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Measure how much places are like the representatives of families.

    Parameters
    ----------
    tokens : Stream
        Tokens of all articles.
    spans : ndarray of int64, shape (n_places, 2)
        All places.
    families : Gathered
        Families of them.
    carried : ndarray of int64, shape (n, 3)
        Family and span of each place to measure.

    Returns
    -------
    ndarray of float64, shape (n,)
        Identity.
    """
    identities = np.empty(len(carried), np.float64)
    pair = np.empty((2, 2), np.int64)
    for k in range(len(carried)):
        pair[0] = spans[families.members[families.bounds[carried[k, 0]]]]
        pair[1] = carried[k, 1:]
        identities[k] = align_places(tokens, pair, np.int64(0), np.int64(1))[1]
    return identities
