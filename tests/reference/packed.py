"""Packed postings as a dict of lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tests.reference import postings as in_memory
from tests.reference.hash import hash_bytes

Row = tuple[int, int]  # article, place
Postings = Sequence[tuple[int, int, int]]  # key, article, place


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


def narrow(bucket: list[Row], max_bucket: int, dead: Collection[int]) -> tuple[int, list[Row]]:
    """Return how many live entries the middle of a bucket lacks, and the others."""
    live = [row for row in bucket if row[0] not in dead]
    seen = look_at(live, max_bucket)
    return len(live) - len(seen), seen


def pack(postings: Iterable[tuple[int, int, int]], first: int, n_bits: int) -> list[list[int]]:
    """Return the entries of each cell: 24 bits of the key, 24 of the article, 16 of the place."""
    cells: list[list[int]] = [[] for _ in range(2**n_bits)]
    for key, article, place in postings:
        entry = (key >> 24) % 2**24 * 2**40 + (article - first) * 2**16 + place % 2**16
        cells[key >> 64 - n_bits].append(entry)
    return [sorted(cell) for cell in cells]


def unpack(
    postings: Iterable[tuple[int, int, int]], dead: Collection[int]
) -> list[tuple[int, int, int]]:
    """Return what is left of each posting whose article lives, in order."""
    buckets = bucket_postings(postings)
    rows = [(key << 24, *row) for key in sorted(buckets) for row in buckets[key]]
    return [row for row in rows if row[1] not in dead]


def narrow_parts(
    files: Sequence[Postings],
    runs: Sequence[Postings],
    own: Postings,
    key: int,
    readers: tuple[int, int, int],
    max_bucket: int,
    dead: Collection[int],
) -> tuple[int, list[Row]]:
    """Return what all parts hold of a key, one after the other."""
    buckets = [bucket_postings(part).get(key >> 24, []) for part in files]
    buckets += [_take(part, key) for part in runs]
    found = [narrow(bucket, max_bucket, dead) for bucket in buckets]
    found.append(in_memory.narrow(_take(own, key), *readers, max_bucket))
    return sum(n for n, _ in found), [row for _, rows in found for row in rows]


def _take(part: Postings, key: int) -> list[Row]:
    return [row[1:] for row in part if row[0] == key]


def sum_blocks(content: bytes, size: int) -> list[int]:
    return [hash_bytes(content[low : low + size]) for low in range(0, len(content), size)]


def check_bytes(
    content: bytes, sums: list[int], checked: set[int], span: tuple[int, int], size: int
) -> int:
    """Return the first damaged block of those that a span of bytes is in, or -1.

    Intact ones before it are added to those that need no check again.
    """
    for block in sorted({byte // size for byte in range(*span)} - checked):
        if sum_blocks(content, size)[block] != sums[block]:
            return block
        checked.add(block)
    return -1
