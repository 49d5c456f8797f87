"""Packed postings as a dict of lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable

Row = tuple[int, int]  # article, place


def bucket_postings(postings: Iterable[tuple[int, int, int]]) -> dict[int, list[Row]]:
    """Return (article, place) by the top 40 bits of the key; places have 16 bits."""
    buckets: dict[int, list[Row]] = {}
    for key, article, place in postings:
        buckets.setdefault(key >> 24, []).append((article, place % 65_536))
    return {key: sorted(rows) for key, rows in buckets.items()}


def look_at(rows: list[Row], max_bucket: int) -> list[Row]:
    """Return what is looked at of a bucket: all of it, or the first and the last."""
    if len(rows) <= max_bucket:
        return rows
    head, tail = (max_bucket + 1) // 2, max_bucket // 2
    return rows[:head] + rows[len(rows) - tail :]


def narrow(bucket: list[Row], max_bucket: int, dead: Collection[int]) -> tuple[int, int, list[Row]]:
    """Return how many entries of a bucket live, how many its middle lacks, and the others."""
    live = [row for row in bucket if row[0] not in dead]
    seen = look_at(live, max_bucket)
    return len(live), len(live) - len(seen), seen
