"""Postings as a list that Python sorts."""

from __future__ import annotations

from collections.abc import Sequence


def sort_postings(
    keys: Sequence[int], articles: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Equal keys stay in the order they came in."""
    rows = zip(keys, articles, places, strict=True)
    return sorted(rows, key=lambda row: row[0])


def sort_shared(
    keys: Sequence[int], articles: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Of the sorted postings, those whose key is also in another article."""
    rows = sort_postings(keys, articles, places)
    return [
        (key, article, place)
        for key, article, place in rows
        if any(own == key and other != article for own, other, _ in rows)
    ]


def look_up(keys: Sequence[int], query: int) -> list[int]:
    """The places of a key in sorted keys."""
    return [at for at, key in enumerate(keys) if key == query]


def narrow(
    bucket: Sequence[tuple[int, int]], low: int, first: int, last: int, max_bucket: int
) -> tuple[int, list[tuple[int, int]]]:
    """Of (article, place): how many are left out, and what the articles that ask see."""
    before = [row for row in bucket if low <= row[0] < first]
    own = [row for row in bucket if first <= row[0] < last]
    n_absent = max(len(before) - max_bucket, 0)
    if n_absent:
        head = (max_bucket + 1) // 2
        before = before[:head] + before[head + n_absent :]
    return n_absent, before + own
