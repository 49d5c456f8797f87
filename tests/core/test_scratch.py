"""What doors write to: it must be what they rely on, and no memory that they read."""

from __future__ import annotations

import numpy as np
import pytest

from dedup import _core
from dedup.text import tables

MOST = 2**62


def _bands() -> dict[str, object]:
    """Return what two articles that agree in a band ask."""
    return {
        "queries": np.array([0, 1]),
        "lows": np.zeros(2, np.int64),
        "ranges": np.array([[0, 2], [0, 2]]),
        "n_absent": np.zeros(2, np.int64),
        "articles": np.array([0, 1], np.uint32),
        "places": np.zeros(2, np.uint32),
        "counts": np.zeros(2, np.int32),
        "n_bands": 1,
        "min_hits": 1,
        "max_bucket": 9,
        "max_sources": 9,
    }


def _seeds() -> dict[str, object]:
    """Return what two articles with one seed ask."""
    own = _bands()
    return {
        "queries": own["queries"],
        "lows": own["lows"],
        "positions": np.zeros(2, np.uint32),
        "words": np.array([[0, 1], [0, 1]], np.uint16),
        "evidence": np.full((2, 2), 80, np.uint8),
        "offsets": np.array([0, 1, 2]),
        "ranges": own["ranges"],
        "n_absent": own["n_absent"],
        "articles": own["articles"],
        "places": own["places"],
        "lengths": np.array([5, 5]),
        "totals": np.zeros(2, np.float32),
        "counts": np.zeros(2, np.int64),
        "n_articles": 2,
        "window": 8,
        "min_bits": 1.0,
        "slope": 0.0,
        "max_bucket": 9,
        "max_sources": 9,
        "n_rarest": 2,
        "max_entries": 9,
    }


def test_what_is_right_is_taken():
    assert _core.count_bands(**_bands())[0].tolist() == [[0, 1, 0]]
    assert _core.add_seeds(**_seeds())[0].tolist() == [[0, 1, 0]]


# Counts tell where hits are written: below zero they once told places outside.
@pytest.mark.parametrize("counts", [[-5, 0], [0, 1], [2**62, 0], [-(2**63), 0]])
def test_seeds_are_counted_from_zero(counts):
    with pytest.raises(ValueError, match="counts: expected zeros"):
        _core.add_seeds(**_seeds() | {"counts": np.array(counts)})


@pytest.mark.parametrize("total", [1.0, -1.0, np.nan, np.inf])
def test_seeds_are_added_up_from_zero(total):
    with pytest.raises(ValueError, match="totals: expected zeros"):
        _core.add_seeds(**_seeds() | {"totals": np.array([0, total], np.float32)})


@pytest.mark.parametrize("count", [1, -1, 2**31 - 1])
def test_bands_are_counted_from_zero(count):
    with pytest.raises(ValueError, match="counts: expected zeros"):
        _core.count_bands(**_bands() | {"counts": np.array([count, 0], np.int32)})


@pytest.mark.parametrize("absent", [[MOST, 0], [MOST - 1, 1], [MOST - 1, MOST - 1], [-1, 0]])
def test_what_is_absent_adds_up_to_no_overflow(absent):
    with pytest.raises(ValueError, match="n_absent"):
        _core.count_bands(**_bands() | {"n_absent": np.array(absent)})


def test_counts_are_no_other_array():
    shared = np.zeros(2, np.int64)
    for other in ("queries", "n_absent", "lows"):
        with pytest.raises(ValueError, match="overlaps"):
            _core.add_seeds(**_seeds() | {"counts": shared, other: shared})
    whole = np.zeros(3, np.int32)
    with pytest.raises(ValueError, match="overlaps"):
        _core.count_bands(**_bands() | {"counts": whole[:2], "articles": whole[1:].view(np.uint32)})


def _words(n: int) -> dict[str, object]:
    half = n // 2 + 1
    return {
        "text": np.full(n + _core.PADDING, ord("a"), np.uint8),
        "first": 0,
        "end": n,
        "folding": tables.checked_folding(),
        "edges": np.zeros(n + 2 + _core.BLOCK, np.int64),
        "starts": np.zeros(half, np.int64),
        "ends": np.zeros(half, np.int64),
        "heads": np.zeros(half, np.uint64),
        "tails": np.zeros(half, np.uint64),
        "sizes": np.zeros(half, np.uint8),
        "points": np.zeros(half, np.uint8),
        "flags": np.zeros(half, np.uint8),
        "scratch": np.zeros(_core.SCRATCH, np.uint8),
        "is_described": True,
    }


# Edges are read after words are written: heads in their place would be read as places of text.
@pytest.mark.parametrize("other", ["starts", "ends", "heads", "tails", "text", "scratch"])
def test_edges_are_no_other_array(other):
    words = _words(40)
    assert _core.find_words(**words) == (1, True)
    taken = words[other]
    assert isinstance(taken, np.ndarray)
    memory = np.zeros(2**14, np.uint8)
    edges = memory[: 8 * (40 + 2 + _core.BLOCK)].view(np.int64)
    with pytest.raises(ValueError, match="edges: overlaps"):
        _core.find_words(
            **words | {"edges": edges, other: memory[8 : 8 + taken.nbytes].view(taken.dtype)}
        )
