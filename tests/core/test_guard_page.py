"""No door of text reads further behind the last article than it says.

The page behind the padding cannot be read: a byte too far ends the process.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text import tables
from tests.strategies import hostile_text, law

PAGE = mmap.PAGESIZE
N_PERM = 16
TAILS = (
    b"", b"a", b"word", b"fifteen_bytes__", b"a" * 15, b"a" * 16, b"a" * 63, b"a" * 64, b"a" * 65,
    b" " * 64, "é".encode() * 40, "漢".encode() * 30, "🙂".encode() * 20, b"\xf0\x9f", b"\xe2\x80",
    b"\xc3", b"\xff" * 70, b"\xf0", b"x\xf0\x9f\x99", b"Mr.\n'",
)  # fmt: skip


def _before_guard(n_bytes: int) -> np.ndarray:
    """Return writable bytes behind which nothing can be read."""
    n_pages = -(-n_bytes // PAGE) + 1
    memory = mmap.mmap(-1, n_pages * PAGE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    library = ctypes.CDLL(None, use_errno=True)
    guard = ctypes.c_void_p(address + (n_pages - 1) * PAGE)
    assert library.mprotect(guard, ctypes.c_size_t(PAGE), 0) == 0, os.strerror(ctypes.get_errno())
    end = (n_pages - 1) * PAGE
    return np.frombuffer(memory, np.uint8)[end - n_bytes : end]


def _place(data: bytes) -> tuple[np.ndarray, int]:
    text = _before_guard(len(data) + _core.PADDING)
    text[: len(data)] = np.frombuffer(data, np.uint8)
    return text, len(data)


def _ask_all(data: bytes, variant: str) -> list[object]:
    text, n = _place(data)
    folding, half = tables.checked_folding(), n // 2 + 1
    edges = np.zeros(n + 2 + _core.BLOCK, np.int64)
    numbers = [np.zeros(half, np.int64) for _ in range(2)]
    words = [np.zeros(half, np.uint64) for _ in range(2)]
    small = [np.zeros(half, np.uint8) for _ in range(3)]
    scratch = np.zeros(_core.SCRATCH, np.uint8)
    room = (*numbers, *words, *small, scratch)
    found: list[object] = [
        _core.find_edges(text, 0, n, edges, variant),
        _core.find_words(text, 0, n, folding, edges, *room, False, variant),
        _core.find_words(text, 0, n, folding, edges, *room, True, variant),
    ]
    offsets = np.array([0, n // 2, n])
    marked = _core.mark_articles(text, offsets, folding, variant)
    found += [one.tolist() for one in marked]
    signatures = np.zeros((2, N_PERM), np.uint32)
    permutations = np.zeros((2, 0), np.uint32)
    _core.sketch_texts(text, offsets, folding, 3, permutations, signatures, variant)
    return [*found, signatures.tolist(), _core.hash_bytes(text, len(text))]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_the_page_behind_cannot_be_read():
    text, _ = _place(b"a")
    process = os.fork()
    if not process:
        # The handlers of faulthandler and of sanitizers would tell of a fault that is meant.
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        ctypes.string_at(text.ctypes.data + len(text), 1)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(process, 0)[1])


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("head", [b"", b"The Mayor said ", b"x" * 61])
def test_nothing_is_read_behind_the_padding(head, tail):
    found = [_ask_all(head + tail, variant) for variant in _core.find_variants()]
    assert all(one == found[0] for one in found)


@law(100)
@given(
    st.binary(max_size=150) | hostile_text().map(lambda text: text.encode(errors="surrogatepass"))
)
def test_nothing_is_read_behind_the_padding_of_any_bytes(data):
    found = [_ask_all(data, variant) for variant in _core.find_variants()]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 31, 32, 33, 40])
def test_no_byte_behind_what_is_hashed_is_read(size):
    data = _before_guard(size)
    assert _core.hash_bytes(data, size) == _core.hash_bytes(np.zeros(size, np.uint8), size)
