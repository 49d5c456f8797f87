"""Chains, gaps and alignments against textbook programs, and the laws they keep."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import IS_CONTENT, IS_QUOTED, STARTS_CLAUSE, STARTS_SENTENCE
from tests.reference import chains as reference
from tests.reference.sides import pack, stream, unpack
from tests.strategies import bits, law

MATCHES = st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20).map(sorted)
WORDS = st.lists(st.integers(0, 4), max_size=12)


def _floats(values):
    return np.array(values, np.float32)


def _align_words(a, b, weights, matches=()):
    found = _core.align_words(stream(a), stream(b), _floats(weights), pack(matches))
    return unpack(found)


@law(80)
@given(MATCHES, st.integers(0, 40), st.data())
def test_chains_are_the_twin_wherever_they_stand(matches, shift, data):
    """Few different weights, so that many chains weigh the same."""
    weights = data.draw(st.lists(st.sampled_from([0.125, 1.0, 2.0]), min_size=10, max_size=10))
    chain = _core.chain(pack(matches), _floats(weights)).tolist()
    assert chain == reference.chain(matches, [weights[p] for p, _ in matches])
    moved = [(p + shift, q + shift) for p, q in matches]
    assert _core.chain(pack(moved), _floats([1.0] * shift + weights)).tolist() == chain


def test_a_chain_of_many():
    """Enough matches that the tree of maxima has many levels."""
    rng = np.random.default_rng(1)
    matches = sorted(set(map(tuple, rng.integers(0, 120, (300, 2)).tolist())))
    weights = (rng.integers(1, 80, 120) / 8).tolist()
    chain = _core.chain(pack(matches), _floats(weights)).tolist()
    assert reference.increases([matches[k] for k in chain])
    assert chain == reference.chain(matches, [weights[p] for p, _ in matches])


def _drawn_weights(data, words):
    return data.draw(st.lists(bits(), min_size=len(words), max_size=len(words)))


@law(80)
@given(WORDS, WORDS, st.data())
def test_gaps_weigh_what_the_twin_finds(a, b, data):
    weights = _drawn_weights(data, a)
    stems = (np.array(words, np.uint64) for words in (a, b))
    aligned = unpack(_core.align_gap(next(stems), _floats(weights), next(stems)))
    assert reference.increases(aligned)
    assert all(a[p] == b[q] for p, q in aligned)
    assert sum(weights[p] for p, _ in aligned) == reference.common_weight(tuple(a), weights, b)


@law(80)
@given(WORDS, WORDS, st.data())
def test_aligned_boxes_increase_and_join_equal_words(a, b, data):
    """No match to chain, all of them, or some: the chain is kept, and nothing is crossed."""
    weights = _drawn_weights(data, a)
    every = [(p, q) for p in range(len(a)) for q in range(len(b)) if a[p] == b[q]]
    some = sorted(data.draw(st.sets(st.sampled_from(every)))) if every else []
    aligned = _align_words(a, b, weights, some)
    assert reference.increases(aligned)
    assert all(a[p] == b[q] for p, q in aligned)
    chain = _core.chain(pack(some), _floats(weights))
    assert {some[k] for k in chain.tolist()} <= set(aligned)
    assert all(0 <= p < len(a) and 0 <= q < len(b) for p, q in aligned)


@law()
@given(WORDS)
def test_a_text_aligns_with_itself(words):
    aligned = _align_words(words, words, [1.0] * len(words))
    assert aligned == [(at, at) for at in range(len(words))]


def test_a_gap_too_large_stays_open():
    """Beyond its edges, that is: equal words there cost nothing."""
    n = 300
    a = [*range(n), 1000, *range(n), 7777]
    b = [*range(n, 2 * n), 1000, *range(n, 2 * n), 7777]
    assert _align_words(a, b, [1.0] * len(a)) == [(2 * n + 1, 2 * n + 1)]


FLAGS = st.lists(st.sampled_from([0, 0, STARTS_CLAUSE, STARTS_CLAUSE | STARTS_SENTENCE]))


@law(80)
@given(FLAGS, st.lists(st.integers(1, 20), min_size=2, max_size=2), st.integers(0, 6))
def test_snap_is_the_twin(flags, ends, most):
    flags = [*flags, 0]
    low, high = sorted(min(end, len(flags)) for end in ends)
    low = min(low, high - 1)  # a stretch holds a word
    boundaries = {at for at, flag in enumerate(flags) if flag}
    extended = _core.extend_range(np.array(flags, np.uint8), low, high, most)
    assert extended == reference.extend_range(boundaries, len(flags), low, high, most)
    assert max(low - most, 0) <= extended[0] <= low
    assert high <= extended[1] <= min(high + most, len(flags))


ALIGNED = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=10).map(
    lambda steps: [
        (sum(p for p, _ in steps[: at + 1]) - 1, sum(q for _, q in steps[: at + 1]) - 1)
        for at in range(len(steps))
    ]
)


def _split(aligned, bits_a, bits_b, flags=None, penalty=0.25, x_drop=9.0, min_segment=4.0):
    if flags is None:
        flags = np.zeros(max(len(bits_a), len(bits_b)), np.uint8)
    sides = (stream(range(len(bits)), flags[: len(bits)]) for bits in (bits_a, bits_b))
    scalars = penalty, x_drop, min_segment, 0.05
    found = _core.split_alignment(pack(aligned), *sides, bits_a, bits_b, scalars)
    return [tuple(row) for row in found.tolist()]


@st.composite
def weighed(draw):
    """An alignment and the bits of the words on both sides, in halves."""
    aligned = draw(ALIGNED)
    ends = [end + 1 for end in aligned[-1]] if aligned else (0, 0)
    exact = st.integers(1, 20).map(lambda halves: halves / 2)
    return aligned, *(draw(st.lists(exact, min_size=end, max_size=end)) for end in ends)


@law(100)
@given(
    weighed(),
    st.sets(st.integers(0, 40), max_size=6),
    st.sampled_from([0.125, 0.25, 1.0]),
    st.sampled_from([3.0, 9.0, 40.0]),
)
def test_split_alignments_are_the_twin(drawn, sentences, penalty, x_drop):
    aligned, *bits = drawn
    flags = np.zeros(64, np.uint8)
    flags[list(sentences)] = STARTS_SENTENCE
    found = _split(aligned, *map(_floats, bits), flags, penalty, x_drop)
    limits = penalty, x_drop, 4.0, 0.05
    assert found == reference.split(aligned, bits, (sentences, sentences), limits)


@law(80)
@given(weighed(), st.sampled_from([0.125, 1.0]))
def test_split_alignments_pay(drawn, penalty):
    """Segments are disjoint and in order, and share the least score or more."""
    aligned, *bits = drawn
    found = _split(aligned, *map(_floats, bits), penalty=penalty)
    edges = [edge for segment in found for edge in segment]
    assert edges == sorted(edges)
    assert not edges or 0 <= edges[0] <= edges[-1] <= len(aligned)
    for low, high in found:
        assert sum(min(bits[0][p], bits[1][q]) for p, q in aligned[low:high]) >= 4.0


def test_an_alignment_without_gaps_is_whole():
    aligned = [(at, at) for at in range(6)]
    assert _split(aligned, _floats([1.0] * 6), _floats([1.0] * 6)) == [(0, 6)]


def test_verbatim_text_ends_where_the_copying_ends():
    """At the first penalty five foreign words are worth another; at that of verbatim text not."""
    bits = _floats([4.0] * 30)
    scalars = {"penalty": 0.15, "x_drop": 17.0, "min_segment": 12.0}
    copied = [(at, at) for at in range(20)]
    assert _split([*copied, (25, 25)], bits, bits, **scalars) == [(0, 20)]
    # Where two words in three are others all along, five more change little.
    reworded = [(at, at) for at in range(0, 20, 3)]
    assert _split([*reworded, (24, 24)], bits, bits, **scalars) == [(0, 8)]


def test_an_alignment_splits_where_words_are_missing_on_one_side():
    bits_a, bits_b = _floats([5.0] * 42), _floats([5.0] * 4)
    assert _split([(0, 0), (1, 1), (40, 2), (41, 3)], bits_a, bits_b) == [(0, 2), (2, 4)]
    assert _split([(0, 0), (1, 1), (8, 2), (9, 3)], bits_a, bits_b) == [(0, 4)]


def test_a_sentence_break_costs_only_where_words_are_missing():
    """At 2 bits: a gap of 8 bits costs 2.5 within a sentence, 4.5 into another."""
    flags = np.zeros(6, np.uint8)
    flags[3] = STARTS_SENTENCE
    bits_a = _floats([4.0] * 6)
    gap, no_gap = [(0, 0), (1, 1), (4, 4), (5, 5)], [(at, at) for at in range(6)]
    assert _split(gap, bits_a, bits_a, x_drop=4.0) == [(0, 4)]
    assert _split(gap, bits_a, bits_a, flags, x_drop=4.0) == [(0, 2), (2, 4)]
    assert _split(no_gap, bits_a, bits_a, flags, x_drop=0.0) == [(0, 6)]


@law(80)
@given(WORDS, WORDS)
@example([0, 1], [0, 1])
def test_a_function_word_needs_company(a, b):
    """Even numbers are content words."""
    flags_a, flags_b = ([0 if word % 2 else IS_CONTENT for word in words] for words in (a, b))
    streams = stream(a, flags_a), stream(b, flags_b)
    kept = _core.align_stretch(*streams, _floats([1.0] * len(a)), pack([]))
    every = _align_words(a, b, [1.0] * len(a))
    assert unpack(kept) == [
        (p, q)
        for p, q in every
        if a[p] % 2 == 0 or (p - 1, q - 1) in every or (p + 1, q + 1) in every
    ]


def test_measure():
    """Two of three aligned words are equal, one only by stem; a has four words, b five."""
    a = stream([1, 2, 3, 9], [IS_QUOTED, IS_QUOTED, 0, 0])
    b = stream([1, 2, 8, 4, 5], [0, 0, 0, 0, 0])
    bits_a, bits_b = _floats([2.0, 2.0, 4.0, 1.0]), _floats([2.0, 2.0, 2.0, 1.0, 1.0])
    shared, identity, quoted = _core.measure_alignment(
        pack([(0, 0), (1, 1), (2, 2)]), a, b, bits_a, bits_b
    )
    assert shared == 6.0
    assert identity == pytest.approx(2 / 5)
    assert quoted == pytest.approx(2 / 3)
    assert _core.measure_alignment(pack([]), a, b, bits_a, bits_b) == (0.0, 0.0, 0.0)
