"""Sketches as values: compared in pairs and matrices, kept in files, refused when foreign."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.params import BandParams, SketchParams
from dedup.runtime import array_file as storage
from dedup.sketches.sketch import Sketches, sketch
from dedup.text.tokenize import tokenize
from tests.reference import compare as comparing
from tests.strategies import law

SAMPLES = Path(__file__).parent / "samples"
# What the samples hold. They were written once and have to load for as long as version 1 does.
TEXTS = ["Wait and see who calls", "Wait and see who calls now", ""]
SAMPLED = {
    "fss-1.sketches": (SketchParams(3, 16), "daf8a4d0cd2ffd8c4d5ecdfad3b3ca15"),
    "affine32-1.sketches": (SketchParams(2, 12, "affine32", 7), "53b31dc8b4cede5546ccff033a78b360"),
}
AFFINE = SketchParams(n_perm=24, scheme="affine32")


@st.composite
def sketches(draw: st.DrawFn) -> Sketches:
    """Sketches of few values, so that slots agree, with rows without words among them."""
    n_perm = draw(st.sampled_from((1, 4, 16)))
    values = st.sampled_from((0, 1, 2**32 - 2, 2**32 - 1))
    row = st.lists(values, min_size=n_perm, max_size=n_perm) | st.just([2**32 - 1] * n_perm)
    rows = np.array(draw(st.lists(row, max_size=6)), np.uint32).reshape(-1, n_perm)
    params = SketchParams(n_perm=n_perm, scheme=draw(st.sampled_from(("fss", "affine32"))))
    return Sketches(rows, params, params.digest())


@law(60)
@given(sketches())
def test_estimates_are_the_twin_one_by_one_in_arrays_and_in_a_matrix(found):
    n = len(found)
    rows = found.signatures.tolist()
    expected = [[comparing.jaccard(a, b) for b in rows] for a in rows]
    assert found.jaccard_matrix().tolist() == expected
    if n:
        every = np.arange(n)
        assert found.jaccard(every[:, None], every).tolist() == expected
        assert found.jaccard(every, 0).tolist() == [row[0] for row in expected]
        assert found.jaccard(0, list(range(n))).tolist() == expected[0]
        one = found.jaccard(n - 1, np.int64(0))
        assert isinstance(one, float)
        assert one == expected[n - 1][0]


def test_no_pairs_are_no_estimates():
    found = sketch(tokenize(TEXTS), AFFINE)
    assert found.jaccard([], []).shape == (0,)
    assert found.jaccard(np.zeros((0, 3), int), [0, 1, 2]).shape == (0, 3)


@pytest.mark.parametrize("params", [SketchParams(), AFFINE])
def test_articles_without_words_resemble_nothing(params):
    found = sketch(tokenize(["", "...", "a word"]), params)
    assert found.jaccard(0, 0) == found.jaccard(0, 1) == found.jaccard(0, 2) == 0.0
    assert found.jaccard(2, 2) == 1.0


@pytest.mark.parametrize("rows", [3, -1, [0, 3], np.array([2**40]), np.array([2**64 - 1])])
def test_a_row_that_is_not_there_is_refused(rows):
    found = sketch(tokenize(TEXTS), AFFINE)
    with pytest.raises(dedup.ParameterError, match="is not one of the 3 rows"):
        found.jaccard(0, rows)


@pytest.mark.parametrize("rows", [0.0, "0", True, [True, False], None])
def test_rows_are_integers(rows):
    with pytest.raises(dedup.ParameterError, match="rows must be integers"):
        sketch(tokenize(TEXTS), AFFINE).jaccard(rows, 0)


@pytest.mark.parametrize("params", [SketchParams(n_perm=32), AFFINE])
def test_a_matrix_of_two_collections(params):
    a, b = sketch(tokenize(TEXTS), params), sketch(tokenize(TEXTS[:2]), params)
    found = a.jaccard_matrix(b)
    assert found.shape == (3, 2)
    assert found.dtype == np.float64
    assert (found == a.jaccard_matrix()[:, :2]).all()
    assert (b.jaccard_matrix(a) == found.T).all()
    assert a.jaccard_matrix(sketch(tokenize([]), params)).shape == (3, 0)


@pytest.mark.parametrize(
    "other",
    [
        SketchParams(n_perm=32),
        SketchParams(n_perm=24, scheme="affine32", seed=2),
        SketchParams(k=2, n_perm=24, scheme="affine32"),
        SketchParams(n_perm=25, scheme="affine32"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_both_recipes(other):
    a, b = sketch(tokenize(TEXTS), AFFINE), sketch(tokenize(TEXTS), other)
    with pytest.raises(dedup.IncomparableSketches) as caught:
        a.jaccard_matrix(b)
    for recipe in (a.recipe, b.recipe, str(AFFINE), str(other)):
        assert recipe in str(caught.value)


def test_an_older_recipe_is_not_this_one():
    a = sketch(tokenize(TEXTS), AFFINE)
    older = Sketches(a.signatures, a.params, "0" * 32)
    with pytest.raises(dedup.IncomparableSketches, match="0" * 32):
        a.jaccard_matrix(older)


def test_sketches_are_frozen():
    found = sketch(tokenize(TEXTS), AFFINE)
    with pytest.raises(FrozenInstanceError):
        found.recipe = "another"


@pytest.mark.parametrize(
    "signatures",
    [np.zeros((2, 23), np.uint32), np.zeros(24, np.uint32), np.zeros((2, 24), np.uint64)],
)
def test_signatures_of_another_shape_are_refused(signatures):
    with pytest.raises(dedup.ParameterError, match=r"must be uint32 of shape \(n, 24\)"):
        Sketches(signatures, AFFINE, AFFINE.digest())


@pytest.mark.parametrize("params", [SketchParams(n_perm=32), AFFINE])
@pytest.mark.parametrize("texts", [TEXTS, []])
def test_what_is_saved_is_loaded(tmp_path, params, texts):
    made = sketch(tokenize(texts), params)
    made.save(tmp_path / "made")
    found = Sketches.load(tmp_path / "made")
    assert (found.recipe, found.params) == (made.recipe, made.params)
    assert found.signatures.dtype == np.uint32
    assert np.array_equal(found.signatures, made.signatures)
    assert found.jaccard_matrix(made).shape == (len(texts), len(texts))


@pytest.mark.parametrize("name", SAMPLED)
def test_a_kept_file_loads(name):
    params, recipe = SAMPLED[name]
    found = Sketches.load(SAMPLES / name)
    assert (found.params, found.recipe) == (params, recipe)
    expected = sketch(tokenize(TEXTS), params)
    assert found.recipe == expected.recipe
    assert np.array_equal(found.signatures, expected.signatures)


@pytest.mark.parametrize("name", SAMPLED)
def test_a_kept_file_is_what_is_written(name, tmp_path):
    """If this fails, version 1 has changed: it needs another number."""
    sketch(tokenize(TEXTS), SAMPLED[name][0]).save(tmp_path / name)
    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_a_damaged_file_is_refused(tmp_path):
    content = bytearray((SAMPLES / "fss-1.sketches").read_bytes())
    content[-20] ^= 1
    (tmp_path / "damaged").write_bytes(content)
    with pytest.raises(dedup.CorruptFile, match="damaged: cut off or damaged"):
        Sketches.load(tmp_path / "damaged")


HEADER = {"recipe": "a1", **asdict(AFFINE)}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({**HEADER, "scheme": "affine64"}, "scheme must be one of fss, affine32, not 'affine64'"),
        ({**HEADER, "n_perm": 25}, r"must be uint32 of shape \(n, 25\)"),
        ({**HEADER, "n_perm": "24"}, "n_perm must be int, not '24'"),
        ({**HEADER, "shape": 1}, "shape"),
        (asdict(AFFINE), "recipe"),
    ],
)
def test_a_file_that_says_what_is_not_known_is_refused(
    header: dict[str, Any], message: str, tmp_path: Path
) -> None:
    rows = np.zeros((2, 24), np.uint32)
    storage.save_array(tmp_path / "strange", "sketches", 1, header, rows)
    with pytest.raises(dedup.IncompatibleFile, match=message):
        Sketches.load(tmp_path / "strange")


def test_a_newer_file_is_refused_by_both_versions(tmp_path):
    storage.save_array(tmp_path / "newer", "sketches", 2, HEADER, np.zeros((2, 24), np.uint32))
    with pytest.raises(dedup.IncompatibleFile, match="version 2; expected sketches, version 1"):
        Sketches.load(tmp_path / "newer")


def test_overlaps_are_found_with_either_scheme():
    """The whole engine takes the other sketch; with it, it finds the same passage."""
    text = "The council voted nine to four to close the Elm Street library branch in May. "
    articles = [dedup.Article("a", text * 3), dedup.Article("b", text * 3 + "It was late.")]
    found = dedup.find_overlaps(articles).overlaps
    affine = dedup.find_overlaps(articles, dedup.Params(sketch=SketchParams(scheme="affine32")))
    assert affine.overlaps[0].passages == found[0].passages
    assert affine.overlaps[0].jaccard == pytest.approx(found[0].jaccard, abs=0.25)


def test_a_sketch_from_the_door_knows_its_recipe():
    params = SketchParams(scheme="affine32", seed=9)
    made = dedup.sketch(TEXTS, dedup.Params(sketch=params), jobs=2)
    assert (made.params, made.recipe) == (params, params.digest())
    assert np.array_equal(made.signatures, sketch(tokenize(TEXTS), params).signatures)
    assert dedup.Sketches is Sketches


@pytest.mark.parametrize("shape", [(64, 4), (10**7, 1000), (0, 2), (2, 0), (-1, 1)])
def test_bands_that_do_not_fit_are_refused(shape):
    """They would be made of other rows, or of whatever lies behind the last."""
    sketches = dedup.sketch(["Wait and see."])
    with pytest.raises(dedup.ParameterError, match=r"n_(bands|rows)"):
        sketches.bands(BandParams(*shape))


def test_one_row_may_be_compared_with_one():
    """A broadcast view of one number is one that numpy warns of."""
    sketches = dedup.sketch(["Wait and see."])
    assert sketches.jaccard(np.array([[0]]), np.array([0])).tolist() == [[1.0]]
