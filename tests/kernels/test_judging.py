"""Explanations that compete, against their twins, and what is kept of them."""

from dataclasses import astuple, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from dedup.kernels import judging as kernel
from dedup.kernels.pairing import to_array
from dedup.kernels.stretching import Search
from dedup.params import PRESETS, AlignParams
from tests.reference import boxing, evidence
from tests.reference import judging as reference
from tests.reference.sides import number, pack, pair, stream
from tests.strategies import law, news_text, sentence

N_WORDS = 24
SEARCH = Search(*astuple(AlignParams()))
WORDS = st.lists(st.integers(0, 3), min_size=10, max_size=10)
# Quarters, which add up without rounding.
SCORES = st.integers(0, 160).map(lambda quarters: quarters / 4)


@law(150)
@given(st.sets(st.integers(0, 9)).map(sorted), st.lists(st.integers(0, 2)), WORDS, WORDS)
def test_the_longest_run_is_the_twin(places, steps, a, b):
    """Matches may join words of which only the stems are equal."""
    shift, aligned = 0, []
    for at, step in zip(places, [*steps, *[0] * 10], strict=False):
        shift += step
        if at + shift < 10:
            aligned.append((at, at + shift))
    found = kernel.longest_run(pack(aligned), stream(a), stream(b))
    assert found == reference.longest_run(aligned, a, b)


@njit
def _compete(pair, stretches, origins, scores, verdicts, background):
    alignments = [np.empty(0, np.int64) for _ in range(len(stretches))]
    judged = kernel.Judged(stretches, origins, scores, verdicts, alignments, 17.0)
    kernel._compete(pair, judged, background)


@njit
def _settle(pair, stretches, origins, scores, verdicts, search):
    alignments = [np.full(1, -1, np.int64) for _ in range(len(stretches))]
    judged = kernel.Judged(stretches, origins, scores, verdicts, alignments, 17.0)
    kernel._settle(pair, judged, search)
    # Rows of a stretch and a match, after one that tells their type.
    rows = [(np.int64(0), np.int64(0))]
    for k in range(len(stretches)):
        rows += [(np.int64(k), match) for match in judged.alignments[k]]
    return to_array(rows)


@st.composite
def rivals(draw):
    """Two articles, and stretches of them with origins, scores and verdicts."""
    stems = st.lists(st.integers(0, 7), min_size=N_WORDS, max_size=N_WORDS)
    carried = dict(enumerate(draw(st.lists(st.integers(1, 8), min_size=8, max_size=8))))
    words = [[(stem, float(carried[stem])) for stem in draw(stems)] for _ in "ab"]
    span = st.tuples(st.integers(0, N_WORDS - 1), st.integers(1, 12)).map(
        lambda drawn: (drawn[0], min(sum(drawn), N_WORDS))
    )
    rows = draw(st.lists(st.tuples(span, span, st.integers(0, 2), SCORES), max_size=6))
    rows.sort(key=lambda row: row[2])
    stretches = [(*a, *b) for a, b, _, _ in rows]
    verdicts = draw(
        st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=len(rows), max_size=len(rows))
    )
    return words, stretches, [row[2] for row in rows], [row[3] for row in rows], verdicts


def _pair(words):
    (a, b) = words
    return pair([stem for stem, _ in a], [stem for stem, _ in b], dict([*a, *b]))


def _columns(stretches, origins, scores, verdicts):
    return (
        np.array(stretches, np.int64).reshape(-1, 4),
        np.array(origins, np.int64),
        np.array(scores, np.float64),
        np.array(verdicts, np.int64),
    )


@law(200)
@given(rivals())
def test_what_competes_is_the_twin(drawn):
    words, *rows = drawn
    columns = _columns(*rows)

    def part(stretch, side):
        return words[side][stretch[2 * side] : stretch[2 * side + 1]]

    def mass(stretch, side):
        return sum(bits for _, bits in part(stretch, side))

    def explain(stretch, whole):
        side = 0 if mass(whole, 0) < mass(whole, 1) else 1
        shared, _ = boxing.measure(part(stretch, 0), part(stretch, 1))
        own = mass(stretch, side)
        return max(evidence.evidence(shared, (own, own), 0.05), 0.0)

    _compete(_pair(words), *columns, 0.05)
    assert columns[3].tolist() == reference.compete(*rows, explain)


@law(200)
@given(rivals(), st.sampled_from([0.0, 0.3, 1.0]))
def test_what_is_settled_is_the_twin(drawn, max_contested):
    words, *rows = drawn
    stretches, _, _, verdicts = columns = _columns(*rows)
    search = Search(*astuple(replace(AlignParams(), max_contested=max_contested)))
    _settle(_pair(words), *columns, search)
    bits = tuple([bits for _, bits in side] for side in words)
    settled, told = reference.settle(rows[0], rows[2], rows[3], bits, max_contested)
    assert verdicts.tolist() == told
    assert list(map(tuple, stretches.tolist())) == settled


@law(200)
@given(rivals())
def test_no_word_at_an_end_is_in_two_passages(drawn):
    """What is kept loses no more than is allowed; what is dropped meets what scores as much."""
    words, *rows = drawn
    stretches, _, scores, verdicts = columns = _columns(*rows)
    aligned = _settle(_pair(words), *columns, SEARCH).tolist()
    kept = [k for k, verdict in enumerate(verdicts.tolist()) if verdict == kernel.KEPT]
    for k in kept:
        better = [one for one in kept if (-scores[one], one) < (-scores[k], k)]
        for side in (0, 2):
            claimed = {at for one in better for at in range(*stretches[one, side : side + 2])}
            low, high = stretches[k, side : side + 2]
            assert low < high
            assert not {low, high - 1} & claimed
        # The mark of an alignment goes where it was made anew.
        if tuple(stretches[k].tolist()) != rows[0][k]:
            assert [k, -1] not in aligned
        elif not _meets(k, stretches, better):
            assert [k, -1] in aligned
    for k in np.flatnonzero(verdicts == kernel.CONTESTED):
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


@law(150)
@given(news_text(3), news_text(3), sentence(3, 12), st.sampled_from(["news", "auto", "pan"]))
def test_what_is_skipped_as_hopeless_has_no_passage(one, other, common, preset):
    search = Search(*astuple(PRESETS[preset].align))
    both = number((f"{one} {common}", f"{common} {other}"))
    brief = kernel.judge_pair(both, search, kernel.BRIEF)
    thorough = kernel.judge_pair(both, search, kernel.THOROUGH)
    kept = [found.stretches[found.verdicts == kernel.KEPT].tolist() for found in (brief, thorough)]
    assert kept[0] == kept[1]
