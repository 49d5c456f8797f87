"""Sketches of texts: the estimate is that of the sets of word shingles."""

import numpy as np
import pytest
from hypothesis import given

from dedup.params import BandParams, SketchParams
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import tokenize
from tests.reference import bands as banding
from tests.reference import sketch as sketching
from tests.strategies import hostile_text, law, news_pair, news_text

EMPTY = 2**32 - 1


@law(40)
@given(news_text(4) | hostile_text(12))
def test_a_sketch_is_the_twin(text):
    tokens = tokenize([text])
    shingles = sketching.shingles(tokens.hashes.tolist(), 3)
    (row,) = sketch(tokens, SketchParams(n_perm=32)).signatures.tolist()
    assert row == sketching.signature(shingles, 32)


@law(40)
@given(news_pair())
def test_an_estimate_is_near_the_jaccard_of_shingles(pair):
    """Six standard errors: the estimate of sets of any size is at least that good."""
    tokens = tokenize(pair)
    sketches = sketch(tokens, SketchParams(n_perm=256))
    (estimate,) = sketches.jaccard(np.array([0]), np.array([1]))
    sets = [
        sketching.shingles(tokens.hashes[low:high].tolist(), 3)
        for low, high in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True)
    ]
    if not all(sets):
        assert estimate == 0.0
        return
    exact = sketching.jaccard(*sets)
    assert abs(estimate - exact) <= 6 * (exact * (1 - exact) / 256) ** 0.5
    # Agreement without a common shingle takes two equal hashes of 26 bits.
    assert exact > 0 or estimate == 0.0


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_an_article_resembles_itself(k):
    tokens = tokenize(["One of two.", "one OF two"])
    sketches = sketch(tokens, SketchParams(k=k))
    assert sketches.jaccard(np.array([0]), np.array([1])).tolist() == [1.0]


def test_empty_articles_resemble_nothing():
    sketches = sketch(tokenize(["", "...", "a word"]), SketchParams())
    assert (sketches.signatures[:2] == EMPTY).all()
    firsts, seconds = np.array([0, 0, 0]), np.array([0, 1, 2])
    assert sketches.jaccard(firsts, seconds).tolist() == [0.0, 0.0, 0.0]


def test_no_articles():
    assert sketch(tokenize([]), SketchParams()).signatures.shape == (0, 128)


def test_bands():
    sketches = sketch(tokenize(["The harbor bridge closed.", ""]), SketchParams(n_perm=16))
    keys = sketches.bands(BandParams(n_bands=8, n_rows=2))
    assert keys.tolist() == [banding.bands(row, 8, 2) for row in sketches.signatures.tolist()]
