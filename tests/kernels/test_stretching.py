"""Where the stretches of whole texts are found, and from where to where."""

from dataclasses import astuple
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.prose import Writer, load_lexicon
from dedup.blocks import AlignParams
from dedup.kernels import stretching as kernel
from dedup.kernels.boxing import split_boxes
from dedup.kernels.evidence import find_floor
from dedup.stages.tokenize import tokenize
from dedup.tables.kinds import IS_CONTENT, STARTS_SENTENCE
from tests.reference import boxing
from tests.reference.sides import number, unpack
from tests.strategies import law, news_pair

ALIGN = AlignParams()
SEARCH = kernel.Search(*astuple(ALIGN))
SEEDS = st.integers(0, 500)


def _floor(pair):
    return find_floor(len(pair.a.hashes), len(pair.b.hashes), ALIGN.min_score, ALIGN.slope)


def _find(texts, find):
    pair = number(texts)
    order, bounds = split_boxes(
        pair.anchors, pair.side_a, pair.side_b, ALIGN.max_gap, ALIGN.min_stretch
    )
    found = find(pair, order, bounds, SEARCH, _floor(pair))
    return pair, list(map(tuple, found.tolist()))


def _prose(seed):
    return " ".join(" ".join(block) for block in Writer(load_lexicon(), Random(seed)).blocks())


def _planted(seed, n_words):
    """Words of prose; a content word at either end, since only these anchor."""
    words = [word for word in _prose(1000 + seed).split() if word.isalpha()]
    words = words[seed % 7 :]
    is_content = (tokenize(words).flags & IS_CONTENT) != 0
    first = int(np.argmax(is_content))
    last = n_words + int(np.argmax(is_content[n_words - 1 :]))
    return words[first:last]


def _foreign(seed, n_words):
    """Words that no other text has, in sentences of eight."""
    rng = Random(seed)
    words = [
        "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=9)) + "aeiou"[seed % 5]
        for _ in range(n_words)
    ]
    return [word + "." if at % 8 == 7 else word for at, word in enumerate(words)]


def _text(*parts):
    return " ".join(word for part in parts for word in part)


@law(100)
@given(SEEDS, st.integers(12, 60), st.lists(st.integers(0, 90), min_size=4, max_size=4))
def test_a_verbatim_run_is_one_chain_with_its_ends(seed, n_words, around):
    run = _planted(seed, n_words)
    own = [_foreign(5 * seed + at, n) for at, n in enumerate(around)]
    _, chains = _find((_text(own[0], run, own[1]), _text(own[2], run, own[3])), kernel.find_chains)
    p, q = around[0], around[2]
    assert chains == [(p, p + len(run), q, q + len(run))]


@law(60)
@given(SEEDS, st.integers(12, 30), st.integers(80, 200), st.sampled_from([8, 100]))
def test_what_foreign_text_parts_stays_apart(seed, n_words, n_apart, n_other):
    """On both sides or mostly on one: between two copies lies more than a passage is worth."""
    first, second = _planted(seed, n_words), _planted(seed + 501, n_words)
    a = _text(first, _foreign(seed, n_apart), second)
    b = _text(first, _foreign(seed + 1, n_other), second)
    _, chains = _find((a, b), kernel.find_chains)
    p, q = len(first) + n_apart, len(first) + n_other
    assert chains == [
        (0, len(first), 0, len(first)),
        (p, p + len(second), q, q + len(second)),
    ]


@law(60)
@given(SEEDS, st.integers(12, 30), st.integers(80, 200))
def test_what_changed_places_is_found_twice(seed, n_words, n_apart):
    first, second = _planted(seed, n_words), _planted(seed + 501, n_words)
    a = _text(first, _foreign(seed, n_apart), second)
    b = _text(second, _foreign(seed + 1, n_apart), first)
    _, chains = _find((a, b), kernel.find_chains)
    p, q = len(first) + n_apart, len(second) + n_apart
    assert chains == [
        (0, len(first), q, q + len(first)),
        (p, p + len(second), 0, len(second)),
    ]


@law(100)
@given(news_pair())
def test_free_boxes_are_narrowed_and_merged(texts):
    """The twin: each box that has enough, narrowed by itself, then all of them merged."""
    pair, found = _find(texts, kernel.find_free)
    a, b = pair.side_a, pair.side_b
    bags = [list(zip(one.stems.tolist(), one.bits.tolist(), strict=True)) for one in (a, b)]
    boxes = []
    for box in boxing.split_boxes(unpack(pair.anchors), a.tokens, b.tokens, ALIGN.max_gap):
        if sum(min(bags[0][i][1], bags[1][j][1]) for i, j in box) < ALIGN.min_stretch:
            continue
        for i, i_end, j, j_end in boxing.narrow(
            box, *bags, ALIGN.disorder_price, _floor(pair), ALIGN.min_stretch
        ):
            boxes.append(
                (a.tokens[i], a.tokens[i_end - 1] + 1, b.tokens[j], b.tokens[j_end - 1] + 1)
            )
    assert len(found) <= len(boxes)
    for p, p_end, q, q_end in boxes:
        assert any(p >= f[0] and p_end <= f[1] and q >= f[2] and q_end <= f[3] for f in found)
    for edge, choose in ((0, min), (1, max), (2, min), (3, max)):
        assert not boxes or choose(one[edge] for one in found) == choose(one[edge] for one in boxes)


@law(60)
@given(SEEDS, st.integers(30, 60))
def test_shuffled_words_are_a_free_box(seed, n_words):
    words = sorted(set(_planted(seed, n_words)))
    shuffled = Random(seed).sample(words, len(words))
    own = [_foreign(2 * seed + at, 60) for at in range(2)]
    _, found = _find((_text(own[0], words), _text(own[1], shuffled)), kernel.find_free)
    for p, p_end, q, q_end in found:
        assert 60 <= p < p_end <= 60 + len(words)
        assert 60 <= q < q_end <= 60 + len(words)


@law(40)
@given(news_pair(), st.integers(0, 30))
def test_abridgements_are_thin_on_one_side(texts, seed):
    """Whatever is shared, and where a summary takes three words of each sentence for sure."""
    long = _prose(seed)
    short = " ".join(
        " ".join(sentence.split()[2:7]) for sentence in long.split(". ") if "\n" not in sentence
    )
    for pair in (number(texts), number((short, long))):
        found = kernel.find_abridged(pair, SEARCH)
        for p, p_end, q, q_end in found.tolist():
            widths = sorted((p_end - p, q_end - q))
            assert widths[1] >= ALIGN.abridged_ratio * widths[0]
            parts = [
                [
                    (stem, bits)
                    for token, stem, bits in zip(side.tokens, side.stems, side.bits, strict=True)
                    if low <= token < high
                ]
                for side, low, high in ((pair.side_a, p, p_end), (pair.side_b, q, q_end))
            ]
            assert boxing.measure(*parts)[1] >= ALIGN.abridged_cosine - 1e-5


def _snap(rows, starts, n, most):
    flags = np.zeros(n, np.uint8)
    flags[sorted(starts)] = STARTS_SENTENCE
    stretches = np.array(sorted(rows), np.int64).reshape(-1, 4)
    snapped, cores = kernel.snap_stretches(stretches, flags, flags, most)
    return list(map(tuple, snapped.tolist())), list(map(tuple, cores.tolist()))


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1]))
ROWS = st.lists(st.tuples(SPANS, SPANS).map(lambda s: (*s[0], *s[1])), max_size=5)


@law(150)
@given(ROWS, st.sets(st.integers(0, 39)), st.integers(0, 6))
def test_snapped_stretches_hold_their_cores(rows, starts, most):
    snapped, cores = _snap(rows, starts, 40, most)
    assert len(snapped) == len(cores) <= len(rows)
    for one, core in zip(snapped, cores, strict=True):
        for side in (0, 2):
            assert core[side] - most <= one[side] <= core[side]
            assert core[side + 1] <= one[side + 1] <= core[side + 1] + most
    for p, p_end, q, q_end in rows:
        assert any(p >= c[0] and p_end <= c[1] and q >= c[2] and q_end <= c[3] for c in cores)


@law(60)
@given(news_pair(), st.integers(0, 12))
def test_completed_stretches_grow_to_sentences(texts, most):
    """On both sides of an end or on none, and no further than they may."""
    pair, rows = _find(texts, kernel.find_chains)
    before = np.array(rows, np.int64).reshape(-1, 4)
    after = before.copy()
    kernel.complete_sentences(pair, after, most)
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
