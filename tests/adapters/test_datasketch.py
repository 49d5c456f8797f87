"""Ours as MinHashes, theirs as sketches, and both in one index of datasketch."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH, WeightedMinHashGenerator
from hypothesis import given

import dedup
from dedup.adapters import datasketch as adapter
from dedup.params import BandParams, Params, SketchParams
from tests.strategies import hostile_text, law, news_text

TEXTS = [
    "The council voted nine to four to close the Elm Street library branch in May.",
    "The council voted nine to four to close the Elm Street library branch in June.",
    "Rents rise in the north, and nobody knows for how long they will.",
    "",
]


def _params(n_perm: int = 128, seed: int = 1, k: int = 3) -> Params:
    return Params(sketch=SketchParams(k, n_perm, "affine32", seed), band=BandParams(n_perm // 2, 2))


def _theirs(text: str, n_perm: int = 128, seed: int = 1, k: int = 3) -> MinHash:
    """What a user of datasketch makes of a text."""
    minhash = MinHash(n_perm, seed, hashfunc=int)
    minhash.update_batch(adapter.hash_shingles(text, k))
    return minhash


@law(60)
@given(news_text(4) | hostile_text(12))
def test_ours_are_theirs(text: str) -> None:
    sketches = dedup.sketch([text], _params(64, 3))
    (ours,) = adapter.to_minhashes(sketches)
    assert ours == _theirs(text, 64, 3)


@pytest.mark.parametrize(("n_perm", "seed", "k"), [(128, 1, 3), (100, 7, 1), (9, 2**32 - 1, 5)])
def test_there_and_back(n_perm: int, seed: int, k: int) -> None:
    sketches = dedup.sketch(TEXTS, _params(n_perm, seed, k))
    found = adapter.from_minhashes(adapter.to_minhashes(sketches), k)
    assert (found.params, found.recipe) == (sketches.params, sketches.recipe)
    assert found.signatures.dtype == np.uint32
    assert np.array_equal(found.signatures, sketches.signatures)
    theirs = adapter.from_minhashes([_theirs(text, n_perm, seed, k) for text in TEXTS], k)
    assert np.array_equal(theirs.jaccard_matrix(sketches), sketches.jaccard_matrix())


def test_estimates_are_theirs() -> None:
    sketches = dedup.sketch(TEXTS, _params())
    minhashes = adapter.to_minhashes(sketches)
    for a in range(3):
        for b in range(4):
            assert sketches.jaccard(a, b) == minhashes[a].jaccard(minhashes[b])


def test_ours_are_updated_like_theirs() -> None:
    (ours,) = adapter.to_minhashes(dedup.sketch(TEXTS[:1], _params()))
    ours.update_batch(adapter.hash_shingles(TEXTS[1]))
    theirs = MinHash.union(_theirs(TEXTS[0]), _theirs(TEXTS[1]))
    assert (ours.hashvalues == theirs.hashvalues).all()
    with pytest.raises(TypeError):
        ours.update(b"text")
    assert pickle.loads(pickle.dumps(ours)) == ours


def test_a_minhash_does_not_change_the_sketch_it_was_made_of() -> None:
    sketches = dedup.sketch(TEXTS, _params())
    before = sketches.signatures.copy()
    for minhash in adapter.to_minhashes(sketches):
        minhash.hashvalues[:] = 0
        minhash.update(7)
    assert np.array_equal(sketches.signatures, before)


def test_lean_minhashes_are_taken() -> None:
    lean = [LeanMinHash(_theirs(text)) for text in TEXTS]
    found = adapter.from_minhashes(lean, 3)
    assert np.array_equal(found.signatures, dedup.sketch(TEXTS, _params()).signatures)


def test_hashes_are_the_lower_halves_of_shingle_hashes() -> None:
    """Of the known answers of docs/hashing.md."""
    found = adapter.hash_shingles("Wait and see who calls")
    assert found.dtype == np.uint32
    assert [f"{value:08x}" for value in found] == ["5d075f60", "2de4f854", "84feab73"]
    assert adapter.hash_shingles("").shape == (0,)


def test_fss_is_refused_by_name() -> None:
    with pytest.raises(dedup.ParameterError, match="not those of 'fss'"):
        adapter.to_minhashes(dedup.sketch(TEXTS))


def test_foreign_hashes_compare_with_foreign_hashes_only() -> None:
    theirs = MinHash.bulk([[b"one", b"two"], [b"one"]], num_perm=128)
    foreign = adapter.from_minhashes(theirs)
    assert foreign.jaccard(0, 1) == theirs[0].jaccard(theirs[1])
    assert foreign.jaccard_matrix(adapter.from_minhashes(theirs)).shape == (2, 2)
    ours = dedup.sketch(TEXTS, _params())
    for a, b in ((foreign, ours), (ours, foreign)):
        with pytest.raises(dedup.IncomparableSketches, match="shingles of another program"):
            a.jaccard_matrix(b)
    assert adapter.to_minhashes(foreign) == theirs


def test_foreign_sketches_are_kept(tmp_path) -> None:
    foreign = adapter.from_minhashes(MinHash.bulk([[b"one"]], num_perm=16))
    foreign.save(tmp_path / "foreign")
    found = dedup.Sketches.load(tmp_path / "foreign")
    assert found.jaccard_matrix(foreign).tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ([MinHash(128, seed=2)], "MinHash 1 has seed 2 and num_perm 128, MinHash 0 has seed 1"),
        ([MinHash(128), MinHash(64)], "MinHash 2 has seed 1 and num_perm 64, MinHash 0 has seed 1"),
    ],
)
def test_minhashes_that_differ_are_refused_by_both(others: list[MinHash], message: str) -> None:
    with pytest.raises(dedup.IncomparableSketches, match=message):
        adapter.from_minhashes([MinHash(128), *others])


@pytest.mark.parametrize(
    ("minhashes", "message"),
    [
        ([], "at least one MinHash is needed"),
        (
            [MinHash(), MinHash(scheme="legacy")],
            "MinHash 1 must be of the scheme affine32, not leg",
        ),
        ([MinHash(scheme="affine64")], "MinHash 0 must be of the scheme affine32, not affine64"),
        ([WeightedMinHashGenerator(3, 8).minhash([1, 2, 3])], "affine32, not WeightedMinHash"),
        (["text"], "MinHash 0 must be of the scheme affine32, not str"),
        (
            [MinHash(2, permutations=([1, 3], [0, 0]), scheme="affine32")],
            "MinHash 0 has permutations that are not of its seed",
        ),
    ],
)
def test_what_is_no_affine_minhash_is_refused(minhashes: list[object], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        adapter.from_minhashes(minhashes)


@pytest.mark.parametrize("k", [-1, 2.0])
def test_a_k_that_cannot_be_is_refused(k: object) -> None:
    with pytest.raises(dedup.ParameterError, match="k must be"):
        adapter.from_minhashes([MinHash()], k)


@pytest.mark.parametrize("k", [0, -1])
def test_no_words_make_no_shingle(k: int) -> None:
    with pytest.raises(dedup.ParameterError, match=f"k must be at least 1, not {k}"):
        adapter.hash_shingles("text", k)


def test_ours_and_theirs_meet_in_their_index() -> None:
    sketches = dedup.sketch(TEXTS, _params())
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    adapter.insert(lsh, ["may", "june", "rents", "empty"], sketches)
    assert set(lsh.query(_theirs(TEXTS[0]))) == {"may", "june"}
    lsh.insert("theirs", _theirs(TEXTS[2]))
    found = adapter.query(lsh, sketches)
    assert [set(keys) for keys in found] == [
        {"may", "june"},
        {"may", "june"},
        {"rents", "theirs"},
        set(),
    ]
    assert "empty" not in lsh


def test_an_index_of_theirs_is_refused_what_does_not_fit() -> None:
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    sketches = dedup.sketch(TEXTS[:1], _params())
    with pytest.raises(dedup.ParameterError, match="2 keys were given for 1 sketches"):
        adapter.insert(lsh, ["a", "b"], sketches)
    with pytest.raises(dedup.ParameterError, match="not those of 'fss'"):
        adapter.insert(lsh, ["a"], dedup.sketch(TEXTS[:1]))
    with pytest.raises(ValueError, match="length"):
        adapter.insert(lsh, ["a"], dedup.sketch(TEXTS[:1], _params(64)))
    adapter.insert(lsh, ["a"], sketches)
    with pytest.raises(ValueError, match="exists"):
        adapter.insert(lsh, ["a"], sketches)
