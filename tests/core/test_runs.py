"""Runs of equal words: the automaton against every place compared with every other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import _core
from dedup.text.tokenize import tokenize
from tests.reference.runs import find_runs
from tests.reference.sides import arrange
from tests.strategies import law

WORDS = st.lists(st.integers(0, 3), max_size=30)
PARTS = st.sets(st.integers(0, 30), max_size=4).map(sorted)
CUTS = st.sets(st.integers(1, 29), max_size=3).map(sorted)


def _find(a, cuts_a, b, cuts_b, parts_b, min_words):
    streams = (arrange([(word, word, 128) for word in words]) for words in (a, b))
    first, second = streams
    cuts = (np.array(one, np.int64) for one in (cuts_a, cuts_b))
    parts = np.array(parts_b, np.int64).reshape(-1, 2)
    found = _core.find_runs(first, next(cuts), second, next(cuts), parts, min_words)
    return list(map(tuple, found.tolist()))


@law(300)
@given(WORDS, CUTS, WORDS, CUTS, PARTS, st.integers(1, 6))
def test_runs_are_the_twin(a, cuts_a, b, cuts_b, parts_b, min_words):
    cuts_a, cuts_b = ([cut for cut in cuts if cut < len(words)]
                      for cuts, words in ((cuts_a, a), (cuts_b, b)))  # fmt: skip
    ends = [*(end for end in parts_b if end < len(b)), len(b)]
    parts = [(low, high) for low, high in zip(ends[::2], ends[1::2], strict=False) if low < high]
    expected = find_runs(a, cuts_a, b, cuts_b, parts, min_words)
    assert _find(a, cuts_a, b, cuts_b, parts, min_words) == expected


@law(100)
@given(WORDS, WORDS)
def test_every_span_of_both_lies_in_a_run(a, b):
    runs = _find(a, [], b, [], [(0, len(b))] if b else [], 3)
    for p in range(len(a)):
        for end in range(p + 3, len(a) + 1):
            if any(a[p:end] == b[q : q + end - p] for q in range(len(b))):
                assert any(one <= p and end <= one + n for one, _, n in runs)


@pytest.mark.parametrize("word", [1, 2])
def test_one_word_without_end_is_linear(word):
    """A matcher that tries every place against every other would not come back."""
    n = 200_000
    a = [word] * n
    assert _find(a, [], [1] * n, [], [(0, n)], 5) == ([(0, 0, n)] if word == 1 else [])


SENTENCES = (
    "The harbor board approved a ferry terminal at the north pier on Tuesday night.",
    "Engineers will drain the lower reservoir before autumn, the water company said.",
    "A spokesman declined to say which of the three bidders had withdrawn from it.",
    "The of and to in a that it is was for on with as at by from his her they.",
    "Read more. Read more. Read more. Read more. Read more. Read more. Read more.",
)


@law(60)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8),
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8),
)
def test_what_is_equal_word_for_word_lies_in_a_passage(first, second):
    """The guarantee of the default: 12 words, 4 of them content words, on either side."""
    texts = " ".join(first), "\n\n".join(second)
    passages = dedup.compare(*texts).passages
    tokens = tokenize(texts)
    bounds = tokens.offsets
    words = [tokens.hashes[bounds[side] : bounds[side + 1]].tolist() for side in (0, 1)]
    chars = [
        list(zip(tokens.starts[part].tolist(), tokens.ends[part].tolist(), strict=True))
        for part in (slice(bounds[0], bounds[1]), slice(bounds[1], bounds[2]))
    ]
    content = tokens.flags >= 128
    for side in (0, 1):
        other = {tuple(words[1 - side][q : q + 12]) for q in range(len(words[1 - side]) - 11)}
        for p in range(len(words[side]) - 11):
            run = tuple(words[side][p : p + 12])
            if run not in other or content[bounds[side] + p : bounds[side] + p + 12].sum() < 4:
                continue
            start, end = chars[side][p][0], chars[side][p + 11][1]
            assert any(
                (one.a, one.b)[side].start <= start
                and end <= (one.a, one.b)[side].end
                and _holds(words[1 - side], chars[1 - side], (one.b, one.a)[side], run)
                for one in passages
            ), (side, texts[side][start:end])


def _holds(words, chars, span, run):
    inside = [
        word for word, (start, end) in zip(words, chars, strict=True)
        if span.start <= start and end <= span.end
    ]  # fmt: skip
    return any(tuple(inside[q : q + len(run)]) == run for q in range(len(inside)))
