"""Numbers, information, anchors and runs against their twins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text import tables
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DIGIT,
    IS_SPACELESS,
    IS_STOP,
    STARTS_CLAUSE,
)
from dedup.text.tokenize import tokenize
from tests.reference import anchors as reference
from tests.reference.sides import Side, pack, side, stream, unpack
from tests.strategies import law, news_pair

STEMS = st.lists(st.integers(0, 6), max_size=14)
STEMS_A = st.lists(st.integers(-1, 6), max_size=14)
WORDS = st.lists(
    st.tuples(
        st.sampled_from([7, 7 << 44, 99 << 44 | 7, 2**64 - 1, 0]),  # meet in one slot, or are zero
        st.sampled_from([IS_CONTENT, IS_CONTENT, IS_STOP, IS_CONTENT | IS_SPACELESS]),
    ),
    max_size=20,
)


def _number(a, b):
    """Number tokens whose words are told apart by their stems."""
    sides = [stream(stems, flags) for stems, flags in (a, b)]
    side_a, side_b, n_stems = _core.number_pair(*sides, tables.idf())
    return Side(*side_a), Side(*side_b), n_stems


def _columns(words):
    return [stem for stem, _ in words], [flag for _, flag in words]


@law(150)
@given(WORDS, WORDS)
def test_equal_numbers_are_equal_stems(a, b):
    side_a, side_b, n_stems = _number(_columns(a), _columns(b))
    content_a = [(at, stem) for at, (stem, flag) in enumerate(a) if flag & IS_CONTENT]
    content_b = [(at, stem) for at, (stem, flag) in enumerate(b) if flag & IS_CONTENT]
    assert side_a.tokens.tolist() == [at for at, _ in content_a]
    assert side_b.tokens.tolist() == [at for at, _ in content_b]
    # A word that the other side lacks has none.
    common = {stem for _, stem in content_a} & {stem for _, stem in content_b}
    numbers = dict(zip((stem for _, stem in content_a), side_a.stems.tolist(), strict=True))
    number_of = {stem: numbers[stem] for stem in common}
    assert sorted(number_of.values()) == list(range(n_stems)) == list(range(len(common)))
    for one, content in ((side_a, content_a), (side_b, content_b)):
        assert one.stems.tolist() == [number_of.get(stem, -1) for _, stem in content]


def _inform(texts):
    """Content stems and bits of both sides."""
    tokens = tokenize(texts)
    parts = [slice(*tokens.offsets[at : at + 2]) for at in (0, 1)]
    columns = [(tokens.stems[part], tokens.flags[part]) for part in parts]
    sides = _number(*columns)[:2]
    stems = [stem[(flag & IS_CONTENT) != 0].tolist() for stem, flag in columns]
    return stems, [one.bits.tolist() for one in sides], any(one.is_fact.any() for one in sides)


def _plain(text):
    """Lower case without digits: neither names nor numbers, which have rules of their own."""
    return "".join(char for char in text.lower() if not char.isdigit())


@law(100)
@given(news_pair())
def test_information_is_the_twin(pair):
    stems, bits, has_fact = _inform(list(map(_plain, pair)))
    assert not has_fact
    for at in (0, 1):
        idf = [int(tables.idf()[stem >> 44]) / 8 for stem in stems[at]]
        expected = reference.local_bits(idf, stems[at], stems[1 - at])
        assert bits[at] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("flags", "share"),
    [
        ((0, 0), 1.0),
        ((0, IS_DIGIT), 0.5),
        ((0, IS_DIGIT | IS_CAPITAL), 0.5),
        ((0, IS_CAPITAL), 0.5),
        ((0, IS_CAPITAL | STARTS_CLAUSE), 1.0),
        ((IS_CAPITAL, IS_CAPITAL), 0.15),
    ],
)
def test_what_follows_from_the_facts_says_less(flags, share):
    """The last of eight words, six of which are in lower case."""
    rare = int(np.flatnonzero(tables.idf() > 100)[0]) << 44
    stems = [rare + at for at in range(8)]
    marked = [IS_CONTENT] * 6 + [IS_CONTENT | flag for flag in flags]
    plain = [IS_CONTENT] * 8
    bits, before = (_number((stems, some), (stems, plain))[0] for some in (marked, plain))
    assert bits.bits[-1] == pytest.approx(share * before.bits[-1], rel=1e-6)
    assert bits.is_fact[-1] == (share < 1)


def test_capitals_everywhere_are_no_names():
    words = range(8), [IS_CONTENT | IS_CAPITAL] * 8
    assert not _number(words, words)[0].is_fact.any()


@law(200)
@given(STEMS_A, STEMS, st.integers(2, 6))
def test_anchors_are_the_twin(a, b, window):
    found = _core.find_anchors(side(a), side(b), window)
    assert unpack(found) == reference.anchors(a, b, window)


def test_a_frequent_pair_is_anchored_in_turn():
    """Three times four places are joined each with each, three times five one by one.

    There is no other anchor, so that the frequent pair is anchored at all.
    """
    pair, gap = [0, 1], [-1] * 4
    for n_b, n_anchors in ((4, 3 * 4 * 2), (5, 3 * 2)):
        a, b = side((pair + gap) * 3), side([*pair, 2, 3, 4, 5] * n_b)
        assert len(_core.find_anchors(a, b, 2)) == n_anchors


@law(100)
@given(STEMS, STEMS)
def test_anchors_are_symmetric(a, b):
    forwards = unpack(_core.find_anchors(side(a), side(b), 4))
    backwards = unpack(_core.find_anchors(side(b), side(a), 4))
    assert forwards == sorted((i, j) for j, i in backwards)


def test_packing():
    assert unpack(pack([(1, 2), (3, 2**31 - 1)])) == [(1, 2), (3, 2**31 - 1)]
