"""Fresh postings: whatever the steps in which they came, they answer as all of them at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.candidates import columns
from dedup.candidates.columns import NarrowedBuckets
from dedup.index.lookup import WriteBuffer
from dedup.index.segments import SegmentInput
from tests.reference import packed as reference
from tests.strategies import law

KEYS = st.sampled_from([0, 1, 1 << 24, 5 << 48, 2**64 - 1])
# Of each article its keys; articles come in order, some at once.
ARTICLES = st.lists(st.lists(KEYS, max_size=12), max_size=40)


def _source(articles, low, high):
    rows = [
        (key, number, at) for number in range(low, high) for at, key in enumerate(articles[number])
    ]
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return SegmentInput(*map(np.array, columns, (np.uint64, np.uint32, np.uint32)))


def _fill(articles, steps):
    fresh, low = WriteBuffer(), 0
    for step in steps:
        high = min(low + step, len(articles))
        fresh.add(_source(articles, low, high))
        low = high
    fresh.add(_source(articles, low, len(articles)))
    return fresh


@law(150)
@given(
    ARTICLES,
    st.lists(st.integers(1, 9), max_size=30),
    st.integers(1, 9),
    st.sets(st.integers(0, 39)),
)
def test_buckets_are_the_same_whatever_the_steps(articles, steps, max_bucket, dead):
    fresh = _fill(articles, steps)
    live_docs = np.ones(40, np.bool_)
    live_docs[list(dead)] = False
    keys = np.array([0, 1, 2, 1 << 24, 5 << 48, 2**64 - 1], np.uint64)
    runs, none = fresh.sort(), columns.sort_postings(*_source([], 0, 0))
    assert len(fresh) == sum(map(len, articles))
    if not runs:
        assert len(fresh) == 0
        return
    _, found, *_ = _core.narrow_parts((), runs, none, keys, 0, 0, 0, max_bucket, live_docs)
    joined = NarrowedBuckets(*found)
    for k, key in enumerate(keys.tolist()):
        every = [
            (number, at)
            for number, own in enumerate(articles)
            for at, other in enumerate(own)
            if other == key
        ]
        live = [row for row in every if row[0] not in dead]
        low, high = joined.bounds[k : k + 2]
        rows = list(zip(joined.articles[low:high].tolist(), joined.places[low:high].tolist(),
                        strict=True))  # fmt: skip
        assert high - low + joined.n_absent[k] == len(live)
        if joined.n_absent[k]:
            rows = rows[: (max_bucket + 1) // 2] + rows[len(rows) - max_bucket // 2 :]
        assert reference.look_at(rows, max_bucket) == reference.look_at(live, max_bucket)


@law(100)
@given(ARTICLES, st.lists(st.integers(1, 9), max_size=30))
def test_all_come_back_in_the_order_of_the_articles(articles, steps):
    source = _fill(articles, steps).to_source()
    rows = list(zip(*(column.tolist() for column in source), strict=True))
    everything = _source(articles, 0, len(articles))
    assert sorted(rows) == sorted(zip(*(column.tolist() for column in everything), strict=True))
    for key in set(source.keys.tolist()):
        own = [row[1:] for row in rows if row[0] == key]
        assert own == sorted(own)


def test_a_posting_is_sorted_again_a_logarithm_of_times(monkeypatch):
    sorted_, sort = [], columns.sort_postings
    monkeypatch.setattr(
        columns, "sort_postings", lambda keys, *rest: sorted_.append(len(keys)) or sort(keys, *rest)
    )
    fresh, n = WriteBuffer(), 512
    for number in range(n):
        fresh.add(
            SegmentInput(
                *(np.array([number], dtype) for dtype in (np.uint64, np.uint32, np.uint32))
            )
        )
    assert sum(sorted_) <= n * (n.bit_length() + 1)
    assert len(fresh.sort()) <= n.bit_length()
