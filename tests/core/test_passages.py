"""Whole searches of two articles against the twins of all their steps, one after another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.params import PRESETS
from dedup.text import tables
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DENSE,
    IS_QUOTED,
    IS_SPACELESS,
    IS_STOP,
)
from tests.reference import evidence, words
from tests.reference import passages as reference
from tests.reference.sides import Stream, arrange, number_streams, streams, unpack
from tests.strategies import law, news_pair, token_pair

OPS = ("kept", "inflected", "substituted", "inserted", "deleted", "moved")
WORD_BY_WORD = ("kept", "inflected", "moved")
IDF = np.full(1 << 21, 40, np.uint8)
IDF[:8] = 8 + 11 * np.arange(8)
CUTS = st.sets(st.integers(1, 30), max_size=2).map(sorted)


@st.composite
def searches(draw):
    """Scalars of a search under which even a few words may be a passage."""
    search = make_scalars(PRESETS[draw(st.sampled_from(sorted(PRESETS)))].align)
    return search._replace(
        max_gap=draw(st.sampled_from([3, 8, search.max_gap])),
        min_candidate=draw(st.sampled_from([4.0, search.min_candidate])),
        max_extension=draw(st.sampled_from([0, 3, search.max_extension])),
        min_score=draw(st.sampled_from([4.0, 9.0, search.min_score])),
        min_chars=draw(st.sampled_from([0, search.min_chars])),
        min_run=draw(st.sampled_from([4, search.min_run])),
        x_drop=draw(st.sampled_from([3.0, search.x_drop])),
        max_bridge=draw(st.sampled_from([3.0, 40.0])),
        min_shared=draw(st.sampled_from([0.0, 0.1, 0.5])),
        abridged_ratio=draw(st.sampled_from([0.0, 1.0, 1.5, 3.5])),
        related_share=draw(st.sampled_from([0.0, search.related_share, 1.0])),
        min_odds=draw(st.sampled_from([-np.inf, 0.0, 1.0])),
    )


def _limits(search, floor):
    return search.order_penalty, floor, search.min_candidate, search.chance_rate, floor


def _tuples(table):
    return list(map(tuple, table.tolist()))


def _read(pair):
    return *words.read_pair(pair), unpack(_core.weigh_pair(pair)[-1])


@law(80)
@given(token_pair(), searches())
def test_stretches_are_the_twin(tokens, search):
    """Chains, unordered clusters, and abridgements, before their ends are moved."""
    pair = number_streams(*map(arrange, tokens), IDF)
    a, b, matches = _read(pair)
    limits = reference.Limits(*_limits(search, 5.0))
    boxes = reference.split(a, b, matches, search.max_gap, search.min_candidate)
    columns = pair, search.max_gap, search.min_candidate, tuple(limits)
    assert _tuples(_core.find_chains(*columns)) == reference.find_chains(
        a, b, matches, boxes, limits
    )
    assert _tuples(_core.find_clusters(*columns)) == reference.find_clusters(a, b, boxes, limits)
    found = _core.find_abridged(pair, search)
    assert _tuples(found) == reference.find_abridged(a, b, matches, search)


def test_a_box_is_chained_three_times():
    """Of four runs in reverse order the fourth is left to the unordered cluster."""
    runs = [[(at, at, 128) for at in range(4 * run, 4 * run + 4)] for run in range(4)]
    a, b = ([token for run in order for token in run] for order in (runs, runs[::-1]))
    pair = number_streams(arrange(a), arrange(b), np.full(1 << 21, 40, np.uint8))
    limits = reference.Limits(0.15, 5.0, 4.0, 0.1, -1.0)
    texts = _read(pair)
    expected = reference.find_chains(*texts, reference.split(*texts, 30, 0.0), limits)
    assert _tuples(_core.find_chains(pair, 30, 0.0, tuple(limits))) == expected
    assert len(expected) == reference.MAX_MOVES == 3


def _check_candidates(tokens, cuts_a, cuts_b, search):
    streams = tuple(map(arrange, tokens))
    cuts = [np.array(own, np.int64) for own in (cuts_a, cuts_b)]
    found, floor = _core.judge(*streams, *cuts, IDF, search, True)
    texts = words.number(*map(words.read, streams), IDF)
    expected = reference.judge(*texts, (cuts_a, cuts_b), search)
    stretches, origins, scores, verdicts = found
    assert _tuples(stretches) == [one.stretch for one in expected]
    assert origins.tolist() == [one.origin for one in expected]
    assert scores.tolist() == pytest.approx([one.score for one in expected], abs=1e-6)
    assert verdicts.tolist() == [one.verdict for one in expected]
    least = evidence.floor(*map(len, texts), search.min_score, search.slope)
    assert floor == pytest.approx(least)


@law(80)
@given(token_pair(), CUTS, CUTS, searches())
def test_candidates_are_the_twin(tokens, cuts_a, cuts_b, search):
    _check_candidates(tokens, cuts_a, cuts_b, search)


@st.composite
def planted_pair(draw):
    """Two articles of other words, but for short runs, some of them quoted or of names."""
    kinds = st.sampled_from(
        [
            IS_STOP,
            IS_CONTENT,
            IS_CONTENT,
            IS_CONTENT | IS_CAPITAL,
            IS_DENSE,
            IS_DENSE | IS_SPACELESS,
        ]
    )
    runs, word = [], 0
    for _ in range(draw(st.integers(1, 3))):
        flags = draw(st.lists(kinds, min_size=5, max_size=9))
        runs.append([(word + at, word + at, flag) for at, flag in enumerate(flags)])
        word += len(flags)
    texts = []
    for first in (100, 200):
        text = []
        for run in draw(st.permutations(runs)):
            n_own = draw(st.integers(0, 4))
            text += [(first + len(text) + at,) * 2 + (IS_CONTENT,) for at in range(n_own)]
            quoted = IS_QUOTED * draw(st.booleans())
            text += [(form, stem, flag | quoted) for form, stem, flag in run]
        texts.append(text)
    return texts


@law(100)
@given(planted_pair(), CUTS, CUTS, st.sampled_from([-np.inf, 0.0]))
def test_short_runs_are_the_twin(tokens, cuts_a, cuts_b, min_odds):
    search = make_scalars(PRESETS["news"].align)._replace(min_odds=min_odds, min_chars=0)
    _check_candidates(tokens, cuts_a, cuts_b, search)


def _collect(streams):
    """Tokens of some articles as one column after the other, and where each starts."""
    columns = Stream(*map(np.concatenate, zip(*streams, strict=True)))
    return np.cumsum([0, *(len(one.hashes) for one in streams)]), columns


def _script(rows):
    """Edits by name; runs of words that stay word by word."""
    found = []
    for op, p, p_end, q, q_end in rows:
        own, other = list(range(p, p_end)), list(range(q, q_end))
        if OPS[op] in WORD_BY_WORD:
            found += [(OPS[op], [x], [y]) for x, y in zip(own, other, strict=True)]
        else:
            found.append((OPS[op], own, other))
    return sorted(found)


def _compare(rows, figures, edits, expected):
    """Compare passages with those of the twin, in order, and what is told of each."""
    assert _tuples(rows[:, :4]) == [one.stretch for one in expected]
    first = 0
    for row, (score, identity, quoted, odds), one in zip(
        rows.tolist(), figures.tolist(), expected, strict=True
    ):
        assert score == pytest.approx(one.score, rel=1e-5)
        assert (identity, quoted) == (one.identity, one.quoted)
        assert odds == pytest.approx(one.confidence, abs=1e-9)
        assert _script(edits[first : row[4]].tolist()) == sorted(one.edits)
        first = row[4]
    assert first == len(edits)


@law(60)
@given(st.lists(token_pair(), min_size=2, max_size=4), searches())
def test_a_pair_does_not_depend_on_those_aligned_before_it(pairs, search):
    offsets, columns = _collect([arrange(tokens) for pair in pairs for tokens in pair])

    def align(firsts, seconds):
        return _core.align_pairs(
            np.array(firsts), np.array(seconds), offsets, np.zeros(0, np.int64), *columns, IDF,
            search,
        )  # fmt: skip

    # Most articles are in one pair; the first is in the last again.
    firsts = [*range(0, 2 * len(pairs), 2), 0]
    seconds = [*range(1, 2 * len(pairs), 2), 2 * len(pairs) - 1]
    bounds, rows, figures, _ = align(firsts, seconds)
    for k, (a, b) in enumerate(zip(firsts, seconds, strict=True)):
        _, own_rows, own_figures, _ = align([a], [b])
        part = slice(*bounds[k : k + 2])
        assert rows[part, :4].tolist() == own_rows[:, :4].tolist()
        assert figures[part].tolist() == own_figures.tolist()


@law(80)
@given(token_pair(), CUTS, CUTS, searches())
def test_passages_are_the_twin(tokens, cuts_a, cuts_b, search):
    """Each way round, and each article with itself; cuts are those inside of an article."""
    pair = tuple(map(arrange, tokens))
    offsets, columns = _collect(pair)
    own = [
        [at for at in cuts if at < len(one.hashes)]
        for cuts, one in zip((cuts_a, cuts_b), pair, strict=True)
    ]
    cuts = np.concatenate([np.array(own[0], np.int64), len(pair[0].hashes) + np.array(own[1], int)])
    firsts, seconds = np.array([0, 1, 0, 1]), np.array([1, 0, 0, 1])
    bounds, rows, figures, edits = _core.align_pairs(
        firsts, seconds, offsets, cuts, *columns, IDF, search
    )
    texts = list(map(words.read, pair))
    for k, (a, b) in enumerate(zip(firsts, seconds, strict=True)):
        expected = reference.align(texts[a], texts[b], (own[a], own[b]), IDF, search)
        low, high = bounds[k : k + 2]
        ends = [0, *rows[:, 4].tolist()]
        mine = rows[low:high] - [0, 0, 0, 0, ends[low]]
        _compare(mine, figures[low:high], edits[ends[low] : ends[high]], expected)


@law(60)
@given(news_pair(), st.sampled_from(sorted(PRESETS)))
def test_passages_of_news_are_the_twin(texts, preset):
    search = make_scalars(PRESETS[preset].align)
    pair = streams(texts)
    offsets, columns = _collect(pair)
    _, *found = _core.align_pairs(
        np.array([0]), np.array([1]), offsets, np.zeros(0, np.int64), *columns,
        tables.idf(), search,
    )  # fmt: skip
    expected = reference.align(*map(words.read, pair), ((), ()), tables.idf(), search)
    _compare(*found, expected)


@law(60)
@given(token_pair(), searches())
def test_explanations_are_the_twin(tokens, search):
    pair = tuple(map(arrange, tokens))
    if not all(len(one.hashes) for one in pair):
        return
    offsets, columns = _collect(pair)
    n_anchors, boxes, floor, rows, figures, edits, *told = _core.explain_pair(
        0, 1, offsets, np.zeros(0, np.int64), *columns, IDF, search
    )
    texts = list(map(words.read, pair))
    expected = reference.explain(*texts, ((), ()), IDF, search)
    _compare(rows, figures, edits, expected)
    a, b = words.number(*texts, IDF)
    matches = reference.find_matches(a, b, search.window)
    every = reference.split(a, b, matches, search.max_gap, 0.0)
    assert n_anchors == len(matches)
    assert sorted(boxes) == pytest.approx(sorted(reference.weigh(a, b, box) for box in every))
    is_copy = any(one.origin == reference.COPY for one in expected)
    least = evidence.floor(len(a), len(b), search.min_score, search.slope)
    assert floor == (0 if is_copy else pytest.approx(least))
    names = "origin", "verdict", "longest", "chars"
    for column, name in zip(told, names, strict=False):
        assert column.tolist() == [getattr(one, name) for one in expected]
    assert told[-1].tolist() == pytest.approx(reference.cover(a, b, expected), abs=1e-5)
