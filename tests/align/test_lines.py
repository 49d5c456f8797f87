"""Lines made from columns are those of the values, character by character."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.lines import overlap_lines
from dedup.align.overlap import OverlapTable
from dedup.align.relation import Relations
from dedup.align.table import EditTable, PassageTable, Speakers
from dedup.model import OPS, RELATIONS, ROLES
from dedup.model.article import Article
from dedup.render import json

SHARES = st.one_of(st.sampled_from([0.0, 0.00004, 0.99996, 1.0]), st.floats(0, 1))
SCORES = st.one_of(st.sampled_from([0.5, 0.999, 1e5]), st.floats(0, 1e6))
NAMES = st.one_of(st.none(), st.text(max_size=8))
ESCAPED = st.sampled_from('\x7f\x85\u2028\ud800"\\\n')
TEXTS = st.text(st.one_of(st.characters(), ESCAPED), max_size=60)


def bounds(draw: st.DrawFn, n: int, most: int) -> np.ndarray:
    counts = draw(st.lists(st.integers(0, most), min_size=n, max_size=n))
    return np.cumsum([0, *counts])


def rows(draw: st.DrawFn, n: int, *columns: st.SearchStrategy) -> list[tuple]:
    return draw(st.lists(st.tuples(*columns), min_size=n, max_size=n))


@st.composite
def spans(draw: st.DrawFn, text: str) -> tuple[int, int]:
    start = draw(st.integers(0, len(text)))
    return start, draw(st.integers(start, len(text)))


@st.composite
def tables(draw: st.DrawFn) -> tuple[OverlapTable, list[Article], list[bool]]:
    articles = [Article(draw(st.text(min_size=1)), draw(TEXTS)) for _ in range(3)]
    n_pairs = draw(st.integers(0, 3))
    pairs = np.array(rows(draw, n_pairs, st.integers(0, 2), st.integers(0, 2)), np.int64)
    of_pairs = bounds(draw, n_pairs, 3)
    n = int(of_pairs[-1])
    owners = np.repeat(np.arange(n_pairs), np.diff(of_pairs))
    chars = [
        sum((draw(spans(articles[side].text)) for side in pairs[owner].tolist()), ())
        for owner in owners.tolist()
    ]
    of_edits = bounds(draw, n, 4)
    number = st.integers(0, 1 << 40)
    changes = rows(
        draw,
        int(of_edits[-1]),
        st.integers(0, len(OPS) - 1),
        st.tuples(*4 * [number]),
        st.booleans(),
    )
    ops, places, facts = zip(*changes, strict=True) if changes else ((), (), ())
    places = np.array(places, np.int64).reshape(-1, 4)
    edits = EditTable(of_edits, np.array(ops, np.int64), places, places, np.array(facts, np.bool_))
    words = rows(draw, n, st.integers(1, 9), st.integers(0, 9))
    n_words = np.array([most for most, _ in words], np.int64)
    n_kept = np.array([min(kept, most) for most, kept in words], np.int64)
    passages = PassageTable(
        pairs.reshape(-1, 2),
        of_pairs,
        np.array(chars, np.int64).reshape(-1, 4),
        np.array(chars, np.int64).reshape(-1, 4),
        np.array([score for (score,) in rows(draw, n, SCORES)]),
        np.array([share for (share,) in rows(draw, n, SHARES)]),
        n_words,
        n_kept,
        np.array([one for (one,) in rows(draw, n, st.booleans())], np.bool_),
        np.array([one for (one,) in rows(draw, n, st.integers(0, len(ROLES) - 1))], np.uint8),
        [
            Speakers(*one)
            for one in rows(draw, n, NAMES, NAMES, st.sampled_from([None, True, False]))
        ],
        edits,
    )
    shares = np.array(rows(draw, n_pairs, *6 * [SHARES]), np.float64).reshape(-1, 6)
    named = [one for (one,) in rows(draw, n_pairs, st.integers(0, len(RELATIONS) - 1))]
    relations = Relations(shares[:, :2], np.array(named, np.int64), {})
    table = OverlapTable(passages, shares[:, 2], shares[:, 3:5], relations, shares[:, 5])
    return table, articles, rows(draw, n_pairs, st.booleans(), st.booleans())


@given(tables())
def test_lines_are_those_of_the_values(
    drawn: tuple[OverlapTable, list[Article], list[tuple[bool, bool]]],
) -> None:
    table, articles, drawn_marks = drawn
    marks = np.array(drawn_marks, np.bool_).reshape(-1, 2).T.copy()
    slow = [json.line(one.to_dict()) for one in table.read(articles, *marks.tolist())]
    assert list(overlap_lines(table, articles, *marks)) == slow
