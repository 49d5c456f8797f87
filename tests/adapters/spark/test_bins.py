"""Outlets are masked in bins: every part of each, and bins of about as many words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.required import skip_without

try:
    from dedup.adapters.spark.texts import fill_bins, pack_outlets
except ImportError as error:
    skip_without("spark", f"no {error.name}")

from dedup.mask.boilerplate import MAX_GROUP, group_outlets

WORDS = st.integers(3, 3 * MAX_GROUP)
NAMES = st.one_of(st.none(), st.text(max_size=3))


@given(st.dictionaries(NAMES, WORDS, min_size=1, max_size=30), st.integers(1, 40))
def test_bins_have_all_parts_and_differ_by_one_part_at_most(n_words, n_bins):
    packed = pack_outlets(n_words, n_bins)
    filled = np.zeros(1 + max(number for own in packed.values() for number in own))
    for name, bins in packed.items():
        assert len(bins) == len(group_outlets([name], ["id"], np.array([n_words[name]])))
        np.add.at(filled, bins, n_words[name] / len(bins))
    assert packed.keys() == n_words.keys()
    largest = max(n_words[name] / len(bins) for name, bins in packed.items())
    assert filled.max() - filled.min() <= largest + len(packed)


@given(st.lists(st.integers(1, 100), max_size=40), st.integers(1, 200), st.integers(1, 20))
def test_no_bin_is_empty_and_none_is_made_that_would_not_end_sooner(sizes, most, n_bins):
    sizes.sort(reverse=True)
    filled = np.bincount(fill_bins(sizes, most, n_bins), sizes) if sizes else np.empty(0)
    assert (filled > 0).all()
    needed = -(-sum(sizes) // most)
    assert len(filled) <= max(n_bins, needed)
    if len(filled) > max(needed, 1):
        assert (len(filled) - 1) * sizes[0] < sum(sizes)
    if len(filled) < min(n_bins, len(sizes)):
        assert len(filled) * sizes[0] >= sum(sizes)
