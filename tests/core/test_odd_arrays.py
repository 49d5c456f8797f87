"""Arrays as NumPy lets a caller make them, which no door may read as they stand."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from dedup import _core
from dedup.candidates.columns import sort_postings
from dedup.text import tables

LARGE = 2**31


def _shift(array: np.ndarray) -> np.ndarray:
    """Return the same elements, at addresses that are no multiples of their size."""
    raw = np.zeros(array.nbytes + 1, np.uint8)[1:]
    raw[:] = np.frombuffer(array.tobytes(), np.uint8)
    return raw.view(array.dtype).reshape(array.shape)


def test_elements_stand_at_multiples_of_their_size():
    hashes, offsets = np.arange(9, dtype=np.uint64), np.array([0, 9])
    permutations, signatures = np.zeros((2, 0), np.uint32), np.zeros((1, 8), np.uint32)
    _core.hash_shingles(hashes, 3)
    _core.sketch_articles(hashes, offsets, 3, permutations, signatures)
    with pytest.raises(TypeError):
        _core.hash_shingles(_shift(hashes), 3)
    with pytest.raises(TypeError):
        _core.sketch_articles(hashes, offsets, 3, permutations, _shift(signatures))
    with pytest.raises(TypeError):
        _core.hash_bands(_shift(signatures), 2, 2)
    # Nothing stands anywhere.
    assert len(_core.hash_shingles(_shift(hashes[:0]), 3)) == 0


def test_elements_of_groups_do_too():
    side = (np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1, np.float32), np.zeros(1, bool))
    assert len(_core.find_anchors(side, side, 4)) == 0
    with pytest.raises(TypeError):
        _core.find_anchors(side, (_shift(side[0]), *side[1:]), 4)


def _odd_bools(n: int) -> np.ndarray:
    return np.full(n, 2, np.uint8).view(bool)


def test_a_bool_is_true_or_false():
    hashes, flags = np.arange(3, dtype=np.uint64), np.zeros(3, np.uint8)
    with pytest.raises(ValueError, match="covered: neither true nor false"):
        _core.gather_runs(hashes, flags, np.array([0, 3]), _odd_bools(3), 1, 1, 1)
    signatures, zeros = np.zeros((3, 4), np.uint32), np.zeros(3, np.int64)
    with pytest.raises(ValueError, match="is_own: neither true nor false"):
        _core.keep_spread(hashes, zeros, zeros, signatures, _odd_bools(3), 0.5, 1, 1)
    side = (np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1, np.float32), _odd_bools(1))
    with pytest.raises(ValueError, match="is_fact: neither true nor false"):
        _core.find_anchors(side, side, 4)


def test_what_is_no_bool_is_true():
    keys, numbers = np.zeros(2, np.uint64), np.arange(2, dtype=np.uint32)
    live_docs = np.array([0, 2], np.uint8).view(bool)
    directory = np.array([0, 2, 2])
    run, none = (keys, numbers, numbers, directory), sort_postings(keys[:0], *[numbers[:0]] * 2)
    _, found, *_ = _core.narrow_parts((), (run,), none, keys[:1], 0, 0, 0, 9, live_docs)
    assert found[3].tolist() == [1]


def _overlapping(written: np.ndarray, read: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return zeros like `written`, and the elements of `read`, in the same memory."""
    memory = np.zeros(max(written.nbytes, read.nbytes) // 8 + 1, np.uint64).view(np.uint8)
    views = [memory[: one.nbytes].view(one.dtype).reshape(one.shape) for one in (written, read)]
    views[1][...] = read
    return views[0], views[1]


# Offsets that pass a check and change afterwards tell places outside.
def test_signatures_are_no_offsets():
    hashes, permutations = np.arange(9, dtype=np.uint64), np.zeros((2, 0), np.uint32)
    signatures, offsets = _overlapping(np.zeros((2, 8), np.uint32), np.array([0, 4, 9]))
    with pytest.raises(ValueError, match="signatures: overlaps"):
        _core.sketch_articles(hashes, offsets, 3, permutations, signatures)
    text, folding = np.zeros(9 + _core.PADDING, np.uint8), tables.checked_folding()
    signatures, offsets = _overlapping(np.zeros((2, 8), np.uint32), np.array([0, 4, 9]))
    with pytest.raises(ValueError, match="signatures: overlaps"):
        _core.sketch_texts(text, offsets, folding, 3, permutations, signatures)


def test_what_covers_is_not_covered():
    covered, firsts = _overlapping(np.zeros(64, bool), np.array([0, 8, 16]))
    with pytest.raises(ValueError, match="covered: overlaps"):
        _core.cover_tokens(firsts, np.full(3, 8), covered)


def test_what_is_written_is_not_read():
    shingles = np.arange(9, dtype=np.uint64)
    with pytest.raises(ValueError, match="signature: overlaps"):
        _core.fill_signature(shingles, shingles[:4].view(np.uint32))
    with pytest.raises(ValueError, match="signature: overlaps"):
        _core.fill_affine_signature(
            shingles, np.zeros((2, 8), np.uint32), shingles[:4].view(np.uint32)
        )
    with pytest.raises(ValueError, match="hashes: overlaps"):
        _core.hash_words(shingles, np.zeros_like(shingles), np.zeros(9, np.uint8), shingles)
    rows = np.zeros((2, 4), np.uint32)
    with pytest.raises(ValueError, match="jaccards: overlaps"):
        _core.fill_jaccards(rows, rows, rows.view(np.float64))
    text = np.zeros(2 * _core.PADDING * 8, np.uint8)
    with pytest.raises(ValueError, match="edges: overlaps"):
        _core.find_edges(text, 0, 9, text.view(np.int64))


def test_files_are_not_marked_as_checked():
    file = np.zeros(8192, np.uint8)
    sums = _core.sum_blocks(file)
    with pytest.raises(ValueError, match="is_checked: overlaps"):
        _core.check_bytes(file, sums, file[: len(sums)], 0, 1)


def test_entries_are_not_counted_over_each_other():
    keys, counts = np.zeros(2**11, np.uint64), np.zeros(2**16, np.uint32)
    numbers = counts[: len(keys)]
    with pytest.raises(ValueError, match="counts: overlaps"):
        _core.pack_entries(keys, numbers, np.zeros_like(numbers), 0, 16, counts)


# Nothing of it is read, so that it takes no memory.
def test_an_article_has_less_than_2_31_bytes():
    memory = mmap.mmap(-1, LARGE + _core.PADDING)
    text, offsets = np.frombuffer(memory, np.uint8), np.array([0, 0, LARGE])
    folding = tables.checked_folding()
    with pytest.raises(ValueError, match=r"2\*\*31 bytes"):
        _core.mark_articles(text, offsets, folding)
    permutations, signatures = np.zeros((2, 0), np.uint32), np.zeros((2, 8), np.uint32)
    with pytest.raises(ValueError, match=r"2\*\*31 bytes"):
        _core.sketch_texts(text, offsets, folding, 3, permutations, signatures)
    with pytest.raises(ValueError, match=r"2\*\*31 bytes"):
        _core.find_edges(text, 0, LARGE, np.zeros(200, np.int64))
