"""The second look at related articles, against its twin, and what it may find at all."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.params import AlignParams
from dedup.text import tables
from dedup.text.tables.kinds import STARTS_SENTENCE
from tests.reference import second_look as reference
from tests.reference import words
from tests.reference.scores import KEPT, REVISED, SECOND
from tests.reference.sides import NOTHING, Pair, arrange, number, number_streams, streams
from tests.strategies import law, news_pair, token_pair

IDF = np.full(1 << 21, 40, np.uint8)
IDF[:8] = 8 + 11 * np.arange(8)
FITTED = tables.second_look()
SEARCH = make_scalars(AlignParams())
CUTS = st.sets(st.integers(1, 40), max_size=4).map(sorted)
N_WORD_FEATURES = reference.N_WORD_WEIGHTS - 1


@st.composite
def weights(draw):
    """Fitted weights, with the words more or less likely to be reused, or any weights."""
    if draw(st.booleans()):
        shift = np.zeros(len(FITTED))
        shift[N_WORD_FEATURES] = draw(st.sampled_from([-3.0, 0.0, 2.0, 5.0]))
        return FITTED + shift
    one = st.integers(-12, 12).map(lambda quarters: quarters / 4)
    return np.array(draw(st.lists(one, min_size=len(FITTED), max_size=len(FITTED))))


PAIRS = token_pair(60).map(lambda tokens: number_streams(*map(arrange, tokens), IDF)) | (
    news_pair().map(number)
)


def _tuples(table):
    return list(map(tuple, table.tolist()))


def _swap(pair):
    a, b, side_a, side_b, cuts_a, cuts_b, anchors = pair
    swapped = np.sort((anchors & 0xFFFFFFFF) << 32 | anchors >> 32)
    return Pair(b, a, side_b, side_a, cuts_b, cuts_a, swapped)


@law(150)
@given(PAIRS, weights())
def test_a_second_look_is_the_twin(pair, weights):
    texts = words.read_pair(pair)
    sides = reference.look(*texts, weights.tolist())
    *found, stretches = _core.look_again(pair, weights)
    for (features, odds, reused, partners), side in zip(found, sides, strict=True):
        rows = np.array(side.features).reshape(-1, N_WORD_FEATURES)
        assert features.reshape(rows.shape) == pytest.approx(rows, abs=1e-9)
        assert odds == pytest.approx(np.array(side.odds), abs=1e-9)
        assert reused.tolist() == side.reused
        assert partners.tolist() == side.partners
    assert _tuples(stretches) == reference.find_stretches(*sides)


@law(60)
@given(PAIRS, weights())
def test_a_second_look_is_the_same_from_either_side(pair, weights):
    first, second, stretches = _core.look_again(pair, weights)
    *swapped, turned = _core.look_again(_swap(pair), weights)
    for one, other in zip((second, first), swapped, strict=True):
        for column, same in zip(one, other, strict=True):
            assert (column == same).all()
    assert sorted(_tuples(turned)) == sorted((q, v, p, u) for p, u, q, v in _tuples(stretches))


@law(100)
@given(PAIRS, weights())
def test_stretches_are_of_reused_words(pair, weights):
    """None is empty, each has a reused word with its partner, and no two adjoin."""
    a, b, found = _core.look_again(pair, weights)
    stretches = _tuples(found)
    assert stretches == sorted(stretches)
    for p, p_end, q, q_end in stretches:
        assert 0 <= p < p_end <= len(pair.a.hashes)
        assert 0 <= q < q_end <= len(pair.b.hashes)
        assert any(
            own[2][at] and theirs[0] <= own[3][at] < theirs[1]
            for own, mine, theirs in ((a, (p, p_end), (q, q_end)), (b, (q, q_end), (p, p_end)))
            for at in range(*mine)
        )
    for k, one in enumerate(stretches):
        near = stretches[max(k - reference.MAX_EARLIER, 0) : k]
        assert not any(reference.adjoin(one, other) for other in near)


def _weigh_states(text, odds, states):
    """What reused words weigh, less what the changes cost; before and behind are own words."""
    total, before = 0.0, False
    for p, is_reused in enumerate(states):
        total += odds[p] * is_reused
        total -= reference.cost_of_change(text, p) * (is_reused != before)
        before = is_reused
    return total - reference.CHANGE_COST * before


@law(80)
@given(token_pair(9), weights())
def test_no_other_states_of_the_words_weigh_more(tokens, weights):
    pair = number_streams(*map(arrange, tokens), IDF)
    sides = _core.look_again(pair, weights)[:2]
    for text, (_, odds, reused, _) in zip(words.read_pair(pair), sides, strict=True):
        best = max(
            _weigh_states(text, odds, states) for states in product((False, True), repeat=len(text))
        )
        assert _weigh_states(text, odds, reused.tolist()) == pytest.approx(best, abs=1e-9)


def _judge(pair, cuts, search):
    cuts = [np.array(own, np.int64) for own in cuts]
    (stretches, origins, _, verdicts), _ = _core.judge(*pair, *cuts, IDF, search, True)
    return list(zip(_tuples(stretches), origins.tolist(), verdicts.tolist(), strict=True))


EAGER = SEARCH._replace(
    min_score=4.0, min_candidate=4.0, min_chars=0, related_share=0.0, min_odds=-np.inf
)


@law(80)
@given(token_pair(60), CUTS, CUTS, weights())
def test_without_related_articles_nothing_changes(tokens, cuts_a, cuts_b, weights):
    """A share that no pair exceeds leaves all that the first look found, whatever the weights."""
    pair = tuple(map(arrange, tokens))
    cuts = cuts_a, cuts_b
    eager = EAGER._replace(min_run=1000)  # runs come after both looks
    never = eager._replace(related_share=1.0)
    first = _judge(pair, cuts, never)
    assert first == _judge(pair, cuts, never._replace(weights=weights))
    second = _judge(pair, cuts, eager._replace(weights=weights))
    old = [one for one in second if one[1] != SECOND]
    assert first == [(*one[:2], KEPT if one[2] == REVISED else one[2]) for one in old]


@law(80)
@given(token_pair(60), CUTS, CUTS, weights())
def test_no_passage_goes_over_masked_text(tokens, cuts_a, cuts_b, weights):
    """A sentence starts behind masked text."""
    pair = tuple(map(arrange, tokens))
    for one, cuts in zip(pair, (cuts_a, cuts_b), strict=True):
        one.flags[[cut for cut in cuts if cut < len(one.flags)]] |= STARTS_SENTENCE
    found = _judge(pair, (cuts_a, cuts_b), EAGER._replace(weights=weights))
    for (p, p_end, q, q_end), _, _ in found:
        assert not any(p < cut < p_end for cut in cuts_a)
        assert not any(q < cut < q_end for cut in cuts_b)


@law(60)
@given(token_pair(60), weights())
def test_what_is_kept_is_likely_enough(tokens, weights):
    """A minimum drops what is below it and nothing else."""
    pair = tuple(map(arrange, tokens))
    offsets = np.cumsum([0, *(len(one.hashes) for one in pair)])
    columns = [np.concatenate(column) for column in zip(*pair, strict=True)]
    found = []
    for least in (-np.inf, 0.5):
        # Runs are kept whatever their odds.
        search = EAGER._replace(weights=weights, min_odds=least, min_run=1000)
        _, rows, figures, _ = _core.align_pairs(
            np.array([0]), np.array([1]), offsets, NOTHING, *columns, IDF, search
        )
        found.append(list(zip(_tuples(rows[:, :4]), figures[:, 3].tolist(), strict=True)))
    assert found[1] == [one for one in found[0] if one[1] >= 0.5]


SENTENCE = (
    "Officials in the harbor town closed a bridge on Monday after storms flooded the railway."
)


def _foreign(seed, n_words):
    rng = Random(seed)
    own = ["".join(rng.choices("bcdfghjklm", k=8)) for _ in range(n_words)]
    return " ".join(own).capitalize()


def _align(texts, search):
    pair = streams(texts)
    offsets = np.cumsum([0, *(len(one.hashes) for one in pair)])
    columns = [np.concatenate(column) for column in zip(*pair, strict=True)]
    firsts, seconds = np.array([0]), np.array([1])
    _, rows, *_ = _core.align_pairs(
        firsts, seconds, offsets, NOTHING, *columns, tables.idf(), search
    )
    return _tuples(rows[:, :4]), [len(one.hashes) for one in pair]


N_WORDS = 100_000
# Two texts, and the least words of each that lie in passages.
HOSTILE = {
    "one sentence": (_foreign(1, N_WORDS), _foreign(1, N_WORDS - 9), N_WORDS - 9),
    "one sentence, half of it new": (
        _foreign(1, N_WORDS),
        f"{_foreign(1, N_WORDS // 2)} {_foreign(2, N_WORDS // 2)}",
        N_WORDS // 2,
    ),
    "one sentence repeated": (f"{SENTENCE} " * 50_000, f"{SENTENCE} " * 49_000, 49_000 * 15),
    "one sentence repeated, and once": (
        f"{SENTENCE} " * 50_000,
        f"{SENTENCE} {_foreign(1, 9)}.",
        0,
    ),
    "one sentence between others": (
        *(
            " ".join(f"{SENTENCE} {_foreign(side + 2 * at, 9)}." for at in range(4000))
            for side in range(2)
        ),
        0,
    ),
    "one word": ("harbor " * N_WORDS, "harbor " * (N_WORDS - 9), 0),
    "a name": ("Harbor Bridge " * N_WORDS, "Bridge Harbor " * N_WORDS, N_WORDS),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_aligned(name):
    """In work that grows as the texts do: what grows faster does not end in a test."""
    *texts, n_least = HOSTILE[name]
    found, sizes = _align(texts, SEARCH._replace(related_share=0.0))
    for side, size in ((0, sizes[0]), (2, sizes[1])):
        for one in found:
            assert 0 <= one[side] < one[side + 1] <= size
        assert sum(one[side + 1] - one[side] for one in found) >= n_least
