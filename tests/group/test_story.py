"""Laws of stories, on made-up pairs and on articles that spread."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.group.places import SharedPassages
from dedup.group.story import (
    Pairs,
    find_components,
    find_stories,
    group_regions,
    is_strong,
)
from dedup.params import StoryParams
from tests.strategies import law

LENGTH = 100
PARAMS = StoryParams()


def stories_of(pairs, n):
    """Return the stories that pairs make: each is (a, b, spans of a, spans of b)."""
    rows = [
        (a, b, *one, *other) for a, b, ins, of in pairs for one, other in zip(ins, of, strict=True)
    ]
    shared = SharedPassages(
        np.array([row[:2] for row in rows], np.int64).reshape(-1, 2),
        np.array([row[2:] for row in rows], np.int64).reshape(-1, 4),
        np.array([row[2:] for row in rows], np.int64).reshape(-1, 4),
        np.ones(len(rows)),
    )
    coverages = [[sum(e - s for s, e in side) / LENGTH for side in pair[2:]] for pair in pairs]
    columns = Pairs(
        np.array([pair[:2] for pair in pairs], np.int64).reshape(-1, 2),
        np.array([len(pair[2]) for pair in pairs], np.int64),
        np.array(coverages, np.float64).reshape(-1, 2),
    )
    found = find_stories(columns, shared, np.full(n, LENGTH), PARAMS)
    return [
        found.articles[low:high].tolist()
        for low, high in zip(found.bounds[:-1], found.bounds[1:], strict=True)
    ]


def whole(a, b):
    return a, b, [(0, LENGTH)], [(0, LENGTH)]


@law(100)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1])))
def test_whole_copies_join_as_their_graph_does(edges):
    roots = {node: {node} for node in range(10)}
    for a, b in edges:
        joined = roots[a] | roots[b]
        for node in joined:
            roots[node] = joined
    expected = {frozenset(own) for own in roots.values() if len(own) > 1}
    found = stories_of([whole(*edge) for edge in sorted(edges)], 10)
    assert {frozenset(own) for own in found} == expected
    assert [len(own) for own in found] == sorted(map(len, found), reverse=True)
    numbers = find_components(np.array(sorted(edges), np.int64).reshape(-1, 2), 10)
    assert numbers.tolist() == [min(roots[node]) for node in range(10)]


def test_a_round_up_is_in_both_stories_and_joins_them_not():
    head, tail = [(0, 50)], [(50, 100)]
    own = [(0, 90)]
    pairs = [whole(0, 1), (0, 4, own, head), (1, 4, own, head)]
    pairs += [(2, 4, own, tail), (3, 4, own, tail), whole(2, 3)]
    assert sorted(stories_of(pairs, 5)) == [[0, 1, 4], [2, 3, 4]]


def test_a_copy_of_the_round_up_joins_them_neither():
    head, tail, own = [(0, 50)], [(50, 100)], [(0, 90)]
    pairs = [(a, r, own, head) for r in (6, 7) for a in (0, 1, 2)]
    pairs += [(a, r, own, tail) for r in (6, 7) for a in (3, 4, 5)]
    pairs += [whole(6, 7)]
    assert sorted(stories_of(pairs, 8)) == [[0, 1, 2, 6, 7], [3, 4, 5, 6, 7]]


def test_parts_of_one_story_that_others_carry_whole_are_one_story():
    full = [whole(0, n) for n in (1, 2, 3)] + [whole(1, 2), whole(1, 3), whole(2, 3)]
    parts = [(0, 4, [(0, 40)], [(0, 90)]), (0, 5, [(60, 100)], [(0, 90)])]
    assert stories_of(full + parts, 6) == [[0, 1, 2, 3, 4, 5]]


def test_what_shares_too_little_joins_nothing():
    assert stories_of([(0, 1, [(0, 45)], [(0, 45)])], 2) == []
    assert stories_of([(0, 1, [(0, 30)], [(0, 55)])], 2) == []


def test_strong_is_much_of_both_or_most_of_the_smaller():
    pairs = Pairs(
        np.array([[0, 1]] * 4),
        np.ones(4, np.int64),
        np.array([[0.1, 0.1], [0.5, 0.5], [0.6, 0.2], [0.2, 0.6]]),
    )
    assert is_strong(pairs, np.array([50, 100]), PARAMS).tolist() == [False, True, True, False]


def test_one_strong_pair_joins_two_stories():
    groups = [range(4), range(4, 8)]
    pairs = [whole(a, b) for nodes in groups for a, b in combinations(nodes, 2)]
    assert stories_of([*pairs, (3, 4, [(0, 60)], [(0, 60)])], 8) == [list(range(8))]


@pytest.mark.parametrize("n", [2, 4, 50])
def test_a_star_is_one_story_however_weak_its_rays_are(n):
    rays = [(0, k, [(0, 51 + k % 3)], [(0, 51 + k % 3)]) for k in range(1, n)]
    assert stories_of(rays, n) == [list(range(n))]


def test_a_story_inside_another_is_not_told_twice():
    pairs = [whole(0, 1), whole(0, 2), whole(1, 2), (0, 1, [(0, 60)], [(0, 60)])]
    assert stories_of(pairs, 3) == [[0, 1, 2]]


spans = st.lists(st.integers(0, 30), min_size=2, max_size=6, unique=True).map(
    lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)


@law(100)
@given(st.lists(spans, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_regions(regions, rng):
    order = rng.sample(range(len(regions)), len(regions))
    one = group_regions(regions)
    other = group_regions([regions[at] for at in order])
    joined = {(i, j) for i in order for j in order if one[i] == one[j]}
    again = {
        (order[i], order[j])
        for i in range(len(order))
        for j in range(len(order))
        if other[i] == other[j]
    }
    assert joined == again


@law(100)
@given(st.lists(spans, min_size=1, max_size=6), st.integers(0, 3000))
def test_groups_do_not_depend_on_where_the_regions_are(regions, n):
    moved = [[(low + n, high + n) for low, high in region] for region in regions]
    assert group_regions(moved) == group_regions(regions)


def test_regions_apart_are_two_groups_and_nested_ones_are_one():
    regions = [[(0, 40)], [(50, 90)], [(0, 20), (30, 40)]]
    assert group_regions(regions) == [0, 1, 0]
