"""Laws of how far dates are trusted."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.provenance.clues import find_dates
from dedup.provenance.trust import USUAL, find_trust, span_trees, weigh_trust
from tests.reference import trusting
from tests.strategies import law

N = 8
ends = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
weighed = st.dictionaries(ends, st.integers(1, 4), max_size=20)
# From 1, so that none is at midnight.
clocks = st.lists(st.none() | st.integers(1, 6), min_size=N, max_size=N)


def trust(pairs, published):
    articles = np.array(list(pairs), np.int64).reshape(-1, 2)
    seconds = np.array([np.nan if one is None else one for one in published], float)
    return find_trust(articles, np.array(list(pairs.values()), float), find_dates(seconds))


@law(200)
@given(weighed, clocks)
def test_it_is_what_the_slow_one_says(pairs, published):
    slow = trusting.find_trust([(*pair, weight) for pair, weight in pairs.items()], published)
    assert trust(pairs, published) == pytest.approx(slow)
    assert 0 <= slow < 1


@law(50)
@given(weighed, clocks, st.randoms(use_true_random=False))
def test_order_of_pairs_changes_nothing(pairs, published, rng):
    shuffled = dict(rng.sample(list(pairs.items()), len(pairs)))
    assert trust(shuffled, published) == trust(pairs, published)


@law(50)
@given(weighed, clocks, st.integers(1, 1000))
def test_only_the_order_of_dates_counts(pairs, published, factor):
    later = [None if one is None else one * factor for one in published]
    assert trust(pairs, later) == trust(pairs, published)


@law(50)
@given(weighed)
def test_trees_connect_what_pairs_connect(pairs):
    articles = np.array(list(pairs), np.int64).reshape(-1, 2)
    tree = span_trees(articles, np.array(list(pairs.values()), float), N)
    neighbors, kept = {}, {}
    for of, some in ((neighbors, articles), (kept, tree)):
        for a, b in some.tolist():
            of.setdefault(a, []).append(b)
            of.setdefault(b, []).append(a)
    parts = {frozenset(trusting.reach(kept, one)) for one in range(N)}
    assert parts == {frozenset(trusting.reach(neighbors, one)) for one in range(N)}
    assert len(tree) == N - len(parts)


def test_of_nothing_the_usual_is_said():
    assert trust({}, [None] * N) == USUAL
    # Of two, one is always first.
    assert trust({(0, 1): 1}, [5, 9]) == pytest.approx(USUAL)
    # A date without a time tells nothing.
    assert trust({(0, 1): 1, (1, 2): 1}, [86_400, 0, 172_800]) == USUAL


def test_right_dates_are_trusted_and_random_ones_are_not():
    rng, pairs, right = Random(3), {}, []
    for story in range(0, 400, 8):
        right += range(story + 1, story + 9)
        for one in range(1, 8):
            pairs[story + rng.randrange(one), story + one] = 1
    random = rng.sample(right, len(right))
    assert trust(pairs, right) > 0.85
    assert trust(pairs, random) < 0.2
    assert weigh_trust(trust(pairs, random)) == 0.0 < weigh_trust(trust(pairs, right))


def test_what_is_trusted_by_half_is_thrice_as_likely_right_as_wrong():
    assert weigh_trust(USUAL) == 0.0
    assert weigh_trust(0.5) == pytest.approx(np.log(3) - np.log((1 + USUAL) / (1 - USUAL)))
