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
def test_no_bin_is_empty_and_fewer_bins_hold_no_more_than_the_largest_thing(sizes, most, n_bins):
    sizes.sort(reverse=True)
    filled = np.bincount(fill_bins(sizes, most, n_bins), sizes) if sizes else np.empty(0)
    assert (filled > 0).all()
    n_most = max(n_bins, -(-sum(sizes) // most))
    assert len(filled) <= n_most
    if len(filled) < n_most:
        assert max(filled, default=0) == max(sizes, default=0)
    if len(filled) > 1:
        assert np.sort(filled)[:2].sum() > sizes[0]
