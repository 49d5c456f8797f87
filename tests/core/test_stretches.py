"""Where the stretches of whole texts are found, and from where to where."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.prose import ProseWriter, load_lexicon
from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.params import AlignParams
from dedup.text.tables.kinds import IS_CONTENT
from dedup.text.tokenize import tokenize
from tests.reference import clusters
from tests.reference.sides import bag, number, unpack
from tests.strategies import law, news_pair

ALIGN = make_scalars(AlignParams())
SEEDS = st.integers(0, 500)


def _floor(pair):
    return _core.find_floor(len(pair.a.hashes), len(pair.b.hashes), ALIGN.min_score, ALIGN.slope)


def _find(texts, find=_core.find_chains, penalty=ALIGN.order_penalty):
    pair = number(texts)
    floor = _floor(pair)
    limits = penalty, floor, ALIGN.min_candidate, ALIGN.chance_rate, floor
    found = find(pair, ALIGN.max_gap, ALIGN.min_candidate, limits)
    return pair, list(map(tuple, found.tolist()))


def _prose(seed):
    return " ".join(" ".join(block) for block in ProseWriter(load_lexicon(), Random(seed)).blocks())


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
    _, chains = _find((_text(own[0], run, own[1]), _text(own[2], run, own[3])))
    p, q = around[0], around[2]
    assert chains == [(p, p + len(run), q, q + len(run))]


@law(60)
@given(SEEDS, st.integers(12, 30), st.integers(80, 200), st.sampled_from([8, 100]))
def test_what_foreign_text_parts_stays_apart(seed, n_words, n_apart, n_other):
    """On both sides or mostly on one: between two copies lies more than a passage is worth."""
    first, second = _planted(seed, n_words), _planted(seed + 501, n_words)
    a = _text(first, _foreign(seed, n_apart), second)
    b = _text(first, _foreign(seed + 1, n_other), second)
    _, chains = _find((a, b))
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
    _, chains = _find((a, b))
    p, q = len(first) + n_apart, len(second) + n_apart
    assert chains == [
        (0, len(first), q, q + len(first)),
        (p, p + len(second), 0, len(second)),
    ]


@law(100)
@given(news_pair())
def test_unordered_clusters_are_narrowed_and_merged(texts):
    """The twin: each box that has enough, narrowed by itself, then all of them merged."""
    pair, found = _find(texts, _core.find_clusters, ALIGN.unordered_penalty)
    a, b = pair.side_a, pair.side_b
    bags = bag(a, 0), bag(b, 1)
    boxes = []
    for box in clusters.split_clusters(unpack(pair.anchors), a.tokens, b.tokens, ALIGN.max_gap):
        if sum(min(bags[0][i][1], bags[1][j][1]) for i, j in box) < ALIGN.min_candidate:
            continue
        for i, i_end, j, j_end in clusters.narrow(
            box, *bags, ALIGN.unordered_penalty, _floor(pair), ALIGN.min_candidate
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
def test_shuffled_words_are_an_unordered_cluster(seed, n_words):
    words = sorted(set(_planted(seed, n_words)))
    shuffled = Random(seed).sample(words, len(words))
    own = [_foreign(2 * seed + at, 60) for at in range(2)]
    _, found = _find(
        (_text(own[0], words), _text(own[1], shuffled)),
        _core.find_clusters,
        ALIGN.unordered_penalty,
    )
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
        found = _core.find_abridged(pair, ALIGN)
        for p, p_end, q, q_end in found.tolist():
            widths = sorted((p_end - p, q_end - q))
            assert widths[1] >= ALIGN.abridged_ratio * widths[0]
            parts = [
                [
                    word
                    for token, word in zip(one.tokens.tolist(), bag(one, at), strict=True)
                    if low <= token < high
                ]
                for at, one, low, high in ((0, pair.side_a, p, p_end), (1, pair.side_b, q, q_end))
            ]
            assert clusters.measure(*parts)[1] >= ALIGN.abridged_cosine - 1e-5
