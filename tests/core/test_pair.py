"""What two articles are made into before the search looks at them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.text.tables.kinds import IS_CONTENT
from tests.reference import pair as reference
from tests.reference.sides import number, pack, pair_of, side, unpack
from tests.strategies import hostile_text, law, news_pair

CUTS = st.lists(st.integers(0, 12), min_size=2, max_size=2).map(sorted).map(tuple)


@law()
@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11))).map(sorted), CUTS, CUTS)
def test_matches_within_are_the_twin(matches, p, q):
    found = _core.matches_within(pack(matches), *p, *q)
    assert unpack(found) == reference.matches_within(matches, p, q)


def test_a_function_word_weighs_little():
    a, b = side([0, 1], [8.0, 2.5], [1, 3]), side([])
    bits, mass, *_ = _core.weigh_pair(pair_of(a, b))
    assert bits.tolist() == pytest.approx([0.6, 8.0, 0.6, 2.5])
    assert mass.tolist() == pytest.approx([0, 0.6, 8.6, 9.2, 11.7])


@law(100)
@given(news_pair() | st.tuples(hostile_text(), hostile_text()))
def test_a_pair_is_weighed_and_matched(texts):
    """Totals run over the bits of all tokens, and a match joins content words of one stem."""
    pair = number(texts)
    bits_a, mass_a, bits_b, mass_b, matches = _core.weigh_pair(pair)
    sides = (pair.a, pair.side_a, bits_a, mass_a), (pair.b, pair.side_b, bits_b, mass_b)
    for stream, one, bits, mass in sides:
        assert one.tokens.tolist() == np.flatnonzero(stream.flags & IS_CONTENT).tolist()
        assert bits[one.tokens].tolist() == one.bits.tolist()
        assert len(mass) == len(bits) + 1
        assert np.diff(mass) == pytest.approx(bits, rel=1e-5)
        assert (bits > 0).all()
    assert len(matches) == len(pair.anchors)
    for (p, q), (i, j) in zip(unpack(matches), unpack(pair.anchors), strict=True):
        assert (p, q) == (pair.side_a.tokens[i], pair.side_b.tokens[j])
        assert pair.a.stems[p] == pair.b.stems[q]
