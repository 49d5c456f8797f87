"""Tokens as bytes, and numbers of words, against their twins; and bytes that are no tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tokenize import TOKEN
from tests.reference import stored as reference
from tests.strategies import law

# Distances, lengths and numbers on both sides of every switch.
GAPS = st.one_of(st.integers(0, 33), st.integers(0, 100_000))
LENGTHS = st.one_of(st.integers(0, 9), st.integers(250, 260), st.integers(0, 100_000))
N_WORDS = 2**17
NUMBERS = st.one_of(
    st.integers(0, 40), st.integers(2**15 - 2, 2**15 + 2), st.integers(0, N_WORDS - 1)
)
STEPS = st.tuples(NUMBERS, GAPS, LENGTHS, st.integers(0, 255), st.integers(0, 3), st.booleans())
ARTICLES = st.lists(st.lists(STEPS, max_size=8), max_size=4)
WORDS = np.arange(2 * N_WORDS, dtype=np.uint64)


def _tokens(steps):
    tokens, end = [], 0
    for number, gap, length, *rest in steps:
        tokens.append((number, end + gap, end + gap + length, *rest))
        end += gap + length
    return tokens


def _pack(articles):
    rows = [token for own in articles for token in own]
    numbers, starts, ends, flags, roles, cuts = zip(*rows, strict=True) if rows else [()] * 6
    offsets = np.append(0, np.cumsum([len(own) for own in articles], dtype=np.int64))
    places = (np.array(one, np.uint32) for one in (numbers, starts, ends))
    marks = (np.array(one, np.uint8) for one in (flags, roles))
    cuts = np.flatnonzero(np.array(cuts, np.bool_))
    return _core.pack_tokens(*places, *marks, cuts, offsets)


def _unpack(packed, bounds, counts, words=WORDS):
    offsets = np.append(0, np.cumsum(counts, dtype=np.int64))
    columns = [np.zeros(offsets[-1], one) for one in TOKEN]
    return columns, _core.unpack_tokens(packed, np.array(bounds), offsets, words, *columns)


@law(200)
@given(ARTICLES)
def test_packed_tokens_are_the_twin_and_come_back(steps):
    articles = [_tokens(own) for own in steps]
    packed, counts = _pack(articles)
    parts = [reference.pack(own) for own in articles]
    assert packed.tobytes() == b"".join(parts)
    assert counts.tolist() == [len(part) for part in parts]
    assert [reference.unpack(part) for part in parts] == articles
    bounds = np.append(0, np.cumsum(counts))
    columns, cuts = _unpack(packed, bounds, [len(own) for own in articles])
    rows = [token for own in articles for token in own]
    hashes, stems, starts, ends, flags, roles = (one.tolist() for one in columns)
    assert hashes == [2 * row[0] for row in rows]
    assert stems == [2 * row[0] + 1 for row in rows]
    assert [starts, ends, flags, roles] == [[row[at] for row in rows] for at in (1, 2, 3, 4)]
    assert cuts.tolist() == [at for at, row in enumerate(rows) if row[5]]


@law(200)
@given(st.lists(STEPS, min_size=1, max_size=8), st.data())
def test_fewer_tokens_take_no_more_bytes(steps, data):
    tokens = _tokens(steps)
    kept = data.draw(st.lists(st.booleans(), min_size=len(tokens), max_size=len(tokens)))
    some = [token for token, is_kept in zip(tokens, kept, strict=True) if is_kept]
    assert len(_pack([some])[0]) <= len(_pack([tokens])[0])


@law(300)
@given(st.binary(max_size=60), st.integers(0, 9), st.sampled_from([0, 3, N_WORDS]))
def test_any_bytes_are_tokens_or_refused(content, n, n_words):
    packed = np.frombuffer(content, np.uint8)
    try:
        columns, _ = _unpack(packed, [0, len(content)], [n], WORDS[: 2 * n_words])
    except ValueError:
        return
    tokens = reference.unpack(content)
    assert columns[2].tolist() == [token[1] for token in tokens]
    assert all(token[0] < n_words for token in tokens)
    assert len(tokens) == n


@law(100)
@given(st.lists(STEPS, min_size=1, max_size=5), st.data())
def test_bytes_that_are_cut_off_are_refused(steps, data):
    packed, _ = _pack([_tokens(steps)])
    left = packed[: data.draw(st.integers(0, len(packed) - 1))].copy()
    with pytest.raises(ValueError, match="cut off"):
        _unpack(left, [0, len(left)], [len(steps)])
    with pytest.raises(ValueError, match="more than the tokens"):
        _unpack(packed, [0, len(packed)], [len(steps) - 1])


def test_bytes_of_unknown_words_and_of_places_too_far_are_refused():
    packed, _ = _pack([[(7, 0, 3, 0, 0, False)]])
    with pytest.raises(ValueError, match="number of no word"):
        _unpack(packed, [0, len(packed)], [1], WORDS[:14])
    far = np.frombuffer(reference.pack([(7, 0, 2**32 - 1, 0, 0, False)] * 1) * 2, np.uint8)
    with pytest.raises(ValueError, match="span past the end"):
        _unpack(far, [0, len(far)], [2])


@pytest.mark.parametrize("spans", [[(3, 2)], [(0, 5), (4, 6)], [(4, 6), (0, 2)]])
def test_spans_that_overlap_or_decrease_are_refused(spans):
    with pytest.raises(ValueError, match="overlap or decrease"):
        _pack([[(0, *span, 0, 0, False) for span in spans]])


@pytest.mark.parametrize(("change", "message"), [
    ({"roles": np.array([0, 4], np.uint8)}, "roles"),
    ({"numbers": np.array([0, 2**31], np.uint32)}, "numbers"),
    ({"cuts": np.array([1, 1])}, "cuts"),
    ({"cuts": np.array([2])}, "cuts"),
])  # fmt: skip
def test_columns_that_are_none_of_tokens_are_refused(change, message):
    places = {name: np.array([0, 1], np.uint32) for name in ("numbers", "starts", "ends")}
    marks = {name: np.zeros(2, np.uint8) for name in ("flags", "roles")}
    columns = places | marks | {"cuts": np.array([0]), "offsets": np.array([0, 2])}
    assert len(_core.pack_tokens(**columns)[0]) == 10
    with pytest.raises(ValueError, match=message):
        _core.pack_tokens(**columns | change)


# Hashes that share a slot, and words with a hash or a stem in common.
PARTS = st.sampled_from([0, 1, 8, 16, 2**64 - 1])


@law(200)
@given(st.lists(st.lists(st.tuples(PARTS, PARTS), max_size=12), max_size=4), st.integers(0, 30))
def test_numbers_of_words_are_the_twin(batches, room):
    words, slots = np.zeros(2 * room, np.uint64), np.zeros(64, np.uint32)
    known, n = [], 0
    for batch in batches:
        hashes, stems = np.array(batch, np.uint64).reshape(-1, 2).T.copy()
        found, n = _core.number_words(hashes, stems, words, slots, n)
        expected = reference.number(batch, known)
        # A new word for which there is no room ends the call.
        n_fit = next((at for at, one in enumerate(expected) if one >= room), len(batch))
        assert found.tolist() == expected[:n_fit]
        del known[room:]
        assert words[: 2 * n].reshape(-1, 2).tolist() == list(map(list, known))


def test_slots_of_no_word_and_without_a_free_one_are_refused():
    hashes, words = np.arange(2, dtype=np.uint64), np.zeros(8, np.uint64)
    with pytest.raises(ValueError, match="number of no word"):
        _core.number_words(hashes, hashes, words, np.full(4, 2, np.uint32), 1)
    with pytest.raises(ValueError, match="none is free"):
        _core.number_words(hashes[1:], hashes[1:], words, np.ones(4, np.uint32), 1)
    for n_words in (-1, 5):
        with pytest.raises(ValueError, match="n_words"):
            _core.number_words(hashes, hashes, words, np.zeros(4, np.uint32), n_words)
    with pytest.raises(ValueError, match="power of two"):
        _core.number_words(hashes, hashes, words, np.zeros(3, np.uint32), 0)
