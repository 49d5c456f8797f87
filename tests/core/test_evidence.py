"""Penalties, evidence and floors against their twins, and the laws they keep."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import evidence as reference
from tests.strategies import law

BACKGROUNDS = st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.49])
RATES = st.integers(0, 64).map(lambda parts: parts / 64)
MASSES = st.integers(1, 4000).map(lambda eighths: eighths / 8)
WORDS = st.integers(0, 1_000_000)


@law(200)
@given(RATES, BACKGROUNDS)
def test_penalties_are_the_twin(rate, chance_rate):
    assert _core.find_penalty(rate, chance_rate) == pytest.approx(
        reference.penalty(rate, chance_rate)
    )


@law(200)
@given(RATES, RATES, BACKGROUNDS)
def test_a_penalty_grows_with_the_rate(one, other, chance_rate):
    low, high = sorted((one, other))
    cheap, dear = (_core.find_penalty(rate, chance_rate) for rate in (low, high))
    assert 0 < cheap <= dear
    least, most = reference.MIN_ODDS * chance_rate, reference.MAX_RATE
    assert (cheap < dear) == (max(low, least) < min(high, most))


def test_penalties_at_the_chance_rate_of_news():
    """Hardly anything where little is shared, more than all where all is."""
    penalties = [round(_core.find_penalty(rate, 0.05), 2) for rate in (0.0, 0.3, 0.5, 0.7, 1.0)]
    assert penalties == [0.07, 0.17, 0.28, 0.44, 1.3]


@law(200)
@given(RATES, MASSES, MASSES, BACKGROUNDS)
def test_evidence_is_the_twin(rate, mass_a, mass_b, chance_rate):
    shared = rate * min(mass_a, mass_b)
    found = _core.weigh_evidence(shared, mass_a, mass_b, chance_rate)
    assert found == pytest.approx(reference.evidence(shared, (mass_a, mass_b), chance_rate))
    assert found == _core.weigh_evidence(shared, mass_b, mass_a, chance_rate)
    assert found <= shared


@law(200)
@given(RATES, MASSES, BACKGROUNDS)
def test_evidence_of_a_side_is_the_twin(rate, mass, chance_rate):
    found = _core.weigh_side(rate * mass, mass, chance_rate)
    assert found == pytest.approx(reference.evidence(rate * mass, (mass, mass), chance_rate))


@law(200)
@given(RATES, MASSES, BACKGROUNDS)
def test_evidence_is_how_far_from_chance_a_side_is(rate, mass, chance_rate):
    """Between the limits of rates it is the divergence, counted in shared bits."""
    rate = min(max(rate, reference.MIN_ODDS * chance_rate), reference.MAX_RATE)
    found = _core.weigh_side(rate * mass, mass, chance_rate)
    for_each = log2(rate / chance_rate)
    assert found == pytest.approx(mass * reference.divergence(rate, chance_rate) / for_each)
    assert found > 0


@law(200)
@given(RATES, RATES, MASSES, BACKGROUNDS)
def test_evidence_grows_with_what_is_shared(one, other, mass, chance_rate):
    low, high = sorted((one, other))
    poor, rich = (_core.weigh_side(rate * mass, mass, chance_rate) for rate in (low, high))
    assert poor <= rich + 1e-9
    assert (poor < rich) == (low < high)


@law()
@given(MASSES, BACKGROUNDS)
def test_verbatim_text_is_worth_all_its_bits(mass, chance_rate):
    assert _core.weigh_evidence(mass, mass, mass, chance_rate) == mass
    assert _core.weigh_evidence(0.0, 0.0, 0.0, chance_rate) == 0


@law()
@given(MASSES, MASSES, BACKGROUNDS)
def test_words_beside_what_is_shared_are_evidence_against_it(mass, more, chance_rate):
    alone = _core.weigh_evidence(mass, mass, mass, chance_rate)
    for masses in ((mass + more, mass), (mass, mass + more)):
        assert _core.weigh_evidence(mass, *masses, chance_rate) < alone


@law()
@given(WORDS, WORDS, st.sampled_from([0.0, 2.5, 6.0]))
def test_floors_are_the_twin(n_a, n_b, slope):
    found = _core.find_floor(n_a, n_b, 17.0, slope)
    assert found == pytest.approx(reference.floor(n_a, n_b, 17.0, slope))
    assert found == _core.find_floor(n_b, n_a, 17.0, slope)


@law()
@given(st.integers(256, 1_000_000), st.integers(256, 1_000_000))
def test_a_floor_grows_by_the_slope_for_each_doubling(n_a, n_b):
    least = _core.find_floor(n_a, n_b, 17.0, 2.5)
    assert _core.find_floor(2 * n_a, n_b, 17.0, 2.5) == pytest.approx(least + 2.5)
    assert _core.find_floor(2 * n_a, 2 * n_b, 17.0, 2.5) == pytest.approx(least + 5)


@law()
@given(st.integers(0, 256), st.integers(0, 256))
def test_the_floor_of_brief_articles_is_the_least_score(n_a, n_b):
    assert _core.find_floor(n_a, n_b, 17.0, 2.5) == 17
