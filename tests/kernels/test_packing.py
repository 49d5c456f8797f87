"""Postings of a file against a dict: packed, looked up, unpacked, joined; and damaged."""

from functools import reduce

import numpy as np
import pytest
import xxhash
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels import packing as kernel
from dedup.kernels.packing import BLOCK
from dedup.kernels.posting import Narrowed, sort_postings
from tests.reference import packing as reference
from tests.strategies import law

N_ARTICLES, FIRST = 40, 5
# Equal in what is kept, or only in the cell, or neighbors, or at the ends.
KEYS = (0, 1, 1 << 24, 1 << 40, 5 << 48, (5 << 48) + 7, (5 << 48) + (9 << 24), 2**63, 2**64 - 1)
PLACES = st.integers(0, 9) | st.sampled_from([65_535, 65_536, 70_000])
POSTING = st.tuples(
    st.sampled_from(KEYS) | st.integers(0, 2**64 - 1), st.integers(FIRST, N_ARTICLES - 1), PLACES
)
# A bucket of many, and so a cell that is no longer ordered by insertion.
HOT = st.tuples(st.sampled_from(KEYS), st.integers(0, 90)).map(
    lambda drawn: [
        (drawn[0], FIRST + at * 7 % (N_ARTICLES - FIRST), at % 3) for at in range(drawn[1])
    ]
)
POSTINGS = st.builds(
    lambda few, hot: sorted(few + hot, key=lambda row: row[1]), st.lists(POSTING, max_size=60), HOT
)
DEAD = st.sets(st.integers(0, N_ARTICLES - 1)) | st.just(set())
BITS = st.sampled_from([16, 17, 19])


def _columns(postings):
    return (
        np.array([key for key, _, _ in postings], np.uint64),
        np.array([article for _, article, _ in postings], np.uint32),
        np.array([place for _, _, place in postings], np.uint32),
    )


def _pad(array):
    return array.tobytes() + b"\0" * (-array.nbytes % BLOCK)


def _pack(postings, n_bits):
    counts = np.zeros(1 << n_bits, np.uint32)
    entries = kernel.pack_entries(sort_postings(*_columns(postings)), FIRST, n_bits, counts)
    directory = np.append(0, np.cumsum(counts)).astype(np.uint32)
    parts = _pad(np.arange(9)), _pad(directory), _pad(entries)
    file = np.frombuffer(bytearray(b"".join(parts)), np.uint8)
    ats = len(parts[0]), len(parts[0]) + len(parts[1])
    return kernel.Packed(
        file[ats[0] : ats[0] + directory.nbytes].view(np.uint32),
        file[ats[1] : ats[1] + entries.nbytes].view(np.uint64),
        np.int64(FIRST),
        file,
        *map(np.int64, ats),
        kernel.sum_blocks(file),
        np.zeros(len(file) // BLOCK, np.uint8),
    )


def _mark(dead):
    is_dead = np.zeros(N_ARTICLES, np.bool_)
    is_dead[list(dead)] = True
    return is_dead


def _rows(narrowed):
    """Return what was found of each key, as the twin does."""
    for k in range(len(narrowed.sizes)):
        low, high = narrowed.bounds[k : k + 2]
        rows = zip(narrowed.articles[low:high].tolist(), narrowed.places[low:high].tolist(),
                   strict=True)  # fmt: skip
        yield int(narrowed.sizes[k]), int(narrowed.n_absent[k]), list(rows)


def _queries(postings, others):
    return np.unique(np.array([key for key, _, _ in postings[:20]] + others, np.uint64))


@law(300)
@given(POSTINGS, BITS, st.lists(st.sampled_from(KEYS)), st.integers(1, 40), DEAD)
@example([], 16, [0, 2**64 - 1], 1, set())
@example([(5 << 48, at % 40, 0) for at in range(5, 600)], 16, [5 << 48], 7, set(range(0, 40, 2)))
@example([(5 << 48, at % 40, 0) for at in range(5, 600)], 16, [5 << 48], 40, set(range(8, 40)))
def test_buckets_are_the_twin(postings, n_bits, others, max_bucket, dead):
    postings = [row for row in postings if row[1] >= FIRST]
    queries = _queries(postings, others)
    found, bad = kernel.narrow_packed(_pack(postings, n_bits), queries, max_bucket, _mark(dead))
    assert bad == -1
    buckets = reference.bucket_postings(postings)
    assert list(_rows(found)) == [
        reference.narrow(buckets.get(key >> 24, []), max_bucket, dead) for key in queries.tolist()
    ]


@law(200)
@given(POSTINGS, st.lists(st.sampled_from(KEYS)), st.integers(1, 40), DEAD)
def test_buckets_in_memory_are_the_twin_with_whole_keys(postings, others, max_bucket, dead):
    queries = _queries(postings, others)
    sorted_ = sort_postings(*_columns(postings))
    found = kernel.narrow_live(sorted_, queries, max_bucket, _mark(dead))
    assert list(_rows(found)) == [
        reference.narrow([row[1:] for row in postings if row[0] == key], max_bucket, dead)
        for key in queries.tolist()
    ]


@law(200)
@given(POSTINGS, BITS, st.integers(0, 3), DEAD)
def test_what_is_unpacked_is_what_was_packed(postings, n_bits, n_parts_bits, dead):
    packed = _pack(postings, n_bits)
    step = 1 << (n_bits - n_parts_bits)
    found = []
    for low in range(0, 1 << n_bits, step):
        *columns, bad = kernel.unpack_range(packed, low, low + step, _mark(dead))
        assert bad == -1
        found += zip(*(column.tolist() for column in columns), strict=True)
    buckets = reference.bucket_postings(postings)
    assert found == [
        (key << 24, *row) for key in sorted(buckets) for row in buckets[key] if row[0] not in dead
    ]


@law(200)
@given(st.lists(POSTINGS, min_size=1, max_size=4), st.sampled_from(KEYS), st.integers(1, 40), DEAD)
def test_of_files_in_a_row_one_looks_at_what_one_would_of_all(parts, key, max_bucket, dead):
    """Each file leaves out a middle, and what is gone; yet the ends are there, and no more."""
    span = N_ARTICLES
    is_dead = np.concatenate([_mark(dead)] * len(parts))
    queries = np.array([key], np.uint64)
    found = []
    for k, postings in enumerate(parts):
        packed = _pack(postings, 16)._replace(first=np.int64(FIRST + k * span))
        found.append(kernel.narrow_packed(packed, queries, max_bucket, is_dead)[0])
    ((size, n_absent, rows),) = _rows(reduce(kernel.join_narrowed, found))
    buckets = [reference.bucket_postings(postings).get(key >> 24, []) for postings in parts]
    every = [(k * span + row[0], row[1]) for k, bucket in enumerate(buckets) for row in bucket]
    live = [row for row in every if row[0] % span not in dead]
    assert size == len(live) == len(rows) + n_absent
    assert n_absent == 0 or len(rows) >= max_bucket
    seen = rows
    if len(rows) + n_absent > max_bucket:
        seen = rows[: (max_bucket + 1) // 2] + rows[len(rows) - max_bucket // 2 :]
    assert seen == reference.look_at(live, max_bucket)


ROWS = st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5),
                min_size=3, max_size=3)  # fmt: skip


def _narrowed(buckets):
    flat = [row for bucket in buckets for row in bucket]
    return Narrowed(
        np.append(0, np.cumsum([len(bucket) for bucket in buckets])),
        np.array([len(bucket) + k for k, bucket in enumerate(buckets)]),
        np.arange(len(buckets)),
        np.array([article for article, _ in flat], np.uint32),
        np.array([place for _, place in flat], np.uint32),
    )


@law()
@given(ROWS, ROWS)
def test_joined_buckets_are_one_after_the_other(left, right):
    joined = kernel.join_narrowed(_narrowed(left), _narrowed(right))
    assert list(_rows(joined)) == [
        (len(a) + len(b) + 2 * k, 2 * k, a + b)
        for k, (a, b) in enumerate(zip(left, right, strict=True))
    ]


def _needed(packed, key):
    """Return the blocks that hold the cell of a key, and its entries."""
    n_bits = (len(packed.directory) - 1).bit_length() - 1
    cell = key >> (64 - n_bits)
    low, high = packed.directory[cell : cell + 2].tolist()
    at = int(packed.directory_at) + 4 * cell
    spans = (at, at + 8), (int(packed.entries_at) + 8 * low, int(packed.entries_at) + 8 * high)
    return {byte // BLOCK for begin, end in spans for byte in range(begin, end)}


@law(200)
@given(POSTINGS, st.lists(st.sampled_from(KEYS), min_size=1), st.data(), st.integers(1, 255), DEAD)
def test_a_flipped_byte_is_refused_or_was_not_read(postings, others, data, flip, dead):
    packed, queries = _pack(postings, 16), _queries(postings, others)
    intact, _ = kernel.narrow_packed(packed, queries, 9, _mark(dead))
    needed = {block for key in queries.tolist() for block in _needed(packed, key)}
    block = data.draw(st.sampled_from(sorted(needed)) | st.sampled_from(range(len(packed.sums))))
    packed.file[block * BLOCK + data.draw(st.integers(0, BLOCK - 1))] ^= flip
    packed.is_checked[:] = 0
    found, bad = kernel.narrow_packed(packed, queries, 9, _mark(dead))
    if block in needed:
        assert bad == block
        assert len(found.articles) == found.sizes.sum() == 0
    else:
        assert bad == -1
        assert list(_rows(found)) == list(_rows(intact))
    # To unpack all is to read all but the first block, and what pads the last.
    n_rows = len(packed.directory) - 1
    bad = kernel.unpack_range(packed, 0, n_rows, _mark(dead))[-1]
    assert bad == (block if packed.directory_at <= block * BLOCK else -1)


def test_a_block_is_checked_once():
    packed = _pack([(0, FIRST, 1)], 16)
    queries, is_dead = np.array([0], np.uint64), _mark(())
    assert packed.is_checked.sum() == 0
    kernel.narrow_packed(packed, queries, 9, is_dead)
    assert packed.is_checked.sum() == 2
    packed.sums[:] = 0
    assert kernel.narrow_packed(packed, queries, 9, is_dead)[1] == -1


@law()
@given(st.integers(1, 3 * BLOCK), st.randoms(use_true_random=False))
def test_sums_are_those_of_the_library(n, random):
    content = random.randbytes(n)
    sums = kernel.sum_blocks(np.frombuffer(content, np.uint8))
    parts = [content[low : low + BLOCK] for low in range(0, n, BLOCK)]
    assert sums.tolist() == [xxhash.xxh64_intdigest(part) for part in parts]


@pytest.mark.parametrize("n", [0, 1, (8 << 17) - 1, 8 << 17, 10**7, 10**9, 10**12])
def test_a_cell_holds_some_entries_however_many_there_are(n):
    n_bits = kernel.count_bits(n)
    assert 16 <= n_bits <= 30
    assert n_bits == 16 or n >> n_bits >= 8
    assert n_bits == 30 or n >> n_bits < 16
