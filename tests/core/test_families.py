"""Families against links followed one by one, and stretches projected over alignments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.group.family import FamilyTable, Links, Representatives
from dedup.group.places import Words
from dedup.text.tables.kinds import IS_CONTENT
from tests.reference import chains as aligning
from tests.reference import families as reference
from tests.reference.sides import pack, unpack
from tests.strategies import law

WORDS = st.lists(st.integers(0, 9), min_size=1, max_size=12)
PLACES = st.lists(WORDS, min_size=2, max_size=8)


def _stream(words):
    hashes = np.array(words, np.uint64)
    return Words(hashes, hashes, np.full(len(words), IS_CONTENT, np.uint8))


def _tokens(words):
    return [reference.Token(word, word, True) for word in words]


def _lay_out(places):
    ends = np.cumsum([len(words) for words in places])
    spans = np.stack([np.concatenate([[0], ends[:-1]]), ends], axis=1)
    return _stream([word for words in places for word in words]), spans.astype(np.int64)


@law(200)
@given(WORDS, WORDS)
def test_matched_stems_are_those_of_the_twin(a, b):
    found = _core.match_stems(*_stream(a)[1:], *_stream(b)[1:])
    assert unpack(found) == reference.match_stems(_tokens(a), _tokens(b))


@law(200)
@given(WORDS, WORDS)
def test_identity_counts_words_in_order(a, b):
    """All of them in so short a text, unless the stems matched first exclude some."""
    stream, spans = _lay_out([a, b])
    aligned, identity = _core.align_places(*stream, spans, 0, 1)
    aligned = unpack(aligned)
    most = aligning.common_weight(tuple(a), [1.0] * len(a), b)
    assert all(a[p] == b[q] for p, q in aligned)
    assert identity == len(aligned) / max(len(a), len(b)) <= most / max(len(a), len(b))
    assert (identity == 1.0) == (a == b)


@st.composite
def _linked(draw):
    places = draw(PLACES)
    ends = st.integers(0, len(places) - 1)
    pairs = st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1])
    passages = [(at, (at + 1) % len(places)) for at in range(0, len(places), 2)]
    passages += draw(st.lists(pairs, max_size=8))
    order = draw(st.permutations(range(len(places))))
    return places, order, passages, draw(st.lists(pairs, max_size=6))


def _gather(places, order, passages, others, min_alike):
    links = np.array(passages + others, np.int64)
    ends, numbers = links.T.reshape(-1), np.tile(np.arange(len(links)), 2)
    by_place = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[by_place], np.arange(len(places) + 1))
    numbers = numbers[by_place]
    adjacent = Links(
        first,
        links[:, ::-1].T.reshape(-1)[by_place],
        numbers,
        numbers < len(passages),
    )
    stream, spans = _lay_out(places)
    size = len(places)
    nothing = Representatives(np.full(size, -1, np.int64), np.zeros(size))
    args = *stream, spans, np.array(order), *adjacent
    found = FamilyTable(*_core.gather_families(*args, *nothing, min_alike))
    alike = [_core.align_places(*stream, spans, order[0], at)[1] for at in range(size)]
    known = Representatives(np.full(size, order[0], np.int64), np.array(alike))
    again = _core.gather_families(*args, *known, min_alike)
    for column, same in zip(found, again, strict=True):
        assert column.tolist() == same.tolist(), "what is known changes nothing"
    return stream, spans, found


def _members(found):
    return [
        dict(zip(members.tolist(), alike.tolist(), strict=True))
        for members, alike in zip(
            np.split(found.members, found.bounds[1:-1]),
            np.split(found.identities, found.bounds[1:-1]),
            strict=True,
        )
    ]


@law(300)
@given(_linked(), st.sampled_from([0.0, 0.5, 1.0]))
def test_families_are_those_of_the_twin(linked, min_alike):
    places, order, passages, others = linked
    _, _, found = _gather(places, order, passages, others, min_alike)

    def identity(a, b):
        return reference.align_places(_tokens(places[a]), _tokens(places[b]))[1]

    expected = reference.gather_families(
        order, passages + others, len(passages), identity, min_alike
    )
    assert _members(found) == expected


@law(300)
@given(_linked(), st.sampled_from([0.0, 0.5, 1.0]))
def test_both_places_of_a_passage_are_in_one_family(linked, min_alike):
    places, order, passages, others = linked
    families = _members(_gather(places, order, passages, others, min_alike)[2])
    for passage in passages:
        assert any(family.keys() >= set(passage) for family in families)


def test_a_text_that_changes_from_copy_to_copy_is_no_single_family():
    """Each shares five words of ten with the next, so that nothing of the first is in the last."""
    places = [list(range(5 * at, 5 * at + 10)) for at in range(9)]
    chain = [(at, at + 1) for at in range(8)]
    families = _members(_gather(places, [4, *range(9)], chain, [], 0.4)[2])
    assert families[0] == {4: 1.0, 3: 0.5, 5: 0.5}
    assert max(map(len, families)) == 3


@st.composite
def _aligned(draw):
    steps = st.tuples(st.integers(1, 3), st.integers(1, 3))
    rows = np.cumsum(draw(st.lists(steps, min_size=1, max_size=12)), axis=0) - 1
    aligned = [(int(p), int(q)) for p, q in rows]
    low = draw(st.integers(0, aligned[-1][0]))
    return aligned, low, draw(st.integers(low + 1, aligned[-1][0] + 2))


@law(300)
@given(_aligned(), st.integers(1, 4))
def test_a_projected_stretch_is_that_of_the_twin(case, more):
    aligned, low, high = case
    size = aligned[-1][1] + more
    start, end = _core.project(pack(aligned), low, high, 0, size)
    assert (None if start == end else (start, end)) == reference.project(aligned, low, high, size)
    assert 0 <= start <= end <= size


def _families(bounds, members):
    return FamilyTable(
        np.array(bounds, np.int64), np.array(members, np.int64), np.ones(len(members))
    )


# A whole text in three articles, a sentence of it in two of them and in a fourth.
STORY, SENTENCE = list(range(20)), list(range(6, 12))
SPANS = np.array([[0, 20], [6, 12], [20, 40], [40, 60], [60, 66]], np.int64)
TOKENS = _stream([*STORY, *STORY, *STORY, *SENTENCE])
TWO = _families([0, 3, 5], [2, 0, 3, 1, 4])


def test_what_lies_in_a_member_is_projected_to_the_representative():
    projected = _core.project_inwards(*TOKENS, SPANS, *TWO[:2], np.array([[0, 1]]))
    assert projected.tolist() == [[0, 1, 26, 32]]


@pytest.mark.parametrize(("most", "n_capped"), [(0, 3), (1, 1), (2, 0)])
def test_a_family_is_projected_to_all_members_as_far_as_there_is_room(most, n_capped):
    inner = np.array([[0, 1, 26, 32]])
    found, left = _core.project_outwards(*TOKENS, SPANS, *TWO[:2], inner, most)
    every = [[1, 26, 32], [1, 6, 12], [1, 46, 52]]
    assert found.tolist() == every[: 2 * most]
    assert left == n_capped
    assert _core.measure_places(*TOKENS, SPANS, *TWO[:2], found).tolist() == [1.0] * len(found)


LINKS = Links(
    np.array([0, 1, 2, 2, 2, 2]), np.array([1, 0]), np.zeros(2, np.int64), np.ones(2, np.bool_)
)
KNOWN = Representatives(np.full(5, -1), np.zeros(5))
GATHERED = (*TOKENS, SPANS, np.arange(5), *LINKS, *KNOWN)


@pytest.mark.parametrize(
    ("at", "array", "error"),
    [
        (0, np.zeros(66, np.int64), TypeError),
        (1, np.zeros(65, np.uint64), ValueError),
        (2, np.zeros(65, np.uint8), ValueError),
        (3, SPANS.astype(np.int32), TypeError),
        (3, SPANS + 1, ValueError),
        (3, SPANS - 1, ValueError),
        (3, SPANS[:, ::-1].copy(), ValueError),
        (4, np.array([5]), ValueError),
        (4, np.array([-1]), ValueError),
        (5, np.array([0, 1, 2]), ValueError),
        (5, np.array([0, 1, 2, 2, 2, 3]), ValueError),
        (5, np.array([0, 2, 1, 2, 2, 2]), ValueError),
        (6, np.array([1, 5]), ValueError),
        (6, np.array([1]), ValueError),
        (7, np.array([0, 1]), ValueError),
        (7, np.array([0, -1]), ValueError),
        (7, np.array([0]), ValueError),
        (8, np.ones(2, np.uint8), TypeError),
        (8, np.ones(1, np.bool_), ValueError),
        (9, np.full(4, -1), ValueError),
        (10, np.zeros(6), ValueError),
        (10, np.zeros(5, np.float32), TypeError),
    ],
)
def test_links_that_do_not_fit_are_refused(at, array, error):
    arrays = list(GATHERED)
    _core.gather_families(*arrays, 0.5)
    arrays[at] = array
    with pytest.raises(error):
        _core.gather_families(*arrays, 0.5)


@pytest.mark.parametrize(
    ("bounds", "members"),
    [([0, 6], [2, 0, 3, 1, 4]), ([0, 0, 5], [2, 0, 3, 1, 4]), ([3, 0], [2, 0, 3, 1, 4]),
     ([-1, 2], [0, 1]), ([0, 2], [0, 5]), ([0, 2], [-1, 0]), ([], [])],
)  # fmt: skip
def test_families_that_do_not_fit_are_refused(bounds, members):
    columns = *TOKENS, SPANS, *_families(bounds, members)[:2]
    with pytest.raises(ValueError, match=r"bounds|members"):
        _core.project_inwards(*columns, np.array([[0, 1]]))
    with pytest.raises(ValueError, match=r"bounds|members"):
        _core.project_outwards(*columns, np.array([[0, 1, 26, 32]]), 1)
    with pytest.raises(ValueError, match=r"bounds|members"):
        _core.measure_places(*columns, np.array([[0, 1, 2]]))


def test_what_is_projected_outside_is_refused():
    columns = *TOKENS, SPANS, *TWO[:2]
    for nested in ([[0, 5]], [[-1, 0]], [[0, 1, 2]]):
        with pytest.raises(ValueError, match="nested"):
            _core.project_inwards(*columns, np.array(nested))
    for inner in (
        [[2, 1, 26, 32]],
        [[0, -1, 26, 32]],
        [[0, 1, 32, 26]],
        [[0, 1, 26, 67]],
        [[0, 1, 2]],
    ):
        with pytest.raises(ValueError, match="inner"):
            _core.project_outwards(*columns, np.array(inner), 1)
    with pytest.raises(ValueError, match="max_carried"):
        _core.project_outwards(*columns, np.array([[0, 1, 26, 32]]), -1)
    for projected in ([[2, 0, 1]], [[0, -1, 1]], [[0, 2, 1]], [[0, 0, 67]], [[0, 0]]):
        with pytest.raises(ValueError, match="projected"):
            _core.measure_places(*columns, np.array(projected))


def test_places_and_stretches_that_do_not_fit_are_refused():
    for pair in ((0, 5), (-1, 0)):
        with pytest.raises(ValueError, match="a and b"):
            _core.align_places(*TOKENS, SPANS, *pair)
    with pytest.raises(ValueError, match="hashes and flags"):
        _core.match_stems(*TOKENS[1:], TOKENS.stems, TOKENS.flags[1:])
    aligned = np.array([0])
    for stretch in ((-1, 1, 0, 1), (1, 0, 0, 1), (0, 1, -1, 1), (0, 1, 1, 0), (0, 2**32, 0, 1)):
        with pytest.raises(ValueError, match="stretch"):
            _core.project(aligned, *stretch)
    with pytest.raises(ValueError, match="aligned"):
        _core.project(aligned - 1, 0, 1, 0, 1)


def test_a_family_may_be_told_of_pairs_that_do_not_meet():
    """Nested pairs that lie apart, against what is promised, project nothing and read nothing."""
    apart = np.array([[0, 4], [1, 3], [3, 0]])
    assert not len(_core.project_inwards(*TOKENS, SPANS, *TWO[:2], apart))
    far = np.array([[0, 1, 0, 6], [0, 1, 60, 66]])
    found, _ = _core.project_outwards(*TOKENS, SPANS, *TWO[:2], far, 9)
    assert not len(found)


@st.composite
def _placed(draw):
    """Tokens, some of them function words or inflected, places in them, and families."""
    words = draw(st.lists(st.integers(0, 7), min_size=1, max_size=9))
    token = st.sampled_from([*words, 3, 11, 13]).map(
        lambda word: reference.Token(word, word // 2, word % 3 > 0)
    )
    runs = draw(st.lists(st.lists(token, min_size=1, max_size=9), min_size=1, max_size=3))
    tokens = [token for run in draw(st.lists(st.sampled_from(runs), min_size=1)) for token in run]
    ends = st.integers(0, min(len(tokens), 40))
    spans = draw(st.lists(st.tuples(ends, ends).map(sorted).map(tuple), min_size=1, max_size=7))
    place = st.integers(0, len(spans) - 1)
    families = draw(st.lists(st.lists(place, min_size=1, max_size=4), min_size=1, max_size=4))
    return tokens, spans, families


def _pass(tokens, spans, families):
    """Give what was drawn to a door."""
    hashes, stems, is_content = zip(*tokens, strict=True)
    flags = np.where(is_content, IS_CONTENT, 0).astype(np.uint8)
    bounds = np.cumsum([0, *map(len, families)])
    members = np.array([one for own in families for one in own], np.int64)
    columns = np.array(hashes, np.uint64), np.array(stems, np.uint64), flags
    return (*columns, np.array(spans, np.int64)), (bounds, members)


@law(300)
@given(_placed(), st.data())
def test_aligned_places_are_the_twin(placed, data):
    tokens, spans, _ = placed
    a, b = (data.draw(st.integers(0, len(spans) - 1)) for _ in "ab")
    aligned, identity = _core.align_places(*_pass(*placed)[0], a, b)
    parts = (tokens[slice(*spans[one])] for one in (a, b))
    assert (unpack(aligned), identity) == reference.align_places(*parts)


@law(200)
@given(_placed(), st.data())
def test_what_is_projected_inwards_is_the_twin(placed, data):
    columns, families = _pass(*placed)
    place = st.integers(0, len(placed[1]) - 1)
    nested = sorted(data.draw(st.sets(st.tuples(place, place), max_size=8)))
    found = _core.project_inwards(*columns, *families, np.array(nested, np.int64).reshape(-1, 2))
    assert list(map(tuple, found.tolist())) == reference.project_inwards(*placed, nested)


@law(200)
@given(_placed(), st.data(), st.integers(0, 2))
def test_what_is_projected_outwards_is_the_twin(placed, data, max_carried):
    """Each family at most once in another, at a part of its representative."""
    _, spans, families = placed
    inner = []
    for outer, members in enumerate(families):
        low, high = spans[members[0]]
        part = st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted)
        drawn = sorted(data.draw(st.sets(st.integers(0, len(families) - 1))))
        inner += [(outer, family, *data.draw(part)) for family in drawn]
    columns, gathered = _pass(*placed)
    rows = np.array(inner, np.int64).reshape(-1, 4)
    found, n_capped = _core.project_outwards(*columns, *gathered, rows, max_carried)
    expected = reference.project_outwards(*placed, inner, max_carried)
    assert (list(map(tuple, found.tolist())), n_capped) == expected


@law(200)
@given(_placed(), st.data())
def test_measured_places_are_the_twin(placed, data):
    tokens, spans, families = placed
    ends = st.integers(0, len(tokens))
    row = st.tuples(st.integers(0, len(families) - 1), st.tuples(ends, ends).map(sorted))
    rows = [(family, *span) for family, span in data.draw(st.lists(row, max_size=5))]
    columns, gathered = _pass(*placed)
    projected = np.array(rows, np.int64).reshape(-1, 3)
    assert _core.measure_places(*columns, *gathered, projected).tolist() == [
        reference.measure_place(tokens, spans, families[family], span) for family, *span in rows
    ]
