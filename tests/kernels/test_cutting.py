"""Stretches that masked text interrupts: cut there on both sides, and nowhere else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import tables
from dedup.kernels import cutting as kernel
from dedup.kernels.pairing import Stream, number_pair
from dedup.stages.tokenize import tokenize
from tests.strategies import law, news_pair

CUTS = st.sets(st.integers(1, 60), max_size=6).map(sorted)


NONE = np.empty(0, np.int64)


def _pair(a, b, cuts_a=NONE, cuts_b=NONE):
    tokens = tokenize([a, b])
    sides = (tokens.select(np.array([number])) for number in range(2))
    streams = (Stream(one.hashes, one.stems, one.starts, one.ends, one.flags) for one in sides)
    return number_pair(*streams, cuts_a, cuts_b, tables.idf(), 4)


def _holds(cuts, low, high):
    return any(low < cut < high for cut in cuts)


@law(100)
@given(news_pair(), CUTS, CUTS)
def test_no_stretch_goes_over_a_cut(texts, cuts_a, cuts_b):
    pair = _pair(*texts)
    n_a, n_b = len(pair.a.hashes), len(pair.b.hashes)
    if not n_a or not n_b:
        return
    whole = np.array([[0, n_a, 0, n_b]])
    arrays = np.array(cuts_a, np.int64), np.array(cuts_b, np.int64)
    found = kernel.cut_stretches(pair._replace(cuts_a=arrays[0], cuts_b=arrays[1]), whole).tolist()
    if not _holds(cuts_a, 0, n_a) and not _holds(cuts_b, 0, n_b):
        assert found == whole.tolist()
        return
    assert found == sorted(found)
    for p_low, p_high, q_low, q_high in found:
        assert 0 <= p_low < p_high <= n_a
        assert 0 <= q_low < q_high <= n_b
        assert not _holds(cuts_a, p_low, p_high)
        assert not _holds(cuts_b, q_low, q_high)
        assert pair.a.stems[p_low] == pair.b.stems[q_low]
        assert pair.a.stems[p_high - 1] == pair.b.stems[q_high - 1]


def test_a_text_with_itself_is_cut_into_its_parts():
    text = "Officials in the harbor town closed a bridge on Monday after storms. " * 3
    pair = _pair(text, text)
    n = len(pair.a.hashes)
    whole = np.array([[0, n, 0, n]])
    cuts = np.array([5, 20])
    assert kernel.cut_stretches(pair, whole).tolist() == whole.tolist()
    parts = [[0, 5, 0, 5], [5, 20, 5, 20], [20, n, 20, n]]
    assert kernel.cut_stretches(pair._replace(cuts_a=cuts), whole).tolist() == parts
    both = pair._replace(cuts_a=cuts[:1], cuts_b=cuts[1:])
    assert kernel.cut_stretches(both, whole).tolist() == parts


@law()
@given(CUTS, st.integers(0, 30), st.integers(0, 30))
def test_cuts_within_are_those_inside(cuts, low, length):
    found = kernel.cuts_within(np.array(cuts, np.int64), low, low + length).tolist()
    assert found == [cut - low for cut in cuts if low < cut < low + length]
