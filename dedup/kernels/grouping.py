"""Spans of tokens to places: which are the same stretch of an article, which lie in another.

Tokens are counted over all articles, so that spans of different articles never meet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiling import kernel


@kernel
def group_spans(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Group spans that are the same but for their edges.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted.
    min_same : float
        Least intersection over union with the first span of a group.

    Returns
    -------
    ndarray of int64, shape (n,)
        Index of the first span of each one's group.

    Notes
    -----
    Two first spans that cover one place differ by more than `min_same` allows, so that their
    number there grows with the logarithm of their lengths and not with the number of spans.
    """
    groups = np.empty(len(spans), np.int64)
    open_groups = np.empty(len(spans), np.int64)
    n_open = 0
    for k in range(len(spans)):
        low, high = spans[k]
        best, group, n_kept = min_same, np.int64(k), 0
        for at in range(n_open):
            first = open_groups[at]
            shared = min(high, spans[first, 1]) - low
            if shared <= 0:
                continue
            open_groups[n_kept] = first
            n_kept += 1
            same = shared / (max(high, spans[first, 1]) - spans[first, 0])
            if same >= best and (same > best or group == k):
                best, group = same, first
        n_open = n_kept
        groups[k] = group
        if group == k:
            open_groups[n_open] = k
            n_open += 1
    return groups


@kernel
def find_nested(spans: NDArray[np.int64], min_same: float) -> NDArray[np.int64]:
    """Find which spans lie in which others.

    Parameters
    ----------
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted, one for each group of :func:`group_spans`.
    min_same : float
        Least share of a span that must lie in a longer one.

    Returns
    -------
    ndarray of int64, shape (n_pairs, 2)
        Outer and inner span, sorted.
    """
    found = [np.int64(0)]
    met = np.empty(len(spans), np.int64)
    n_met = 0
    for k in range(len(spans)):
        low, high = spans[k]
        n_kept = 0
        for at in range(n_met):
            other = met[at]
            shared = min(high, spans[other, 1]) - low
            if shared <= 0:
                continue
            met[n_kept] = other
            n_kept += 1
            length, other_length = high - low, spans[other, 1] - spans[other, 0]
            if length < other_length and shared >= min_same * length:
                found.append(other << 32 | k)
            elif other_length < length and shared >= min_same * other_length:
                found.append(np.int64(k) << 32 | other)
        met[n_kept] = k
        n_met = n_kept + 1
    pairs = np.sort(np.array(found[1:], np.int64))
    rows = np.empty((len(pairs), 2), np.int64)
    rows[:, 0], rows[:, 1] = pairs >> 32, pairs & 0xFFFFFFFF
    return rows


@kernel
def fold_spans(
    families: NDArray[np.int64], spans: NDArray[np.int64], identities: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Choose of the spans of a family that overlap the one that is most alike.

    Parameters
    ----------
    families : ndarray of int64, shape (n,)
        Family of each span, sorted.
    spans : ndarray of int64, shape (n, 2)
        Half-open, sorted within a family.
    identities : ndarray of float64, shape (n,)
        How much each is like the representative, which has more than any other.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which to keep: no two that share half of the shorter one, the most alike first.
    """
    keep = np.zeros(len(families), np.bool_)
    first = 0
    while first < len(families):
        last, end = first + 1, spans[first, 1]
        while last < len(families) and families[last] == families[first] and spans[last, 0] < end:
            end = max(end, spans[last, 1])
            last += 1
        for k in first + np.argsort(-identities[first:last], kind="mergesort"):
            is_met = False
            for other in range(first, last):
                shared = min(spans[k, 1], spans[other, 1]) - max(spans[k, 0], spans[other, 0])
                shorter = min(spans[k, 1] - spans[k, 0], spans[other, 1] - spans[other, 0])
                is_met |= keep[other] and 2 * shared >= shorter
            keep[k] = not is_met
        first = last
    return keep
