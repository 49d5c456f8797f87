"""Signatures against their twin, and the estimate that they are made for against theory."""

import math
from io import BytesIO

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from dedup.sketches.permutations import draw_permutations
from dedup.text import tables
from dedup.text.encode import split
from dedup.text.tokenize import tokenize
from tests.reference import sketch as reference
from tests.strategies import hostile_text, law, news_text

UINT64 = st.integers(0, 2**64 - 1)
VARIANTS = (*_core.find_variants(), None)
NO_PERMUTATIONS = np.empty((2, 0), np.uint32)
SIZES = (1, 2, 4, 64, 128, 256)


def _array(values: list[int]) -> np.ndarray:
    return np.array(values, np.uint64)


def _signature(shingles: np.ndarray, n_perm: int, variant: str | None = None) -> np.ndarray:
    signature = np.empty(n_perm, np.uint32)
    _core.fill_signature(shingles.copy(), signature, variant)
    return signature


def _shingles(hashes: np.ndarray, k: int, variant: str | None = None) -> np.ndarray:
    return _core.hash_shingles(hashes, k, variant)


@law(100)
@given(st.lists(UINT64, max_size=12), st.integers(1, 6))
@example([], 3)
@example([5], 3)
@example([5, 6, 7], 3)
@example([5, 6, 7, 8], 3)
def test_shingles_are_the_twin(hashes, k):
    for variant in VARIANTS:
        assert _shingles(_array(hashes), k, variant).tolist() == reference.shingles(hashes, k)


def test_shingles_heed_order():
    assert _shingles(_array([1, 2]), 2) != _shingles(_array([2, 1]), 2)


def test_a_short_article_is_not_a_shingle_of_a_long_one():
    assert _shingles(_array([0, 7]), 3) != _shingles(_array([0, 0, 7]), 3)


@law(60)
@given(st.lists(UINT64, min_size=1, max_size=40), st.sampled_from(SIZES))
@example([0], 128)
@example([0], 1)
@example(list(range(600)), 128)
def test_signatures_are_the_twin(shingles, n_perm):
    expected = reference.signature(shingles, n_perm)
    for variant in VARIANTS:
        assert _signature(_array(shingles), n_perm, variant).tolist() == expected


def test_some_slots_are_filled_on_their_own():
    """One shingle in 256 slots leaves some empty after the last round: the twin sees that."""
    rounds = _signature(_array([1]), 256) >> 26
    assert rounds.max() == _core.N_ROUNDS
    assert rounds.min() == 0


@law(40)
@given(st.lists(UINT64, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_a_signature_is_of_a_set(shingles, rng):
    shuffled = shingles + shingles[:3]
    rng.shuffle(shuffled)
    assert (_signature(_array(shingles), 64) == _signature(_array(shuffled), 64)).all()


@law(60)
@given(st.lists(st.lists(UINT64, max_size=9), max_size=4), st.integers(1, 4))
def test_batches_are_the_twin(articles, k):
    offsets = np.cumsum([0, *map(len, articles)])
    found = np.empty((len(articles), 16), np.uint32)
    hashes = _array([value for article in articles for value in article])
    _core.sketch_articles(hashes, offsets, k, NO_PERMUTATIONS, found)
    assert found.tolist() == [
        reference.signature(reference.shingles(article, k), 16) for article in articles
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_batch_is_one_at_a_time(variant):
    rng = np.random.default_rng(3)
    counts = [0, 1, 2, 3, 50, 0, 400]
    hashes = rng.integers(0, 2**64, sum(counts), np.uint64)
    offsets = np.cumsum([0, *counts])
    signatures = np.empty((len(counts), 128), np.uint32)
    _core.sketch_articles(hashes, offsets, 3, NO_PERMUTATIONS, signatures, variant)
    for row, first, last in zip(signatures, offsets[:-1], offsets[1:], strict=True):
        shingles = reference.shingles(hashes[first:last].tolist(), 3)
        assert row.tolist() == reference.signature(shingles, 128)
    assert (signatures[[0, 5]] == reference.EMPTY).all()
    assert (signatures[[1, 2, 3, 4, 6]] != reference.EMPTY).all()


def _errors(n: int, jaccard: float, n_perm: int, n_trials: int) -> np.ndarray:
    """Errors of the estimate on random sets whose union has n elements."""
    rng = np.random.default_rng([n, round(100 * jaccard), n_perm])
    n_shared = round(n * jaccard)
    n_left = (n - n_shared) // 2
    errors = np.empty(n_trials)
    for trial in range(n_trials):
        union = rng.integers(0, 2**64, n, np.uint64)
        a, b = union[: n_shared + n_left], np.r_[union[:n_shared], union[n_shared + n_left :]]
        agree = _signature(a, n_perm) == _signature(b, n_perm)
        errors[trial] = agree.mean() - n_shared / n
    return errors


@pytest.mark.parametrize("n", [10, 50, 300, 1000])
@pytest.mark.parametrize("jaccard", [0.2, 0.5, 0.8])
def test_error_is_that_of_minhash_or_less(n, jaccard):
    """The variance of k independent permutations is J (1 - J) / K; it bounds this one's."""
    errors = _errors(n, jaccard, 128, 600)
    theory = math.sqrt(jaccard * (1 - jaccard) / 128)
    assert math.sqrt((errors**2).mean()) <= 1.1 * theory
    assert abs(errors.mean()) <= 4 * errors.std() / math.sqrt(len(errors))


def test_small_sets_are_estimated_better_than_by_minhash():
    """What Fast Similarity Sketching is chosen for: .031 against .044."""
    errors = _errors(20, 0.5, 128, 600)
    assert math.sqrt((errors**2).mean()) <= 0.8 * math.sqrt(0.25 / 128)


@pytest.mark.parametrize("n_inserted", [1, 5, 20])
def test_insertions_do_not_bias(n_inserted):
    """Words put in the middle shift every position after them, and must change nothing else."""
    rng = np.random.default_rng(n_inserted)
    errors = []
    for _ in range(300):
        a = rng.integers(0, 2**64, 200, np.uint64)
        places = rng.integers(50, 150, n_inserted)
        b = np.insert(a, places, rng.integers(0, 2**64, n_inserted, np.uint64))
        left, right = _shingles(a, 3), _shingles(b, 3)
        exact = reference.jaccard(left.tolist(), right.tolist())
        errors.append((_signature(left, 128) == _signature(right, 128)).mean() - exact)
    assert abs(np.mean(errors)) <= 4 * np.std(errors) / math.sqrt(len(errors))
    assert exact > 0.5


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("scheme", ["fss", "affine32"])
def test_texts_are_their_tokens(scheme, variant):
    """What is sketched from text is what is sketched from the tokens of it."""
    texts = [
        "",
        "One",
        "Wait and see.",
        "漢字 and élan " * 40,
        "The council voted. " * 90,
        "x" * 999,
    ]
    permutations = draw_permutations(128, 1) if scheme == "affine32" else NO_PERMUTATIONS
    (batch,) = split(texts)
    text, offsets = batch.encode(BytesIO())
    found, expected = np.empty((2, len(texts), 128), np.uint32)
    folding = tables.checked_folding()
    _core.sketch_texts(text, offsets, folding, 3, permutations, found, variant)
    tokens = tokenize(texts)
    _core.sketch_articles(tokens.hashes, tokens.offsets, 3, permutations, expected)
    assert (found == expected).all()


@law(60)
@given(st.lists(hostile_text() | news_text(3), max_size=3), st.integers(1, 5))
def test_sketched_texts_are_the_twin(texts, k):
    for batch in split(texts):
        text, offsets = batch.encode(BytesIO())
        found = np.empty((len(offsets) - 1, 16), np.uint32)
        _core.sketch_texts(text, offsets, tables.checked_folding(), k, NO_PERMUTATIONS, found)
        assert found.tolist() == [reference.sketch_text(one, k, 16) for one in texts]


def _sketch(**changes):
    given = {
        "hashes": np.arange(9, dtype=np.uint64),
        "offsets": np.array([0, 4, 9]),
        "k": 3,
        "permutations": NO_PERMUTATIONS,
        "signatures": np.empty((2, 64), np.uint32),
    }
    _core.sketch_articles(*(given | changes).values())


@pytest.mark.parametrize(
    "changes",
    [
        {"offsets": np.array([0, 4, 10])},
        {"offsets": np.array([0, 9, 4])},
        {"offsets": np.array([-1, 4, 9])},
        {"offsets": np.array([], np.int64)},
        {"signatures": np.empty((1, 64), np.uint32)},
        {"signatures": np.empty((2, 63), np.uint32)},
        {"signatures": np.empty((2, 0), np.uint32)},
        {"permutations": np.empty((2, 63), np.uint32)},
        {"permutations": np.empty((1, 64), np.uint32)},
        {"k": 0},
    ],
)
def test_lying_shapes_are_refused(changes):
    _sketch()
    with pytest.raises(ValueError, match=": "):
        _sketch(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"hashes": np.arange(9)},
        {"offsets": np.array([0, 4, 9], np.int32)},
        {"signatures": np.empty((2, 128), np.uint32)[:, ::2]},
        {"signatures": np.broadcast_to(np.uint32(0), (2, 64)).copy().view(np.int32)},
    ],
)
def test_other_types_are_refused(changes):
    with pytest.raises(TypeError):
        _sketch(**changes)


@pytest.mark.parametrize("offsets", [[0, 40], [0, -1], [5, 4], []])
def test_text_needs_its_padding(offsets):
    text = np.zeros(39 + _core.PADDING, np.uint8)
    signatures = np.empty((max(len(offsets) - 1, 0), 64), np.uint32)
    folding = tables.checked_folding()
    with pytest.raises(ValueError, match="offset"):
        _core.sketch_texts(
            text, np.array(offsets, np.int64), folding, 3, NO_PERMUTATIONS, signatures
        )
    with pytest.raises(ValueError, match="padding"):
        _core.sketch_texts(
            text[:9], np.array([0]), folding, 3, NO_PERMUTATIONS, np.empty((0, 64), np.uint32)
        )


def test_a_variant_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="variant"):
        _core.hash_shingles(_array([1]), 3, "abacus")


def test_signatures_need_shingles_and_slots():
    with pytest.raises(ValueError, match="shingles"):
        _signature(_array([]), 64)
    for n_perm in (0, 3):
        with pytest.raises(ValueError, match="signature"):
            _signature(_array([1]), n_perm)
