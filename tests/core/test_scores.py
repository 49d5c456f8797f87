"""Explanations that compete, against their twins, and what is kept of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from dedup.align.scalars import make_scalars
from dedup.params import PRESETS, AlignParams
from dedup.text import tables
from tests.reference import clusters, evidence
from tests.reference import scores as reference
from tests.reference.sides import NOTHING, pack, pair, rows, stream, streams
from tests.strategies import law, news_text, sentence

N_WORDS = 24
SEARCH = make_scalars(AlignParams())
KEPT, SUPPRESSED = reference.KEPT, reference.SUPPRESSED
WORDS = st.lists(st.integers(0, 3), min_size=10, max_size=10)
# Quarters, which add up without rounding.
SCORES = st.integers(0, 160).map(lambda quarters: quarters / 4)


@law(60)
@given(st.sets(st.integers(0, 9)).map(sorted), st.lists(st.integers(0, 2)), WORDS, WORDS)
def test_the_longest_run_is_the_twin(places, steps, a, b):
    """Matches may join words of which only the stems are equal."""
    shift, aligned = 0, []
    for at, step in zip(places, [*steps, *[0] * 10], strict=False):
        shift += step
        if at + shift < 10:
            aligned.append((at, at + shift))
    found = _core.longest_run(pack(aligned), stream(a), stream(b))
    assert found == reference.longest_run(aligned, a, b)


@st.composite
def rivals(draw):
    """Two articles, and stretches of them with origins, scores and verdicts."""
    stems = st.lists(st.integers(0, 7), min_size=N_WORDS, max_size=N_WORDS)
    carried = dict(enumerate(draw(st.lists(st.integers(1, 8), min_size=8, max_size=8))))
    words = [[(stem, float(carried[stem])) for stem in draw(stems)] for _ in "ab"]
    span = st.tuples(st.integers(0, N_WORDS - 1), st.integers(1, 12)).map(
        lambda drawn: (drawn[0], min(sum(drawn), N_WORDS))
    )
    drawn = draw(st.lists(st.tuples(span, span, st.integers(0, 2), SCORES), max_size=6))
    drawn.sort(key=lambda row: row[2])
    stretches = [(*a, *b) for a, b, _, _ in drawn]
    verdicts = draw(
        st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=len(drawn), max_size=len(drawn))
    )
    return words, stretches, [row[2] for row in drawn], [row[3] for row in drawn], verdicts


def _pair(words):
    (a, b) = words
    return pair([stem for stem, _ in a], [stem for stem, _ in b], dict([*a, *b]))


def _columns(stretches, origins, scores, verdicts):
    return (
        rows(stretches),
        np.array(origins, np.int64),
        np.array(scores, np.float64),
        np.array(verdicts, np.int64),
    )


@law(80)
@given(rivals())
def test_what_competes_is_the_twin(drawn):
    words, *columns = drawn

    def part(stretch, side):
        return words[side][stretch[2 * side] : stretch[2 * side + 1]]

    def mass(stretch, side):
        return sum(bits for _, bits in part(stretch, side))

    def explain(stretch, whole):
        side = 0 if mass(whole, 0) < mass(whole, 1) else 1
        shared, _ = clusters.measure(part(stretch, 0), part(stretch, 1))
        own = mass(stretch, side)
        return max(evidence.evidence(shared, (own, own), SEARCH.chance_rate), 0.0)

    *_, verdicts = _core.compete(_pair(words), _columns(*columns), SEARCH)
    assert verdicts.tolist() == reference.compete(*columns, explain)


@law(80)
@given(rivals(), st.sampled_from([0.0, 0.3, 1.0]))
def test_what_is_settled_is_the_twin(drawn, max_suppressed):
    words, *columns = drawn
    search = SEARCH._replace(max_suppressed=max_suppressed, min_shared=0.0)
    (stretches, _, _, verdicts), _ = _core.settle(_pair(words), _columns(*columns), search)
    bits = tuple([bits for _, bits in side] for side in words)
    settled, told = reference.settle(
        columns[0], columns[2], columns[3], bits, max_suppressed, lambda *_: False
    )
    assert verdicts.tolist() == told
    assert list(map(tuple, stretches.tolist())) == settled


@law(80)
@given(rivals())
def test_no_word_at_an_end_is_in_two_passages(drawn):
    """What is kept loses no more than is allowed; what is dropped meets what scores as much."""
    words, *columns = drawn
    settled, is_aligned = _core.settle(_pair(words), _columns(*columns), SEARCH)
    stretches, _, scores, verdicts = settled
    kept = [k for k, verdict in enumerate(verdicts.tolist()) if verdict == KEPT]
    for k in kept:
        better = [one for one in kept if (-scores[one], one) < (-scores[k], k)]
        for side in (0, 2):
            covered = {at for one in better for at in range(*stretches[one, side : side + 2])}
            low, high = stretches[k, side : side + 2]
            assert low < high
            assert not {low, high - 1} & covered
        # What was trimmed is aligned anew.
        if tuple(stretches[k].tolist()) != columns[0][k]:
            assert is_aligned[k]
        elif not _meets(k, stretches, better):
            assert not is_aligned[k]
    for k in np.flatnonzero(verdicts == SUPPRESSED):
        rivals = [one for one in kept if scores[one] >= scores[k]]
        assert _meets(k, stretches, rivals)


def _meets(k, stretches, others):
    """Tell whether a stretch has words in common with one of others, on either side."""
    return any(
        max(stretches[k, side], stretches[one, side])
        < min(stretches[k, side + 1], stretches[one, side + 1])
        for one in others
        for side in (0, 2)
    )


@law(60)
@given(news_text(3), news_text(3), sentence(3, 12), st.sampled_from(["news", "pan"]))
def test_what_is_skipped_as_hopeless_has_no_passage(one, other, common, preset):
    search = make_scalars(PRESETS[preset].align)
    both = (*streams((f"{one} {common}", f"{common} {other}")), NOTHING, NOTHING, tables.idf())
    kept = []
    for is_thorough in (False, True):
        (stretches, _, _, verdicts), _ = _core.judge(*both, search, is_thorough)
        kept.append(stretches[verdicts == KEPT].tolist())
    assert kept[0] == kept[1]
