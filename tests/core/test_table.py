"""Columns, roles and sums of passages: the core against its slow twin."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.model import OPS
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DIGIT,
    IS_QUOTED,
    IS_SPACELESS,
    IS_STOP,
)
from tests.reference.table import (
    Edit,
    Pair,
    Passage,
    Word,
    has_figures,
    role,
    rows,
    split_numbers,
    sums,
)
from tests.strategies import law

KINDS = [0, IS_CONTENT, IS_STOP, IS_DIGIT, IS_DIGIT, IS_CONTENT | IS_CAPITAL, IS_QUOTED,
         IS_CONTENT | IS_QUOTED, IS_SPACELESS | IS_CONTENT]  # fmt: skip
# Hash, flags, role, space before the word, and its length.
WORDS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(KINDS), st.integers(0, 3), st.integers(0, 2),
        st.integers(1, 3),
    ),
    max_size=12,
)  # fmt: skip


def _article(drawn):
    ends = list(accumulate(space + size for *_, space, size in drawn))
    return [
        Word(word, end - size, end, int(kind), role)
        for (word, kind, role, _, size), end in zip(drawn, ends, strict=True)
    ]


ARTICLES = st.lists(WORDS.map(_article), min_size=1, max_size=4)


@st.composite
def found_pairs(draw):
    articles = draw(ARTICLES)
    number = st.integers(0, len(articles) - 1)

    def spans(lows, highs, least):
        drawn = []
        for low, high in zip(lows, highs, strict=True):
            start = draw(st.integers(low, high - least))
            drawn += [start, draw(st.integers(start + least, high))]
        return tuple(drawn)

    def passage(pair):
        own = spans((0, 0), [len(articles[one]) for one in pair.given], 1)
        n = draw(st.integers(0, 4))
        inside = [spans(own[::2], own[1::2], 0) for _ in range(n)]
        return Passage(own, [Edit(draw(st.sampled_from(OPS)), one) for one in inside])

    def passages(pair):
        most = 3 if articles[pair.a] and articles[pair.b] else 0
        return [passage(pair) for _ in range(draw(st.integers(0, most)))]

    bare = draw(st.lists(st.builds(Pair, number, number, st.booleans(), st.just([])), max_size=3))
    return articles, [pair._replace(passages=passages(pair)) for pair in bare]


def _table(values, n_columns):
    return np.array(values, np.int64).reshape(-1, n_columns)


def _bounds(lists):
    return np.cumsum([0, *map(len, lists)])


def _tokens(articles):
    """Return the offsets, columns and roles of articles."""
    every = [word for words in articles for word in words]
    hashes = np.array([word.hash for word in every], np.uint64)
    starts, ends = (np.array([word[at] for word in every], np.uint32) for at in (1, 2))
    flags, roles = (np.array([word[at] for word in every], np.uint8) for at in (3, 4))
    return _bounds(articles), (hashes, hashes, starts, ends, flags), roles


def _found(pairs):
    passages = [passage for pair in pairs for passage in pair.passages]
    edits = [(OPS.index(op), *spans) for one in passages for op, spans in one.edits]
    return (
        _table([pair[:2] for pair in pairs], 2),
        np.array([pair.is_swapped for pair in pairs], np.bool_),
        _bounds([pair.passages for pair in pairs]),
        _table([one.spans for one in passages], 4),
        _bounds([one.edits for one in passages]),
        _table(edits, 5),
    )


@law(300)
@given(found_pairs())
def test_split_numbers_are_those_of_the_twin(drawn):
    offsets, columns, _ = _tokens(drawn[0])
    found = _core.find_split_numbers(_found(drawn[1]), offsets, *columns)
    assert list(map(tuple, found.tolist())) == list(split_numbers(*drawn))


TELLING = np.array([0], np.uint64), np.array([1], np.uint64), 3


@law(300)
@given(found_pairs())
def test_columns_are_those_of_the_twin(drawn):
    """Words 0 deny, words 1 are numbers."""
    offsets, columns, _ = _tokens(drawn[0])
    *found, bounds, ops, tokens, chars, marks = _core.fill_columns(
        _found(drawn[1]), offsets, *columns, *TELLING
    )
    wanted = list(rows(*drawn))
    edits = [edit for one in wanted for edit in one.edits]
    assert [column.tolist() for column in found] == [
        [list(one[at]) if isinstance(one[at], tuple) else one[at] for one in wanted]
        for at in range(6)
    ]
    assert bounds.tolist() == _bounds([one.edits for one in wanted]).tolist()
    assert [OPS[op] for op in ops.tolist()] == [edit[0] for edit in edits]
    assert list(map(tuple, tokens.tolist())) == [edit[1] for edit in edits]
    assert chars.tolist() == [edit[2] for edit in edits]
    assert marks.tolist() == [edit[3] for edit in edits]


@law(300)
@given(found_pairs())
def test_the_side_that_came_first_does_not_matter(drawn):
    articles, pairs = drawn
    exchanged = {"inserted": "deleted", "deleted": "inserted"}

    def turn(passage):
        edits = [Edit(exchanged.get(op, op), own[2:] + own[:2]) for op, own in passage.edits]
        return Passage(passage.spans[2:] + passage.spans[:2], edits)

    turned = [
        pair._replace(is_swapped=not pair.is_swapped, passages=list(map(turn, pair.passages)))
        for pair in pairs
    ]
    offsets, columns, _ = _tokens(articles)
    found, other = (
        _core.fill_columns(_found(one), offsets, *columns, *TELLING) for one in (pairs, turned)
    )
    assert [one.tolist() for one in found] == [one.tolist() for one in other]


@law(300)
@given(found_pairs())
def test_roles_are_those_of_the_twin(drawn):
    articles, pairs = drawn
    offsets, columns, roles = _tokens(articles)
    own = [(pair.given, passage.spans) for pair in pairs for passage in pair.passages]
    found, are_figures = _core.find_roles(
        _table([given for given, _ in own], 2), _table([spans for _, spans in own], 4),
        offsets, columns[4], roles, (0.6, 0.5, 2, 4),
    )  # fmt: skip
    sides = [
        (articles[a][spans[0] : spans[1]], articles[b][spans[2] : spans[3]])
        for (a, b), spans in own
    ]
    assert found.tolist() == [role(*words) for words in sides]
    assert are_figures.tolist() == [all(map(has_figures, words)) for words in sides]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_what_is_no_share_is_refused(place, share):
    limits = [0.6, 0.5, 2, 4]
    limits[place] = share
    nothing = np.empty(0, np.uint8)
    with pytest.raises(ValueError, match="share"):
        _core.find_roles(
            _table([], 2), _table([], 4), np.zeros(1, np.int64), nothing, nothing, tuple(limits)
        )


PIECES = st.lists(st.integers(0, 60), max_size=8, unique=True).map(
    lambda places: list(zip(sorted(places)[::2], sorted(places)[1::2], strict=False))
)


@law(300)
@given(found_pairs(), st.data())
def test_sums_are_those_of_the_twin(drawn, data):
    articles, pairs = drawn
    passages = list(rows(articles, pairs))
    pieces = [data.draw(PIECES) for _ in articles]
    is_counted = [data.draw(st.booleans()) for _ in passages]
    bounds, edits = _found(pairs)[2], [edit for one in passages for edit in one.edits]
    offsets, _, roles = _tokens(articles)
    coverages, text_shares, shared, word_bounds, is_shared, is_text = _core.sum_up_pairs(
        (
            _table([pair[:2] for pair in pairs], 2),
            bounds,
            _table([one.chars for one in passages], 4),
            np.array(is_counted, np.bool_),
            np.array([one.n_kept for one in passages], np.int64),
            _bounds([one.edits for one in passages]),
            np.array([OPS.index(edit[0]) for edit in edits], np.int64),
            _table([edit[1] for edit in edits], 4),
        ),
        *(offsets, roles),
        np.array([span for own in pieces for span in own], np.uint32).reshape(-1, 2),
        _bounds(pieces),
    )
    wanted = [
        sums(articles, pair, passages[low:high], is_counted[low:high], pieces)
        for pair, (low, high) in zip(pairs, pairwise(bounds.tolist()), strict=True)
    ]
    assert coverages.tolist() == [one.coverages for one in wanted]
    assert text_shares.tolist() == [one.text_share for one in wanted]
    assert shared.tolist() == [one.shared for one in wanted]
    words = list(zip(is_shared.tolist(), is_text.tolist(), strict=True))
    assert [words[low:high] for low, high in pairwise(word_bounds.tolist())] == [
        side for one in wanted for side in one.words
    ]


WORD = [Word(0, 0, 3, 0, 0)]


@pytest.mark.parametrize("spans", [(0, 2, 0, 1), (0, 1, -1, 1), (0, 0, 0, 1), (1, 0, 0, 1)])
def test_passages_that_are_outside_or_empty_are_refused(spans):
    offsets, columns, _ = _tokens([WORD, WORD])
    found = _found([Pair(0, 1, False, [Passage(spans, [])])])
    with pytest.raises(ValueError, match="outside, or empty"):
        _core.fill_columns(found, offsets, *columns, *TELLING)


@pytest.mark.parametrize("spans", [(1, 3, 1, 2), (0, 2, 1, 2), (1, 2, 1, 3), (1, 2, 0, 2)])
def test_edits_outside_their_passage_are_refused(spans):
    offsets, columns, _ = _tokens([3 * WORD, 3 * WORD])
    found = _found([Pair(0, 1, False, [Passage((1, 2, 1, 2), [Edit("kept", spans)])])])
    with pytest.raises(ValueError, match="edits"):
        _core.find_split_numbers(found, offsets, *columns)
