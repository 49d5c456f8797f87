"""Postings as a list that Python sorts."""

from __future__ import annotations

from collections.abc import Sequence


def sort_postings(
    keys: Sequence[int], articles: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Equal keys stay in the order they came in."""
    rows = zip(keys, articles, places, strict=True)
    return sorted(rows, key=lambda row: row[0])


def look_up(keys: Sequence[int], query: int) -> list[int]:
    """The places of a key in sorted keys."""
    return [at for at, key in enumerate(keys) if key == query]
