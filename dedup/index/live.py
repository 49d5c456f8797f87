"""State of an open index: its segments, unflushed postings and live documents.

At a fixed number of articles, unflushed postings become a segment. Neighboring segments of one size
are merged step by step into a larger one, so their number is logarithmic and no call takes long.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.index.format import MAX_ARTICLES
from dedup.index.lookup import IndexPostings, WriteBuffer
from dedup.index.rows import SegmentRow, UnflushedPostings
from dedup.index.segments import (
    KINDS,
    MAX_POSTINGS,
    Articles,
    Merge,
    Segment,
    SegmentInput,
    write_segment,
)
from dedup.index.store import Store
from dedup.pattern import lazy_pattern

# Articles whose postings stay in memory until a flush; number of segments that a merge joins.
FRESH, FANOUT = 2048, 8
# Articles per merge step, so that merging keeps up with adding.
_STEP_FOR = 16
# Merge steps that closing an index may take; each takes some milliseconds.
_LAST_STEPS = 256
_ROOM = 1024
_SUFFIX = ".seg"
# The name of a segment; other files are left alone.
_NAME = lazy_pattern(r"[0-9a-f]{16}\.seg")


class SegmentSet:
    """The open parts of an index.

    `live_docs` holds by number whether an article is live; numbers without an article are not.
    """

    def __init__(self, directory: Path, store: Store, recipe: str) -> None:
        self._directory = directory
        self._store = store
        self._recipe = recipe
        self.segments: list[Segment] = []
        self._merge: Merge | None = None
        self._put_off = 0
        # Whether memory may differ from the database.
        self.is_stale = True

    def refresh(self, *, is_writer: bool) -> None:
        """Reload memory to match the database; the caller then clears `is_stale`.

        Raises
        ------
        FileNotFoundError
            If a merge of another process deleted a file meanwhile.
        """
        listed = self._store.segments()
        is_known = [one.name for one in listed] == [one.path.name for one in self.segments]
        can_follow = is_known and not self.is_stale
        self.is_stale = True
        self.abandon()
        if can_follow:
            self._follow()
        else:
            self._load(listed)
        if is_writer:
            self._sweep()
            # Resume merges that an ended process left unfinished.
            self._plan_merge()

    def _load(self, listed: Sequence[SegmentRow]) -> None:
        known = {segment.path.name: segment for segment in self.segments}
        self.segments = [
            known.get(one.name) or Segment(self._directory / one.name, self._recipe)
            for one in listed
        ]
        self.n_numbers = 0
        self._lengths, self.live_docs = np.zeros(_ROOM, np.int64), np.zeros(_ROOM, np.bool_)
        for segment in self.segments:
            numbers, lengths = segment.articles
            self._grow(int(numbers[-1]) + 1)
            self._lengths[numbers], self.live_docs[numbers] = lengths, True
        self._forget_fresh()
        self._follow()

    def _follow(self) -> None:
        """Apply changes of other processes to articles; the list of segments is up to date."""
        gone = []
        if self._fresh_numbers:
            gone = sorted(set(self._fresh_numbers).difference(self._store.fresh_numbers()))
        last = self._fresh_numbers[-1] if self._fresh_numbers else -1
        self.take(self._store.fresh(last + 1))
        self._grow(self._store.n_numbers())
        self.drop(gone)
        self.drop(self._store.removed())

    def take(self, found: UnflushedPostings) -> None:
        """Add the postings of newly stored articles."""
        numbers = list(found.numbers)
        if not numbers:
            return
        self._grow(numbers[-1] + 1)
        self._lengths[numbers], self.live_docs[numbers] = found.counts, True
        self._fresh_numbers += numbers
        for kind in KINDS:
            self._fresh[kind].add(found.sources[kind])

    def drop(self, numbers: Sequence[int]) -> None:
        """Mark articles as removed."""
        if numbers:
            self.live_docs[numbers] = False

    def _grow(self, n: int) -> None:
        self._reserve(n)
        self.n_numbers = max(self.n_numbers, n)

    def _reserve(self, n: int) -> None:
        if n > len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros(n, np.int64)])
            self.live_docs = np.concatenate([self.live_docs, np.zeros(n, np.bool_)])

    def lengths_with(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the token counts of all articles by number, then those of a block."""
        n = self.n_numbers + len(counts)
        self._reserve(n)
        self._lengths[self.n_numbers : n] = counts
        return self._lengths[:n]

    def live_docs_without(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """Return the mask of live documents without some of them."""
        if not numbers:
            return self.live_docs
        live_docs = self.live_docs.copy()
        live_docs[numbers] = False
        return live_docs

    def look_up(
        self, own: Mapping[str, SegmentInput], live_docs: NDArray[np.bool_]
    ) -> tuple[IndexPostings, IndexPostings]:
        """Return the look-ups by band and by seed, including the postings of a block."""
        bands, seeds = (
            IndexPostings(kind, self.segments, self._fresh[kind], live_docs, own[kind])
            for kind in KINDS
        )
        return bands, seeds

    def count_postings(self) -> int:
        """Return the number of postings of both kinds."""
        packed = sum(segment.count(kind) for segment in self.segments for kind in KINDS)
        return packed + sum(len(fresh) for fresh in self._fresh.values())

    def count_bytes(self) -> int:
        """Return the bytes of all files of the index."""
        return sum(map(_size, self._directory.iterdir()))

    # Segments

    def tend(self, n_added: int) -> bool:
        """Flush or merge in proportion to the number of added articles."""
        if len(self._fresh_numbers) >= self._flush_at:
            try:
                self.flush()
            except BaseException:
                # Delay the next attempt, because the cause may last.
                self._put_off = len(self._fresh_numbers) + FRESH // FANOUT
                raise
        elif self._merge:
            for _ in range(1 + n_added // _STEP_FOR):
                self._go_on()
        else:
            return False
        return True

    def finish(self) -> None:
        """Finish a running merge unless it is long; the process end would discard it."""
        for _ in range(_LAST_STEPS):
            self._go_on()
        self.abandon()

    def flush(self) -> None:
        """Write the unflushed postings to a segment."""
        numbers = np.array(self._fresh_numbers, np.int64)
        numbers = numbers[self.live_docs[numbers]]
        written = [self._write_fresh(part) for part in _cut_numbers(numbers)]
        if written:
            with self._store.transaction():
                for segment in written:
                    self._store.replace_segments((), _listed(segment))
                self._store.clear_fresh()
                self._store.learn_words()
            self.segments += written
        self._put_off = 0
        self._forget_fresh()
        self.drop_segments()

    def _write_fresh(self, numbers: NDArray[np.int64]) -> Segment:
        path = self._new_path()
        is_chosen = np.zeros(len(self.live_docs), np.bool_)
        is_chosen[numbers] = True
        sources = {kind: self._fresh[kind].to_source() for kind in KINDS}
        chosen = {kind: one.take(is_chosen[one.articles]) for kind, one in sources.items()}
        write_segment(path, self._recipe, Articles(numbers, self._lengths[numbers]), chosen)
        return Segment(path, self._recipe)

    def _forget_fresh(self) -> None:
        self._fresh = {kind: WriteBuffer() for kind in KINDS}
        self._fresh_numbers: list[int] = []
        self._flush_at = max(FRESH, self._put_off)

    def merge_all(self) -> None:
        """Merge all segments into one, without removed articles."""
        self.abandon()
        self.flush()
        self.abandon()
        for part in cut_segments(self.segments):
            if len(part) > 1 or not self.live_docs[part[0].articles.numbers].all():
                merge = self._begin_merge(part)
                while not self._step(merge):
                    pass
                self._end_merge(merge)

    def abandon(self) -> None:
        """Cancel a running merge."""
        if self._merge:
            self._merge.abandon()
            self._merge = None

    def _plan_merge(self) -> None:
        """Start to merge the latest segments, if enough of them have one size."""
        tiers = [_tier(len(segment.articles.numbers)) for segment in self.segments]
        n = 0
        while n < len(tiers) and tiers[-1 - n] <= tiers[-1]:
            n += 1
        if n >= FANOUT and not self._merge:
            parts = [part for part in cut_segments(self.segments[-n:]) if len(part) > 1]
            if parts:
                self._begin_merge(parts[0])

    def _begin_merge(self, segments: Sequence[Segment]) -> Merge:
        self._merge = Merge(self._new_path(), self._recipe, segments, self.live_docs)
        return self._merge

    def _go_on(self) -> None:
        if self._merge and self._step(self._merge):
            self._end_merge(self._merge)
            self.drop_segments()

    def _step(self, merge: Merge) -> bool:
        try:
            return merge.step()
        except BaseException:
            self.abandon()
            raise

    def _end_merge(self, merge: Merge) -> None:
        self._merge = None
        new = [Segment(merge.path, self._recipe)] if len(merge.articles.numbers) else []
        self._replace(merge.segments, new, merge.dropped)
        if not new:
            merge.path.unlink(missing_ok=True)

    def drop_segments(self) -> None:
        """Drop segments without live articles, and start a merge that is due."""
        # Most segments have a live article at one end, so few are scanned.
        gone = [
            segment
            for segment in self.segments
            if not self.live_docs[segment.articles.numbers[[0, -1]]].any()
            and not self.live_docs[segment.articles.numbers].any()
        ]
        if self._merge and not set(gone).isdisjoint(self._merge.segments):
            self.abandon()
        for segment in gone:
            self._replace([segment], [], segment.articles.numbers)
        self._plan_merge()

    def _replace(
        self, old: Sequence[Segment], new: list[Segment], dropped: NDArray[np.int64]
    ) -> None:
        """Replace neighboring segments by a segment or nothing."""
        with self._store.transaction():
            names = [segment.path.name for segment in old]
            listed = _listed(new[0]) if new else None
            self._store.replace_segments(names, listed, dropped.tolist())
        at = self.segments.index(old[0])
        self.segments[at : at + len(old)] = new
        for segment in old:
            segment.path.unlink(missing_ok=True)

    def _new_path(self) -> Path:
        return self._directory / f"{os.urandom(8).hex()}{_SUFFIX}"

    def _sweep(self) -> None:
        """Delete files of a process that ended before it listed them."""
        listed = {one.name for one in self._store.segments()}
        for path in self._directory.glob(f"*{_SUFFIX}"):
            if path.name not in listed and _NAME.fullmatch(path.name):
                path.unlink(missing_ok=True)


def cut_segments(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Divide neighboring segments into few parts, each small enough for one segment.

    The number range and the number of postings of a segment are limited.
    """
    parts: list[list[Segment]] = []
    for segment in segments:
        if parts and _are_one([*parts[-1], segment]):
            parts[-1].append(segment)
        else:
            parts.append([segment])
    return parts


def _are_one(segments: Sequence[Segment]) -> bool:
    n_numbers = int(segments[-1].articles.numbers[-1]) + 1 - segments[0].first
    n_postings = max(sum(one.count(kind) for one in segments) for kind in KINDS)
    return n_numbers <= MAX_ARTICLES and n_postings <= MAX_POSTINGS


def _cut_numbers(numbers: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cut ascending numbers into parts that each fit the number range of a segment."""
    parts = []
    while len(numbers):
        n = int(np.searchsorted(numbers, numbers[0] + MAX_ARTICLES))
        parts.append(numbers[:n])
        numbers = numbers[n:]
    return parts


def _listed(segment: Segment) -> SegmentRow:
    return SegmentRow(segment.path.name, segment.first, len(segment.articles.numbers))


def _tier(n_articles: int) -> int:
    tier = 0
    while n_articles > FRESH:
        n_articles //= FANOUT
        tier += 1
    return tier


def _size(path: Path) -> int:
    """Return the size of a file in bytes, or 0 if a merge deleted it meanwhile."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
