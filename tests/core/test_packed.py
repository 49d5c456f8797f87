"""Postings of a file against a dict: packed, looked up, unpacked, joined; and damaged."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.candidates.columns import NarrowedBuckets, Readers, sort_postings
from dedup.index.format import BLOCK, Packed, count_bits
from tests.reference import packed as reference
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
FEW = [(0, FIRST, 1), (0, FIRST + 1, 2), (1 << 62, FIRST + 2, 3), (2**64 - 1, FIRST + 3, 4)]


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
    entries = _core.pack_entries(*sort_postings(*_columns(postings))[:3], FIRST, n_bits, counts)
    directory = np.append(0, np.cumsum(counts)).astype(np.uint32)
    parts = _pad(np.arange(9)), _pad(directory), _pad(entries)
    file = np.frombuffer(bytearray(b"".join(parts)), np.uint8)
    ats = len(parts[0]), len(parts[0]) + len(parts[1])
    return Packed(
        file,
        _core.sum_blocks(file),
        np.zeros(len(file) // BLOCK, np.uint8),
        ats[0],
        len(directory),
        ats[1],
        len(entries),
        FIRST,
    )


NOTHING = sort_postings(*_columns([]))


def _narrow_parts(files, runs, *arguments, own=NOTHING, readers=(0, 0, 0)):
    queries, *limits = arguments
    keys, found, *damage = _core.narrow_parts(tuple(files), runs, own, queries, *readers, *limits)
    assert keys.tolist() == (sorted({*queries.tolist()}) if damage == [-1, -1] else [])
    return NarrowedBuckets(*found), damage


def _narrow(packed, *arguments):
    found, (file, bad) = _narrow_parts([packed], (), *arguments)
    assert file == (0 if bad >= 0 else -1)
    return found, bad


def _mark(dead):
    live_docs = np.ones(N_ARTICLES, np.bool_)
    live_docs[list(dead)] = False
    return live_docs


def _rows(narrowed):
    """Return what was found of each key, as the twin does."""
    for k in range(len(narrowed.n_absent)):
        low, high = narrowed.bounds[k : k + 2]
        rows = zip(narrowed.articles[low:high].tolist(), narrowed.places[low:high].tolist(),
                   strict=True)  # fmt: skip
        yield int(narrowed.n_absent[k]), list(rows)


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
    found, bad = _narrow(_pack(postings, n_bits), queries, max_bucket, _mark(dead))
    assert bad == -1
    buckets = reference.bucket_postings(postings)
    assert list(_rows(found)) == [
        reference.narrow(buckets.get(key >> 24, []), max_bucket, dead) for key in queries.tolist()
    ]


PARTS = st.lists(POSTINGS, max_size=3)
READERS = st.tuples(*[st.integers(0, N_ARTICLES)] * 3).map(lambda drawn: Readers(*sorted(drawn)))


@law(200)
@given(PARTS, PARTS, POSTINGS, READERS, st.lists(st.sampled_from(KEYS)), st.integers(0, 40), DEAD)
def test_buckets_of_all_parts_are_the_twin(files, runs, own, readers, others, max_bucket, dead):
    """In files by part of a key, and in memory by whole keys."""
    queries = _queries([row for part in (*files, *runs, own) for row in part[:9]], others)
    found, damage = _narrow_parts(
        [_pack(part, 16) for part in files],
        tuple(sort_postings(*_columns(part)) for part in runs),
        np.append(queries, queries[:5])[::-1].copy(), max_bucket, _mark(dead),
        own=sort_postings(*_columns(own)), readers=readers,
    )  # fmt: skip
    assert damage == [-1, -1]
    assert list(_rows(found)) == [
        reference.narrow_parts(files, runs, own, key, readers, max_bucket, dead)
        for key in queries.tolist()
    ]


@law(50)
@given(st.integers(1, 3), st.data())
def test_the_first_damaged_file_is_told(n, data):
    files = [_pack(FEW, 16) for _ in range(n)]
    damaged = data.draw(st.sets(st.integers(0, n - 1)))
    for at in damaged:
        files[at].sums[files[at].directory_at // BLOCK] ^= np.uint64(1)
    found, damage = _narrow_parts(files, (), _queries(FEW, []), 9, _mark(()))
    assert damage == ([min(damaged), 1] if damaged else [-1, -1])
    assert damaged or len(found.articles) == n * len(FEW)


def test_marks_are_of_one_file():
    one, other = _pack(FEW, 16), _pack(FEW, 16)
    for lie in ({"is_checked": one.is_checked}, {"file": one.is_checked}):
        with pytest.raises(ValueError, match="overlaps"):
            _narrow_parts([one, other._replace(**lie)], (), _queries(FEW, []), 9, _mark(()))


@law(200)
@given(POSTINGS, BITS, st.integers(0, 3), DEAD)
def test_what_is_unpacked_is_what_was_packed(postings, n_bits, n_parts_bits, dead):
    packed = _pack(postings, n_bits)
    step = 1 << (n_bits - n_parts_bits)
    found = []
    for low in range(0, 1 << n_bits, step):
        *columns, bad = _core.unpack_range(*packed, low, low + step, _mark(dead))
        assert bad == -1
        found += zip(*(column.tolist() for column in columns), strict=True)
    assert found == reference.unpack(postings, dead)


@law(200)
@given(st.lists(POSTINGS, min_size=1, max_size=4), st.sampled_from(KEYS), st.integers(1, 40), DEAD)
def test_of_files_in_a_row_one_looks_at_what_one_would_of_all(parts, key, max_bucket, dead):
    """Each file leaves out a middle, and what is gone; yet the ends are there, and no more."""
    span = N_ARTICLES
    live_docs = np.concatenate([_mark(dead)] * len(parts))
    queries = np.array([key], np.uint64)
    files = [_pack(own, 16)._replace(first=FIRST + k * span) for k, own in enumerate(parts)]
    ((n_absent, rows),) = _rows(_narrow_parts(files, (), queries, max_bucket, live_docs)[0])
    buckets = [reference.bucket_postings(postings).get(key >> 24, []) for postings in parts]
    every = [(k * span + row[0], row[1]) for k, bucket in enumerate(buckets) for row in bucket]
    live = [row for row in every if row[0] % span not in dead]
    assert len(live) == len(rows) + n_absent
    assert n_absent == 0 or len(rows) >= max_bucket
    seen = rows
    if len(rows) + n_absent > max_bucket:
        seen = rows[: (max_bucket + 1) // 2] + rows[len(rows) - max_bucket // 2 :]
    assert seen == reference.look_at(live, max_bucket)


def _needed(packed, key):
    """Return the blocks that hold the cell of a key, and its entries."""
    n_bits = (packed.n_bounds - 1).bit_length() - 1
    at = packed.directory_at + 4 * (key >> (64 - n_bits))
    low, high = packed.file[at : at + 8].view(np.uint32).tolist()
    spans = (at, at + 8), (packed.entries_at + 8 * low, packed.entries_at + 8 * high)
    return {byte // BLOCK for begin, end in spans for byte in range(begin, end)}


@law(200)
@given(POSTINGS, st.lists(st.sampled_from(KEYS), min_size=1), st.data(), st.integers(1, 255), DEAD)
def test_a_flipped_byte_is_refused_or_was_not_read(postings, others, data, flip, dead):
    packed, queries = _pack(postings, 16), _queries(postings, others)
    intact, _ = _narrow(packed, queries, 9, _mark(dead))
    needed = {block for key in queries.tolist() for block in _needed(packed, key)}
    block = data.draw(st.sampled_from(sorted(needed)) | st.sampled_from(range(len(packed.sums))))
    packed.file[block * BLOCK + data.draw(st.integers(0, BLOCK - 1))] ^= flip
    packed.is_checked[:] = 0
    found, bad = _narrow(packed, queries, 9, _mark(dead))
    if block in needed:
        assert bad == block
        assert len(found.articles) == 0
    else:
        assert bad == -1
        assert list(_rows(found)) == list(_rows(intact))
    # To unpack all is to read all but the first block, and what pads the last.
    bad = _core.unpack_range(*packed, 0, packed.n_bounds - 1, _mark(dead))[-1]
    assert bad == (block if packed.directory_at <= block * BLOCK else -1)


def test_a_block_is_checked_once():
    packed = _pack([(0, FIRST, 1)], 16)
    queries, live_docs = np.array([0], np.uint64), _mark(())
    assert packed.is_checked.sum() == 0
    _narrow(packed, queries, 9, live_docs)
    assert packed.is_checked.sum() == 2
    packed.sums[:] = 0
    assert _narrow(packed, queries, 9, live_docs)[1] == -1


@law()
@given(st.integers(1, 3 * BLOCK), st.randoms(use_true_random=False))
def test_sums_are_those_of_the_library(n, random):
    content = random.randbytes(n)
    sums = _core.sum_blocks(np.frombuffer(content, np.uint8))
    assert sums.tolist() == reference.sum_blocks(content, BLOCK)


BLOCKS, ENDS = st.sets(st.integers(0, 3)), st.tuples(*[st.integers(0, 4 * BLOCK)] * 2)


@law()
@given(st.integers(1, 4 * BLOCK), BLOCKS, BLOCKS, ENDS.map(sorted))
def test_what_is_damaged_is_the_twin(n, damaged, checked, span):
    """Blocks that were checked before are not looked at, and a part of one is checked whole."""
    content = bytes(range(256)) * (n // 256) + b"x" * (n % 256)
    span = tuple(min(at, n) for at in span)
    sums = _core.sum_blocks(np.frombuffer(content, np.uint8))
    sums[sorted(damaged & {*range(len(sums))})] ^= np.uint64(1)
    known, is_checked = checked & {*range(len(sums))}, np.zeros(len(sums), np.uint8)
    is_checked[sorted(known)] = 1
    found = _core.check_bytes(np.frombuffer(content, np.uint8), sums, is_checked, *span)
    assert found == reference.check_bytes(content, sums.tolist(), known, span, BLOCK)
    assert set(np.flatnonzero(is_checked).tolist()) == known


@law(40)
@given(POSTINGS, BITS)
def test_entries_are_the_twin(postings, n_bits):
    counts = np.zeros(1 << n_bits, np.uint32)
    found = _core.pack_entries(*sort_postings(*_columns(postings))[:3], FIRST, n_bits, counts)
    cells = reference.pack(postings, FIRST, n_bits)
    assert counts.tolist() == list(map(len, cells))
    assert found.tolist() == [entry for cell in cells for entry in cell]


@pytest.mark.parametrize("n", [0, 1, (8 << 17) - 1, 8 << 17, 10**7, 10**9, 10**12])
def test_a_cell_holds_some_entries_however_many_there_are(n):
    n_bits = count_bits(n)
    assert 16 <= n_bits <= 30
    assert n_bits == 16 or n >> n_bits >= 8
    assert n_bits == 30 or n >> n_bits < 16


def _sealed(packed, change):
    """Return a file that somebody changed and made sums of that fit."""
    file = packed.file.copy()
    directory = file[packed.directory_at :][: 4 * packed.n_bounds].view(np.uint32)
    entries = file[packed.entries_at :][: 8 * packed.n_entries].view(np.uint64)
    change(directory, entries)
    is_checked = np.zeros_like(packed.is_checked)
    return packed._replace(file=file, sums=_core.sum_blocks(file), is_checked=is_checked)


LIES = {
    "past the end": lambda directory, _: directory.__setitem__(slice(1, None), 2**32 - 1),
    "one past the end": lambda directory, _: directory.__setitem__(slice(1, None), 5),
    "falling": lambda directory, _: directory.__setitem__(0, 4),
    "falling later": lambda directory, _: directory.__setitem__(1, 4),
    "articles": lambda _, entries: entries.__ior__(np.uint64(0xFFFFFF << 16)),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_file_that_lies_is_refused_though_its_sums_fit(lie):
    packed, queries = _sealed(_pack(FEW, 16), lie), _queries(FEW, [1 << 48])
    with pytest.raises(ValueError, match=r"directory|live_docs"):
        _narrow(packed, queries, 9, _mark(()))
    with pytest.raises(ValueError, match=r"directory|live_docs"):
        _core.unpack_range(*packed, 0, packed.n_bounds - 1, _mark(()))


@law(200)
@given(POSTINGS, st.data(), st.integers(0, 40))
def test_no_file_leads_outside(postings, data, max_bucket):
    """Numbers drawn at random, in a file whose sums fit: an answer or a ValueError."""
    packed, queries = _pack(postings, 16), _queries(postings, list(KEYS))
    cells = [key >> 48 for key in queries.tolist()]
    n = packed.n_entries

    def change(directory, entries):
        for cell in data.draw(st.lists(st.sampled_from(cells), max_size=9)):
            bound = data.draw(st.integers(0, n + 2) | st.integers(0, 2**32 - 1))
            directory[cell + data.draw(st.integers(0, 1))] = bound
        for at in data.draw(st.lists(st.integers(0, n - 1), max_size=9)) if n else []:
            entries[at] = data.draw(st.integers(0, 2**64 - 1) | st.integers(0, 2**17))

    packed = _sealed(packed, change)
    for read in (
        lambda: _narrow(packed, queries, max_bucket, _mark(()))[0].articles,
        lambda: _core.unpack_range(*packed, 0, packed.n_bounds - 1, _mark(()))[1],
    ):
        try:
            articles = read()
        except ValueError:
            continue
        assert (articles < N_ARTICLES).all()


@pytest.mark.parametrize(
    "lie",
    [
        {"directory_at": -1},
        {"directory_at": 2**63 - 1},
        {"directory_at": 10**7},
        {"n_bounds": 0},
        {"n_bounds": 1},
        {"n_bounds": (1 << 16) + 2},
        {"n_bounds": (1 << 15) + 1},
        {"n_bounds": (1 << 17) + 1},
        {"entries_at": -8},
        {"entries_at": 2**63 - 1},
        {"n_entries": -1},
        {"n_entries": 2**61},
        {"n_entries": BLOCK},
        {"first": -1},
        {"sums": np.zeros(1, np.uint64)},
        {"is_checked": np.zeros(1, np.uint8)},
        {"sums": np.zeros(99, np.uint64), "is_checked": np.zeros(99, np.uint8)},
    ],
)
def test_sections_that_are_not_in_the_file_are_refused(lie):
    packed = _pack(FEW, 16)._replace(**lie)
    with pytest.raises(ValueError, match=r"directory|entries|first|sums"):
        _narrow(packed, _queries(FEW, []), 9, _mark(()))
    with pytest.raises(ValueError, match=r"directory|entries|first|sums"):
        _core.unpack_range(*packed, 0, 1, _mark(()))


def test_ranges_that_are_none_are_refused():
    packed = _pack(FEW, 16)
    for low, high in [(-1, 2), (2, 1), (0, packed.n_bounds)]:
        with pytest.raises(ValueError, match="out of range"):
            _core.unpack_range(*packed, low, high, _mark(()))
    for low, high in [(-1, 2), (2, 1), (0, len(packed.file) + 1)]:
        with pytest.raises(ValueError, match="out of range"):
            _core.check_bytes(packed.file, packed.sums, packed.is_checked, low, high)


def test_a_file_may_be_read_only_and_marks_may_not():
    packed = _pack(FEW, 16)
    packed.file.flags.writeable = packed.sums.flags.writeable = False
    assert _narrow(packed, _queries(FEW, []), 9, _mark(()))[1] == -1
    packed.is_checked.flags.writeable = False
    with pytest.raises(TypeError):
        _narrow(packed, _queries(FEW, []), 9, _mark(()))


def test_what_does_not_fit_into_an_entry_is_refused():
    sorted_, counts = sort_postings(*_columns(FEW)), np.zeros(1 << 16, np.uint32)
    for first, n_bits, own in [
        (FIRST + 1, 16, counts),
        (-1, 16, counts),
        (FIRST, 15, counts[: 1 << 15]),
        (FIRST, 17, counts),
        (FIRST, 64, counts),
    ]:
        with pytest.raises(ValueError, match=r"out of range|too far|counts"):
            _core.pack_entries(*sorted_[:3], first, n_bits, own)
    far = sort_postings(*_columns([(0, FIRST + (1 << 24), 0)]))
    with pytest.raises(ValueError, match="too far"):
        _core.pack_entries(*far[:3], FIRST, 16, counts)
    assert counts.sum() == 0
