"""Words that are weighed, aligned and measured, against twins that go word by word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import alignments as reference
from tests.reference import words
from tests.reference.sides import Pair, Side, arrange, number_streams, pack, unpack
from tests.strategies import law, token_pair

# Bits by stem; all but a few are worth the same, so that alignments weigh the same.
IDF = np.full(1 << 21, 40, np.uint8)
IDF[:8] = 8 + 11 * np.arange(8)


def _pair(tokens):
    return number_streams(*map(arrange, tokens), IDF)


def _column(text):
    return np.array([word.bits for word in text], np.float32)


@law(80)
@given(token_pair())
def test_what_words_are_worth_is_the_twin(tokens):
    """All kinds of words: names, numbers, function words, characters of scripts without spaces."""
    a, b = map(arrange, tokens)
    side_a, side_b, n_stems = _core.number_pair(a, b, IDF)
    expected = words.number(words.read(a), words.read(b), IDF)
    assert words.read_pair(Pair(a, b, Side(*side_a), Side(*side_b))) == expected
    assert n_stems == len({word.common for word in expected[0]} - {None})


@law(60)
@given(token_pair())
def test_weights_and_matches_are_the_twin(tokens):
    pair = _pair(tokens)
    bits_a, mass_a, bits_b, mass_b, matches = _core.weigh_pair(pair)
    texts = words.read_pair(pair)
    for text, bits, mass in zip(texts, (bits_a, bits_b), (mass_a, mass_b), strict=True):
        assert bits.tolist() == [word.bits for word in text]
        assert mass.tolist() == [words.mass(text, 0, end) for end in range(len(text) + 1)]
    content = [[p for p, word in enumerate(text) if words.is_content(word)] for text in texts]
    assert unpack(matches) == [(content[0][i], content[1][j]) for i, j in unpack(pair.anchors)]


SMALL = st.lists(st.integers(0, 3), max_size=9)
# Of these sums depend on their order, with the digits of a float32.
WEIGHTS = st.sampled_from([0.6, 1.0, 1.1, 3.7])


def _weights(data, n):
    drawn = data.draw(st.lists(WEIGHTS, min_size=n, max_size=n))
    return np.array(drawn, np.float32)


@law(150)
@given(SMALL, SMALL, st.sampled_from([0, 56, 64]), st.integers(0, 9), st.data())
def test_gaps_are_the_twin(a, b, n_own, at, data):
    """Up to 64 words of b have a bit each; more are in a table."""
    b = b[:at] + list(range(64, 64 + n_own)) + b[at:]
    weights = _weights(data, len(a))
    found = _core.align_gap(np.array(a, np.uint64), weights, np.array(b, np.uint64))
    assert unpack(found) == reference.align_gap(a, weights.tolist(), b)


@law(80)
@given(token_pair(), st.data())
def test_alignments_are_the_twin(tokens, data):
    """No match to chain, some of the anchors, or any pairs of words that are alike."""
    pair = _pair(tokens)
    a, b = words.read_pair(pair)
    every = [
        (p, q) for p, own in enumerate(a) for q, other in enumerate(b) if own.stem == other.stem
    ]
    matches = sorted(data.draw(st.sets(st.sampled_from(every), max_size=9))) if every else []
    columns = pair.a, pair.b, _column(a), pack(matches)
    stems = [[word.stem for word in text] for text in (a, b)]
    expected = reference.align_words(stems[0], [word.bits for word in a], stems[1], matches)
    assert unpack(_core.align_words(*columns)) == expected
    assert unpack(_core.align_stretch(*columns)) == reference.align_stretch(a, b, matches)


@pytest.mark.parametrize("n", [256, 257])
def test_a_gap_of_many_words_is_the_twin(n):
    """2**16 cells are compared, more are not; what stands at the edges of it is aligned."""
    a = [1, *range(2, 2 + n // 2), 5000, *range(2000, 2000 + n - n // 2 - 1), 1]
    b = [1, *range(7000, 7000 + 255), 5000, 1]
    weights = [1.0] * len(a)
    streams = [arrange([(word, word, 128) for word in text]) for text in (a, b)]
    found = _core.align_words(*streams, np.array(weights, np.float32), pack([]))
    assert unpack(found) == reference.align_words(a, weights, b, [])
    assert len(found) == (3 if n == 256 else 2)


@law(80)
@given(token_pair(), st.data())
def test_what_an_alignment_shares_is_the_twin(tokens, data):
    pair = _pair(tokens)
    a, b = words.read_pair(pair)
    n = data.draw(st.integers(0, min(len(a), len(b))))
    places = [sorted(data.draw(st.permutations(range(len(text))))[:n]) for text in (a, b)]
    aligned = list(zip(*places, strict=True))
    found = _core.measure_alignment(pack(aligned), pair.a, pair.b, _column(a), _column(b))
    assert found == reference.measure(aligned, a, b)
