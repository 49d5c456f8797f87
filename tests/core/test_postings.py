"""Sorted postings and look-ups against their twins, on keys that are no honest hashes too."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.candidates.columns import Postings, Readers, sort_postings, sort_shared
from tests.reference import postings as reference
from tests.strategies import law

# Few values, so that keys repeat; neighbors, which share every bit that a directory looks at.
KEYS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 2**63, 2**63 - 1, 2**64 - 1]),
    st.integers(2**40, 2**40 + 90),
)


def _sort(keys: list[int]) -> Postings:
    n = len(keys)
    articles, places = np.arange(n, dtype=np.uint32), np.arange(7, n + 7, dtype=np.uint32)
    return sort_postings(np.array(keys, np.uint64), articles, places)


@law(200)
@given(st.lists(KEYS, max_size=150))
@example([])
@example([5] * 33)
@example(list(range(33, 0, -1)))
@example(list(range(32, 0, -1)))
def test_sorted_postings_are_the_twin(keys):
    found = _sort(keys)
    rows = zip(found.keys.tolist(), found.articles.tolist(), found.places.tolist(), strict=True)
    assert list(rows) == reference.sort_postings(keys, range(len(keys)), range(7, len(keys) + 7))


@law(200)
@given(
    st.lists(st.tuples(st.integers(0, 30), KEYS), max_size=150).map(sorted),
    st.integers(0, 31),
    st.integers(1, 9),
)
@example([(0, 5), (0, 5), (1, 5), (1, 6), (1, 6)], 4, 1)
@example([(at // 40, 5) for at in range(80)] + [(2, 4)] * 40, 31, 9)
def test_shared_postings_are_the_twin(rows, n_skipped, n_bits):
    """Of keys with the first bits of the first."""
    of_range = [key >> (64 - n_skipped) for _, key in rows]
    rows = [row for row, own in zip(rows, of_range, strict=True) if own == of_range[0]]
    keys, articles = [key for _, key in rows], [article for article, _ in rows]
    columns = map(np.array, (keys, articles, range(len(rows))), (np.uint64, np.uint32, np.uint32))
    found = sort_shared(*columns, n_skipped, n_bits)
    kept = zip(found.keys.tolist(), found.articles.tolist(), found.places.tolist(), strict=True)
    assert list(kept) == reference.sort_shared(keys, articles, range(len(rows)))
    cells = (np.array(found.keys, np.uint64) << np.uint64(n_skipped)) >> np.uint64(64 - n_bits)
    expected = np.searchsorted(cells, np.arange((1 << n_bits) + 1, dtype=np.uint64))
    assert found.directory.tolist() == expected.tolist()


@pytest.mark.parametrize(("n_skipped", "n_bits"), [(-1, 1), (32, 1), (0, 0), (0, 26)])
def test_bits_of_no_directory_are_refused(n_skipped, n_bits):
    columns = (np.zeros(2, dtype) for dtype in (np.uint64, np.uint32, np.uint32))
    with pytest.raises(ValueError, match="out of range"):
        _core.sort_shared(*columns, n_skipped, n_bits)


@law(200)
@given(st.lists(KEYS, max_size=150), st.lists(KEYS, max_size=20))
@example([5] * 100 + [6] * 3, [4, 5, 6, 7])
@example([2**40 + at for at in range(80)], [2**40 + 70, 2**40 + 90])
def test_looked_up_ranges_are_the_twin(keys, queries):
    postings = _sort(keys)
    queries = queries + keys[:20]
    ranges = postings.look_up(np.array(queries, np.uint64))
    for query, (first, last) in zip(queries, ranges.tolist(), strict=True):
        assert list(range(first, last)) == reference.look_up(postings.keys.tolist(), query)


@pytest.mark.parametrize("n", [31, 32, 33, 63, 64, 65, 200, 1000])
def test_a_bucket_of_any_size_is_found_whole(n):
    """Among keys that share its cell of the directory."""
    keys = [9] * n + [3, 4, 8, 10, 12, 2**64 - 1]
    postings = _sort(keys)
    queries = np.array([3, 5, 9, 10, 11, 2**64 - 1], np.uint64)
    ranges = postings.look_up(queries)
    assert np.diff(ranges).ravel().tolist() == [1, 0, n, 1, 0, 1]


@law(200)
@given(
    st.lists(st.tuples(KEYS, st.integers(0, 30)), max_size=150),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 10),
    st.integers(0, 12),
)
@example([(7, at) for at in range(30)], 20, 20, 5, 4)
@example([(7, at) for at in range(30)], 20, 20, 5, 0)
@example([(7, at) for at in range(30)], 12, 20, 5, 4)
def test_narrowed_buckets_are_the_twin(rows, reach, first, n, max_bucket):
    rows = sorted(rows, key=lambda row: row[1])
    columns = [key for key, _ in rows], [article for _, article in rows], range(len(rows))
    postings = sort_postings(*map(np.array, columns, (np.uint64, np.uint32, np.uint32)))
    keys = np.unique(np.array([key for key, _ in rows] + [3, 7], np.uint64))
    low = max(first - reach, 0)
    found = postings.narrow(keys, Readers(low, first, first + n), max_bucket)
    for k, key in enumerate(keys.tolist()):
        bucket = [(article, place) for place, (own, article) in enumerate(rows) if own == key]
        start, end = found.bounds[k : k + 2]
        entries = zip(found.articles[start:end].tolist(), found.places[start:end].tolist(),
                      strict=True)  # fmt: skip
        expected = reference.narrow(bucket, low, first, first + n, max_bucket)
        assert (found.n_absent[k], list(entries)) == expected


QUERIES = np.array([0, 5, 2**64 - 1], np.uint64)


def _narrow_live(run, live_docs):
    return _core.narrow_parts((), (run,), _sort([]), QUERIES, 0, 0, 0, 9, live_docs)


@pytest.mark.parametrize("column", range(3))
def test_another_dtype_or_layout_is_refused(column):
    columns = [np.zeros(8, dtype) for dtype in (np.uint64, np.uint32, np.uint32)]
    for wrong in (columns[column].astype(np.int64), columns[column][::2], np.zeros((8, 1))):
        with pytest.raises(TypeError):
            _core.sort_postings(*columns[:column], wrong, *columns[column + 1 :])
    with pytest.raises(ValueError, match="differ in length"):
        _core.sort_postings(*columns[:column], columns[column][:7], *columns[column + 1 :])


@pytest.mark.parametrize(
    "directory",
    [[], [0], [0, 4], [0, 1, 2, 4], [-1, 2, 4], [0, 5, 4], [0, 2, 5], [0, 2, 1], [0, -(2**63), 4]],
)
def test_a_directory_that_lies_is_refused(directory):
    keys, others = np.arange(4, dtype=np.uint64), np.zeros(4, np.uint32)
    directory, live_docs = np.array(directory, np.int64), np.ones(1, np.bool_)
    with pytest.raises(ValueError, match="directory"):
        _core.look_up(keys, directory, QUERIES)
    with pytest.raises(ValueError, match="directory"):
        _core.narrow_postings(keys, others, others, directory, QUERIES, 0, 0, 1, 9)
    with pytest.raises(ValueError, match="directory"):
        _narrow_live((keys, others, others, directory), live_docs)


@pytest.mark.parametrize(
    ("low", "first", "last", "max_bucket"),
    [
        (0, -1, 0, 1),
        (0, 2, 1, 1),
        (0, 0, 2**32, 1),
        (0, 0, 1, -1),
        (0, 0, 1, 2**63 - 1),
        (1, 0, 1, 1),
        (-1, 0, 1, 1),
    ],
)
def test_ranges_that_are_none_are_refused(low, first, last, max_bucket):
    with pytest.raises(ValueError, match="out of range"):
        _core.narrow_postings(*_sort([1, 2]), QUERIES, low, first, last, max_bucket)


def test_buckets_in_no_order_lead_nowhere_else():
    """An order of articles that the caller has promised, and not kept."""
    keys, articles = np.full(90, 5, np.uint64), np.arange(90, 0, -1, dtype=np.uint32)
    postings = sort_postings(keys, articles, articles)
    for first, last in [(0, 90), (30, 60), (45, 45), (89, 91)]:
        found = postings.narrow(QUERIES, Readers(0, first, last), 7)
        assert len(found.articles) == len(found.places) == found.bounds[-1] <= 90
        assert (np.diff(found.bounds) >= 0).all()


def test_an_article_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="live_docs"):
        _narrow_live(_sort([5, 5]), np.ones(1, np.bool_))
