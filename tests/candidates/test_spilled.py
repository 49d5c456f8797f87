"""Postings in a file against those in memory: the same buckets, but for what nobody looks at."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.candidates.columns import Readers, sort_postings
from dedup.candidates.memory import MemoryPostings
from dedup.candidates.postings import PostingsBuilder
from dedup.candidates.search import ALL_ENTRIES
from dedup.candidates.spilled import SpilledPostings, UnsortedPostings
from dedup.runtime.spill import MappedRows, MemoryBudget
from tests.strategies import law

# Few keys, so that buckets are large, in the first, the last and some other range.
KEYS = st.sampled_from([0, 1, 5 << 56, (5 << 56) + 1, 9 << 60, (1 << 64) - 1])
POSTINGS = st.lists(st.tuples(st.integers(0, 30), KEYS, st.integers(0, 9)), max_size=60).map(sorted)
# From a range and a page at a time to all at once.
MEMORY = st.sampled_from([0, 200, 2000, 1 << 20])


def _columns(rows):
    return (
        np.array([key for _, key, _ in rows], np.uint64),
        np.array([article for article, _, _ in rows], np.uint32),
        np.array([place for _, _, place in rows], np.uint32),
    )


def _build(rows, memory, step):
    builder = PostingsBuilder(MemoryBudget(memory))
    for first in range(0, len(rows), step):
        builder.add(*_columns(rows[first : first + step]))
    return builder.build()


def _spill(rows, step, memory):
    unsorted = UnsortedPostings(memory)
    for first in range(0, len(rows), step):
        unsorted.add(*_columns(rows[first : first + step]))
    return unsorted.sort()


def _seen(bucket, query, max_bucket, n_absent=0):
    """Return what a query looks at: all before it, or the first and the latest, and how many."""
    before = [row for row in bucket if row[0] < query]
    n = len(before) + n_absent
    if n > max_bucket:
        head, tail = (max_bucket + 1) // 2, max_bucket // 2
        before = before[:head] + before[len(before) - tail :]
    return n, before


def _buckets(found):
    for k, (low, high) in enumerate(found.ranges.tolist()):
        rows = zip(found.articles[low:high].tolist(), found.places[low:high].tolist(), strict=True)
        yield int(found.n_absent[k]), list(rows)


@law(300)
@given(
    POSTINGS,
    st.integers(1, 20),
    st.integers(0, 30),
    st.integers(1, 10),
    st.integers(1, 8),
    MEMORY,
)
def test_a_query_reads_of_a_file_what_it_reads_in_memory(rows, step, first, n, max_bucket, memory):
    whole = MemoryPostings(sort_postings(*_columns(rows)))
    spilled = _spill(rows, step, memory)
    own = [row for row in rows if first <= row[0] < first + n]
    asked = _columns(own)[0]
    narrowed = spilled.narrow(asked, Readers(0, first, first + n), max_bucket).look_up(asked)
    pairs = zip(own, _buckets(whole.look_up(asked)), _buckets(narrowed), strict=True)
    for (query, *_), (_, everything), (n_absent, kept) in pairs:
        assert len(kept) <= max_bucket + sum(first <= row[0] < first + n for row in everything)
        assert _seen(kept, query, max_bucket, n_absent) == _seen(everything, query, max_bucket)


@law(200)
@given(
    POSTINGS,
    st.integers(1, 20),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(1, 10),
    MEMORY,
)
def test_a_window_reads_its_articles_only(rows, step, one, other, n, memory):
    low, first = sorted((one, other))
    keys = np.unique(_columns(rows)[0])
    readers = Readers(low, first, first + n)
    found = _spill(rows, step, memory).narrow(keys, readers, ALL_ENTRIES).look_up(keys)
    for key, (n_absent, kept) in zip(keys.tolist(), _buckets(found), strict=True):
        bucket = [(article, place) for article, own, place in rows if own == key]
        is_shared = len({article for article, _ in bucket}) > 1
        near = [row for row in bucket if low <= row[0] < first + n]
        assert (n_absent, kept) == (0, near if is_shared else [])


@law(200)
@given(POSTINGS, st.integers(1, 20))
def test_in_memory_a_query_finds_all_others(rows, step):
    """Buckets of one article are left out, which a query of them finds empty but for itself."""
    keys = np.unique(np.array([key for _, key, _ in rows] + [7], np.uint64))
    found = _build(rows, 1 << 20, step).look_up(keys)
    for key, (n_absent, kept) in zip(keys.tolist(), _buckets(found), strict=True):
        bucket = [(article, place) for article, own, place in rows if own == key]
        is_shared = len({article for article, _ in bucket}) > 1
        assert (n_absent, kept) == (0, bucket if is_shared else [])


def test_many_move_to_a_file():
    rows = [(article, article % 5, 0) for article in range(100)]
    assert isinstance(_build(rows, 1 << 20, 10), MemoryPostings)
    moved, keys = _build(rows, 1000, 10), np.arange(5, dtype=np.uint64)
    assert isinstance(moved, SpilledPostings)
    found, whole = (
        one.narrow(keys, Readers(0, 0, 100), 1000).look_up(keys)
        for one in (moved, _build(rows, 1 << 20, 10))
    )
    assert list(_buckets(found)) == list(_buckets(whole))


def test_pages_are_given_back_after_each_part(monkeypatch):
    released = []
    monkeypatch.setattr(MappedRows, "release", lambda rows: released.append(rows))
    rows = [(article, key << 56, 0) for article in range(2) for key in range(256)]
    keys = np.unique(_columns(rows)[0])
    # 512 postings of 16 bytes.
    for memory, n_parts in ((1 << 14, 1), (1 << 12, 3), (1 << 10, 9)):
        released.clear()
        _spill(rows, 100, memory).narrow(keys, Readers(0, 0, 2), 9)
        assert len(released) == n_parts


def test_a_directory_takes_a_fourth_of_the_memory():
    rows = [(article, key << 48, 0) for article in range(2) for key in range(1 << 16)]
    for memory in (1 << 12, 1 << 14, 1 << 20):
        n_bytes = _spill(rows, 1 << 14, memory).directory.nbytes
        # At least two cells a range.
        assert n_bytes <= max(memory // 4, 2 * 256 * 8) + 8
