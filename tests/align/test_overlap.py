"""Coverage against a set of characters, and the relation that is read off it."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.align.overlap import Pieces, cover, sum_up
from dedup.align.table import AlignedTexts, EditTable, PassageTable, Speakers
from dedup.model import Passage
from dedup.model.article import Article, Span
from dedup.params import OverlapParams
from dedup.text.tokenize import tokenize
from tests.reference import overlap as reference
from tests.strategies import law

SPANS = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
# Pieces of an article, in order and apart.
PIECES = st.lists(st.integers(1, 9), min_size=2, max_size=8).map(
    lambda steps: [(sum(steps[:at]), sum(steps[: at + 1])) for at in range(1, len(steps), 2)]
)


def _pieces(*articles) -> Pieces:
    spans = np.array([piece for own in articles for piece in own], np.uint32).reshape(-1, 2)
    return Pieces(spans, np.cumsum([0, *map(len, articles)]))


def _coverage(spans, pieces):
    """Of an article between two others, which the spans do not touch."""
    every = np.array(spans, np.int64).reshape(-1, 2)
    owners = np.ones(len(every), np.int64)
    before, found, behind = cover(every, owners, _pieces([(0, 40)], pieces, [(0, 40)])).tolist()
    assert before == behind == 0.0
    return found


def _overlap(pieces, spans, jaccard=0.5):
    n, chars = len(spans), np.array(spans, np.int64).reshape(-1, 4)
    words, nothing = np.full(n, 8), np.empty(0, np.int64)
    table = PassageTable(
        np.array([[0, 1]]), np.array([0, n]), chars, chars, np.full(n, 20.0), np.full(n, 0.9),
        words, words, np.zeros(n, np.bool_), np.zeros(n, np.uint8), [Speakers()] * n,
        EditTable(
            np.zeros(n + 1, np.int64), nothing, chars[:0], chars[:0], nothing.astype(np.bool_)
        ),
    )  # fmt: skip
    jaccards = np.array([jaccard])
    source = AlignedTexts(["one", "two"], tokenize(["one", "two"]))
    found = sum_up(table, source, _pieces(*pieces), jaccards, OverlapParams())
    (overlap,) = found.read([Article("x", ""), Article("y", "")])
    return overlap


@law(300)
@given(st.lists(SPANS, max_size=6), PIECES)
@example([Span(0, 10), Span(2, 4), Span(6, 12)], [(0, 12)])
@example([Span(0, 4), Span(4, 8)], [(2, 20)])
@example([Span(0, 20), Span(3, 12)], [(0, 2), (4, 8), (10, 11)])
def test_coverage_is_the_twin(spans, pieces):
    assert _coverage(spans, pieces) == reference.coverage(spans, pieces)


@law(100)
@given(st.lists(SPANS, max_size=6), SPANS, PIECES)
def test_one_span_more_covers_no_less(spans, more, pieces):
    assert _coverage(spans, pieces) <= _coverage([*spans, more], pieces) <= 1.0


def test_nothing_is_covered_of_an_article_without_words():
    assert _coverage([], []) == 0.0
    assert _coverage([Span(0, 5)], []) == 0.0


def test_an_overlap_has_ids_passages_and_coverages():
    a, b = Span(5, 85), Span(31, 110)
    found = _overlap(([(5, 105)], [(10, 110)]), [(a, b)], 0.25)
    assert (found.a, found.b, found.jaccard) == ("x", "y", 0.25)
    assert (found.coverage_a, found.coverage_b) == (0.8, 0.79)
    assert found.passages == (Passage(a, b, 1.0, 0.9, 20.0, 8, "verbatim", "text", False, "", ""),)
    assert found.similarity == 0.25 / 2  # no edit keeps a word


def test_passages_that_overlap_are_counted_once():
    spans = [(Span(0, 6), Span(0, 6)), (Span(3, 8), Span(0, 6))]
    found = _overlap(([(0, 10)], [(0, 10)]), spans)
    assert (found.coverage_a, found.coverage_b) == (0.8, 0.6)
