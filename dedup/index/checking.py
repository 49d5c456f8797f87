"""Check an index: rows and blocks against their checksums, and files against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dedup.errors import CorruptFile, StoreError
from dedup.index.rows import SegmentRow
from dedup.index.segments import Segment
from dedup.index.store import Store


def find_faults(store: Store, segments: Sequence[Segment]) -> Iterator[StoreError]:
    """Read everything, and yield each error."""
    yield from store.check()
    for segment in segments:
        yield from segment.verify()
    for reason in (*_find_listed_wrong(store, segments), *_find_astray(store, segments)):
        yield CorruptFile(str(store.path), reason)


def find_damage(store: Store, recipe: str) -> Iterator[StoreError]:
    """Yield the errors of an index with a file that cannot be opened."""
    yield from store.check()
    for listed in store.segments():
        path = store.path.parent / listed.name
        try:
            yield from Segment(path, recipe).verify()
        except FileNotFoundError:
            yield CorruptFile(str(path), "no such file, though the index lists it")
        except StoreError as error:
            yield error


def _find_listed_wrong(store: Store, segments: Sequence[Segment]) -> Iterator[str]:
    """Find segments that differ from their entry in the database."""
    found = {
        segment.path.name: SegmentRow(
            segment.path.name, segment.first, len(segment.articles.numbers)
        )
        for segment in segments
    }
    for listed in store.segments():
        if listed != found.get(listed.name):
            yield f"the segment {listed.name} differs from its database entry"


def _find_astray(store: Store, segments: Sequence[Segment]) -> Iterator[str]:
    """Find article numbers whose postings are missing, stored twice or without an article."""
    packed = [segment.articles.numbers for segment in segments]
    fresh = np.array(store.fresh_numbers(), np.int64)
    posted, n_times = np.unique(np.concatenate([*packed, fresh]), return_counts=True)
    removed = np.array(store.removed(), np.int64)
    live = np.setdiff1d(posted, removed)
    stored = np.array(store.numbers(), np.int64)
    problems = {
        "has postings in two places": posted[n_times > 1],
        "is stored without postings": np.setdiff1d(stored, live),
        "has postings and is not stored": np.setdiff1d(live, stored),
        "is marked as removed but not in a segment": np.setdiff1d(
            removed, np.concatenate([np.empty(0, np.int64), *packed])
        ),
        "was never assigned": posted[posted >= store.n_numbers()],
    }
    for said, found in problems.items():
        yield from (f"article number {number} {said}" for number in found.tolist())
