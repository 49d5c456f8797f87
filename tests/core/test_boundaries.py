"""Where stretches end: cut where text is masked, moved to where clauses and sentences end."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.params import AlignParams
from dedup.text.tables.kinds import STARTS_CLAUSE, STARTS_SENTENCE
from tests.reference import boundaries as reference
from tests.reference import clusters, words
from tests.reference.sides import arrange, number, number_streams, rows, unpack
from tests.strategies import law, news_pair, token_pair

ALIGN = make_scalars(AlignParams())
LIMITS = ALIGN.order_penalty, 17.0, ALIGN.min_candidate, ALIGN.chance_rate, 17.0
CUTS = st.sets(st.integers(1, 60), max_size=6).map(sorted)


def _pair(a, b, cuts_a=(), cuts_b=()):
    cuts = (np.array(cuts, np.int64) for cuts in (cuts_a, cuts_b))
    return number((a, b))._replace(cuts_a=next(cuts), cuts_b=next(cuts))


def _holds(cuts, low, high):
    return any(low < cut < high for cut in cuts)


@law(100)
@given(news_pair(), CUTS, CUTS)
def test_no_stretch_goes_over_a_cut(texts, cuts_a, cuts_b):
    pair = _pair(*texts, cuts_a, cuts_b)
    n_a, n_b = len(pair.a.hashes), len(pair.b.hashes)
    if not n_a or not n_b:
        return
    whole = np.array([[0, n_a, 0, n_b]])
    found = _core.cut(pair, whole).tolist()
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
    assert _core.cut(pair, whole).tolist() == whole.tolist()
    parts = [[0, 5, 0, 5], [5, 20, 5, 20], [20, n, 20, n]]
    assert _core.cut(pair._replace(cuts_a=cuts), whole).tolist() == parts
    both = pair._replace(cuts_a=cuts[:1], cuts_b=cuts[1:])
    assert _core.cut(both, whole).tolist() == parts


def _extend(stretches, starts, n, most):
    flags = np.zeros(n, np.uint8)
    flags[sorted(starts)] = STARTS_SENTENCE
    extended, cores = _core.extend_stretches(rows(sorted(stretches)), flags, flags, most)
    return list(map(tuple, extended.tolist())), list(map(tuple, cores.tolist()))


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1]))
ROWS = st.lists(st.tuples(SPANS, SPANS).map(lambda s: (*s[0], *s[1])), max_size=5)


@law(60)
@given(ROWS, st.sets(st.integers(0, 39)), st.integers(0, 6))
def test_snapped_stretches_hold_their_cores(stretches, starts, most):
    extended, cores = _extend(stretches, starts, 40, most)
    assert len(extended) == len(cores) <= len(stretches)
    for one, core in zip(extended, cores, strict=True):
        for side in (0, 2):
            assert core[side] - most <= one[side] <= core[side]
            assert core[side + 1] <= one[side + 1] <= core[side + 1] + most
    for p, p_end, q, q_end in stretches:
        assert any(p >= c[0] and p_end <= c[1] and q >= c[2] and q_end <= c[3] for c in cores)


@law(60)
@given(news_pair(), st.integers(0, 12))
def test_completed_stretches_grow_to_sentences(texts, most):
    """On both sides of an end or on none, and no further than they may."""
    pair = number(texts)
    before = _core.find_chains(pair, ALIGN.max_gap, ALIGN.min_candidate, LIMITS)
    after = _core.complete_sentences(pair, before, most)
    starts = [
        {0, len(one.flags), *np.flatnonzero(one.flags & STARTS_SENTENCE).tolist()}
        for one in (pair.a, pair.b)
    ]
    for old, new in zip(before.tolist(), after.tolist(), strict=True):
        for left, right, sign in ((0, 2, -1), (1, 3, 1)):
            moves = [sign * (new[left] - old[left]), sign * (new[right] - old[right])]
            assert all(0 <= move <= most for move in moves)
            if any(moves):
                assert all(
                    move == 0 or new[edge] in starts[edge // 2]
                    for move, edge in zip(moves, (left, right), strict=True)
                )


IDF = np.full(1 << 21, 40, np.uint8)


@st.composite
def cases(draw):
    """A pair and sorted stretches of it, most of them from one match to another."""
    pair = number_streams(*map(arrange, draw(token_pair())), IDF)
    n_a, n_b = len(pair.a.hashes), len(pair.b.hashes)
    if not n_a or not n_b:
        return pair, []
    matches = unpack(_core.weigh_pair(pair)[-1])
    places = st.tuples(st.integers(0, n_a - 1), st.integers(0, n_b - 1))
    places = st.sampled_from(matches) | places if matches else places
    drawn = draw(st.lists(st.tuples(places, places), max_size=4))
    stretches = [(*sorted(p), *sorted(q)) for p, q in (zip(*ends, strict=True) for ends in drawn)]
    return pair, sorted((p, p_end + 1, q, q_end + 1) for p, p_end, q, q_end in stretches)


def _tuples(table):
    return list(map(tuple, table.tolist()))


def _read(pair):
    """Texts and matches as the twins take them."""
    return *words.read_pair(pair), unpack(_core.weigh_pair(pair)[-1])


@law(80)
@given(cases())
def test_what_parts_share_is_the_twin(case):
    """A stem may be a name in one place and a plain word in another."""
    pair, stretches = case
    a, b, _ = _read(pair)
    for p, p_end, q, q_end in stretches:
        shared, cosine, n_types = _core.measure(pair, p, p_end, q, q_end)
        bags = words.bag(a, p, p_end, 0), words.bag(b, q, q_end, 1)
        assert (shared, cosine) == pytest.approx(clusters.measure(*bags))
        assert n_types == reference.count_types(a[p:p_end], b[q:q_end])


@law(80)
@given(cases(), CUTS, CUTS)
def test_cut_stretches_are_the_twin(case, cuts_a, cuts_b):
    pair, stretches = case
    cuts = [np.array(own, np.int64) for own in (cuts_a, cuts_b)]
    found = _core.cut(pair._replace(cuts_a=cuts[0], cuts_b=cuts[1]), rows(stretches))
    assert _tuples(found) == reference.cut(*_read(pair), (cuts_a, cuts_b), stretches)


@law(80)
@given(cases(), st.integers(0, 6))
def test_snapped_stretches_are_the_twin(case, most):
    pair, stretches = case
    flags = pair.a.flags, pair.b.flags
    extended, cores = _core.extend_stretches(rows(stretches), *flags, most)
    starts = [words.boundaries(text, STARTS_SENTENCE | STARTS_CLAUSE) for text in _read(pair)[:2]]
    expected = reference.extend_stretches(*starts, tuple(map(len, flags)), stretches, most)
    assert list(zip(_tuples(extended), _tuples(cores), strict=True)) == expected


@law(100)
@given(cases(), st.integers(0, 9))
def test_completed_stretches_are_the_twin(case, most):
    pair, stretches = case
    found = _core.complete_sentences(pair, rows(stretches), most)
    assert _tuples(found) == reference.complete_sentences(*_read(pair)[:2], stretches, most)
