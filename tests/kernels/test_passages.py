"""Words that moved: what an alignment leaves over is matched by what it says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.kernels import passages as kernel
from dedup.kernels.aligning import Stream, align_gap
from dedup.kernels.tokenizing import IS_CONTENT
from tests.reference.aligning import moved
from tests.reference.sides import pack, unpack
from tests.strategies import law

WORDS = st.lists(st.integers(0, 5), max_size=10)


def _stream(words):
    hashes, places = np.array(words, np.uint64), np.arange(len(words), dtype=np.uint32)
    # The odd ones are function words.
    flags = np.array([0 if word % 2 else IS_CONTENT for word in words], np.uint8)
    return Stream(hashes, hashes, places, places + 1, flags)


@law(200)
@given(WORDS, WORDS, st.booleans())
def test_moved_words_are_the_twin(a, b, is_aligned):
    streams = _stream(a), _stream(b)
    aligned = pack([])
    if is_aligned:
        aligned = align_gap(streams[0].stems, np.ones(len(a), np.float32), streams[1].stems)
    found = sorted(unpack(kernel.match_moved(aligned, *streams)))
    assert found == moved(unpack(aligned), a, b, is_content=lambda word: word % 2 == 0)


def test_nothing_moved():
    streams = _stream([0, 2, 4]), _stream([0, 2, 4])
    assert len(kernel.match_moved(pack([(0, 0), (1, 1), (2, 2)]), *streams)) == 0


def test_function_words_move_with_the_word_beside_them():
    """Two, one, three stand together on both sides; the other one stands alone."""
    streams = _stream([1, 2, 1, 3, 4]), _stream([4, 5, 2, 1, 3])
    found = sorted(unpack(kernel.match_moved(pack([]), *streams)))
    assert found == [(1, 2), (2, 3), (3, 4), (4, 0)]
