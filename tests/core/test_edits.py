"""What became of every word of a passage, and what an alignment leaves over because it moved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import IS_CONTENT
from tests.reference.chains import moved
from tests.reference.edits import edits
from tests.reference.sides import pack, stream, unpack
from tests.strategies import law

OPS = ("kept", "inflected", "substituted", "inserted", "deleted", "moved")
WORDS = st.lists(st.integers(0, 5), max_size=10)


def _stream(words):
    # The odd ones are function words.
    return stream(words, [0 if word % 2 else IS_CONTENT for word in words])


def _content(*sides):
    return tuple({at for at, word in enumerate(words) if word % 2 == 0} for words in sides)


@law(200)
@given(WORDS, WORDS, st.booleans())
def test_moved_words_are_the_twin(a, b, is_aligned):
    streams = _stream(a), _stream(b)
    aligned = pack([])
    if is_aligned:
        aligned = _core.align_gap(streams[0].stems, np.ones(len(a), np.float32), streams[1].stems)
    found = sorted(unpack(_core.match_moved(aligned, *streams)))
    assert found == moved(unpack(aligned), a, b, _content(a, b))


def test_nothing_moved():
    streams = _stream([0, 2, 4]), _stream([0, 2, 4])
    assert len(_core.match_moved(pack([(0, 0), (1, 1), (2, 2)]), *streams)) == 0


def test_function_words_move_with_the_word_beside_them():
    """Two, one, three stand together on both sides; the other one stands alone."""
    streams = _stream([1, 2, 1, 3, 4]), _stream([4, 5, 2, 1, 3])
    found = sorted(unpack(_core.match_moved(pack([]), *streams)))
    assert found == [(1, 2), (2, 3), (3, 4), (4, 0)]


def _rows(aligned, a, b):
    """Return the script by name, with places counted from the passage, and word by word."""
    rows = _core.write_edits(pack(aligned), _stream(a), _stream(b), 5, 7).tolist()
    return [
        (OPS[op], list(range(p - 5, p_end - 5)), list(range(q - 7, q_end - 7)))
        for op, p, p_end, q, q_end in rows
    ]


def _align(a, b):
    """Align words whose halves are equal: 2 and 3 are two forms of one word."""
    stems = [np.array(words, np.uint64) // np.uint64(2) for words in (a, b)]
    return unpack(_core.align_gap(stems[0], np.ones(len(a), np.float32), stems[1]))


@law(300)
@given(WORDS, WORDS, st.integers(1, 3))
def test_the_edit_script_is_the_twin(a, b, every):
    aligned = _align(a, b)[::every]
    single = [
        (name, p[k : k + 1], q[k : k + 1])
        if name in ("kept", "inflected", "moved")
        else (name, p, q)
        for name, p, q in _rows(aligned, a, b)
        for k in range(len(p) if name in ("kept", "inflected", "moved") else 1)
    ]
    assert sorted(single) == sorted(edits(aligned, a, b, _content(a, b)))


@law(300)
@given(WORDS, WORDS, st.integers(1, 3))
def test_the_edit_script_makes_b_of_a(a, b, every):
    rows = _rows(_align(a, b)[::every], a, b)
    assert [p for _, ps, _ in rows for p in ps] == list(range(len(a)))
    by_b = sorted((row for row in rows if row[2]), key=lambda row: row[2])
    assert [q for _, _, qs in by_b for q in qs] == list(range(len(b)))
    made = [
        a[p] if name in ("kept", "moved") else b[q]
        for name, ps, qs in by_b
        for p, q in zip(ps if name in ("kept", "moved") else qs, qs, strict=True)
    ]
    assert made == b
    kept = [q for name, _, qs in rows if name == "kept" for q in qs]
    assert kept == sorted(kept)


def test_runs_are_as_long_as_they_can_be():
    rows = _rows([(0, 0), (1, 1), (3, 2)], [0, 2, 4, 6], [0, 2, 7, 8])
    assert rows == [
        ("kept", [0, 1], [0, 1]),
        ("deleted", [2], []),
        ("inflected", [3], [2]),
        ("inserted", [], [3]),
    ]
