"""Runs and tokens of bytes: against their twins, and within their room to the last byte.

What the stage makes of them is held in ``tests/stages/test_tokenize.py``.
"""

import re

import numpy as np
import pytest
import xxhash
from hypothesis import example, given
from hypothesis import strategies as st
from numba import njit

from dedup import tables
from dedup.kernels import tokenizing as kernel
from dedup.kernels.hashing import hash_short
from dedup.kernels.intrinsics import count_ones, count_trailing_zeros, load_word, store_word
from tests.strategies import law

CANARY = 0xA5
# What ends and begins runs at every distance from the edges of a block.
PIECES = [b"a", b"Z", b"7", b" ", b"-", b"\0", b"\xc3\xa9", b"\xe6\xbc\xa2", b"\xff", b"word"]
BYTES = st.lists(st.sampled_from(PIECES), max_size=90).map(b"".join)


@njit
def _hash(head, tail, size):
    return hash_short(head, tail, size)


@njit
def _bits(value):
    return count_ones(value), count_trailing_zeros(value)


@njit
def _move(data, source, target):
    store_word(data, target, load_word(data, source))


def _edges(data: bytes, before: bytes = b"", after: bytes = b" ") -> list[tuple[int, int, bool]]:
    padded = before + data + after * kernel.PADDING
    text = np.frombuffer(bytearray(padded), np.uint8)
    edges = np.zeros(len(data) + 2 + kernel.BLOCK, np.int64)
    n = kernel.find_edges(text, len(before), len(before) + len(data), edges)
    starts, ends = edges[:n:2], edges[1:n:2]
    foreign = (starts & kernel.FOREIGN) != 0
    starts = (starts & ~kernel.FOREIGN) - len(before)
    ends = ends - len(before)
    return list(zip(starts.tolist(), ends.tolist(), foreign.tolist(), strict=True))


def _runs(data: bytes) -> list[tuple[int, int, bool]]:
    found = re.finditer(rb"[0-9A-Za-z\x80-\xff]+", data)
    return [(*run.span(), not run[0].isascii()) for run in found]


@law(300)
@given(BYTES | st.binary(max_size=200))
@example(b"")
def test_edges_are_the_twin(data):
    assert _edges(data) == _runs(data)


@pytest.mark.parametrize("size", [1, 7, 8, 9, 63, 64, 65, 127, 128, 129])
@pytest.mark.parametrize("byte", [b"a", b"\xc3", b" "])
def test_runs_as_long_as_blocks(size, byte):
    for data in (byte * size, b" " + byte * size, byte * size + b" a"):
        assert _edges(data) == _runs(data)


@law(100)
@given(BYTES, st.binary(max_size=9), st.sampled_from([b"\xff", b"a", b"\0"]))
def test_what_stands_around_an_article_is_not_read_into_it(data, before, after):
    assert _edges(data, before, after) == _runs(data)


@law(200)
@given(st.binary(max_size=15))
def test_a_short_hash_is_xxh64(data):
    head = int.from_bytes(data[:8].ljust(8, b"?"), "little")
    tail = int.from_bytes(data[8:].ljust(8, b"?"), "little")
    value = _hash(np.uint64(head), np.uint64(tail), np.uint64(len(data)))
    assert int(value) == xxhash.xxh64_intdigest(data)


@pytest.mark.parametrize("value", [0, 1, 2, 2**63, 2**64 - 1, 0b1011000])
def test_bits_are_counted(value):
    zeros = 64 if value == 0 else (value & -value).bit_length() - 1
    assert _bits(np.uint64(value)) == (value.bit_count(), zeros)


@pytest.mark.parametrize("target", range(8, 17))
def test_words_are_moved_wherever_they_stand(target):
    data = np.arange(32, dtype=np.uint8)
    _move(data, 3, target)
    expected = list(range(32))
    expected[target : target + 8] = range(3, 11)
    assert data.tolist() == expected


def _room(n_bytes: int) -> tuple[kernel.Words, list[np.ndarray]]:
    """Room for so many bytes and no more, each array between canaries."""
    room = kernel.make_room(np.array([0, n_bytes]))
    wide, parts = [], []
    for array in room:
        bytes_ = np.full(array.nbytes + 128, CANARY, np.uint8)
        wide.append(bytes_)
        parts.append(bytes_[64 : 64 + array.nbytes].view(array.dtype))
    return kernel.Words(*parts), wide


@law(300)
@given(BYTES | st.binary(max_size=120), st.booleans())
@example(b"a a a a a", True)
@example("a漢a漢a".encode(), True)
@example("\ufdfa".encode() * 130, True)
@example(b"x" * 400, True)
def test_tokens_fit_their_room_whatever_the_bytes(data, is_described):
    text = np.frombuffer(bytearray(data + bytes(kernel.PADDING)), np.uint8)
    words, wide = _room(len(data))
    flag = kernel.DESCRIBED if is_described else kernel.BARE
    n, is_ascii = kernel.find_words(text, 0, len(data), tables.folding(), words, flag)
    assert n <= len(data) // 2 + 1
    assert is_ascii == data.isascii()
    for bytes_ in wide:
        assert (bytes_[:64] == CANARY).all()
        assert (bytes_[-64:] == CANARY).all()
    if is_described:
        edges = np.stack([words.starts[:n], words.ends[:n]], axis=1).ravel()
        assert (np.diff(edges) >= 0).all()
