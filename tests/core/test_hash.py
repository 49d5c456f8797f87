"""XXH64 against the reference package, and the vectors of the published contract."""

import random

import numpy as np
import pytest
import xxhash
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import _core
from tests.reference import hash as reference
from tests.reference import sketch as sketching
from tests.strategies import law

UINT64 = st.integers(0, 2**64 - 1)


def _hash(data: bytes) -> int:
    return _core.hash_bytes(np.frombuffer(data, np.uint8), len(data))


@pytest.mark.parametrize("n_bytes", [*range(101), 127, 128, 129, 1000, 4096])
def test_hash_of_every_length(n_bytes):
    rng = random.Random(n_bytes)
    for _ in range(5):
        data = rng.randbytes(n_bytes)
        assert _hash(data) == xxhash.xxh64_intdigest(data)


@law(100)
@given(st.binary(max_size=200))
def test_hash_of_any_bytes(data):
    assert _hash(data) == reference.hash_bytes(data)


def test_hash_reads_only_what_it_is_told():
    data = np.frombuffer(b"blockade and more", np.uint8)
    assert _core.hash_bytes(data, 8) == xxhash.xxh64_intdigest(b"blockade")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0xEF46DB3751D8E999),  # the specification's own vectors
        ("a", 0xD24EC4F1A98C6E5B),
        ("abc", 0x44BC2CF5AD770999),
        ("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_known_hashes(text, value):
    assert _hash(text.encode()) == value


@pytest.mark.parametrize(
    ("value", "finalized"),
    [
        (0, 0),
        (1, 0x283A72A5B9AB93D3),
        (2**64 - 1, 0x100AB62DAADD9289),
    ],
)
def test_known_avalanches(value, finalized):
    assert _core.avalanche(value) == finalized


def test_known_shingle():
    """``avalanche(((3 P1 + h1) P1 + h2) P1 + h3)``, which any language can reproduce."""
    hashes = [reference.hash_text(word) for word in ("wait", "and", "see")]
    (shingle,) = _core.hash_shingles(np.array(hashes, np.uint64), 3)
    assert int(shingle) == reference.hash_sequence(3, hashes) == 0xC5AFD8155D075F60


@law(100)
@given(UINT64)
@example(0)
@example(2**64 - 1)
def test_avalanche_is_the_twin(value):
    assert _core.avalanche(value) == reference.avalanche(value)


@law(100)
@given(st.integers(0, 2**20))
def test_salts_are_the_twin(slot):
    assert _core.slot_salt(slot) == sketching.salt(slot)


@law(100)
@given(UINT64)
def test_avalanche_can_be_undone(value):
    """Every step of it has an inverse, hence no two values meet."""
    finalized = _core.avalanche(value)
    undone = finalized ^ finalized >> 32
    undone = undone * pow(reference.PRIME_3, -1, 2**64) & reference.MASK
    undone = undone ^ undone >> 29 ^ undone >> 58
    undone = undone * pow(reference.PRIME_2, -1, 2**64) & reference.MASK
    assert undone ^ undone >> 33 == value


@law(100)
@given(UINT64, UINT64)
@example(0, 2**64 - 1)
def test_combine(left, right):
    combined = _core.combine(left, right)
    assert combined == reference.combine(left, right)
    if left != right:
        assert combined != _core.combine(right, left)


@law()
@given(UINT64, st.lists(UINT64, max_size=6))
def test_combining_in_turn_is_the_polynomial(first, rest):
    value = first
    for one in rest:
        value = _core.combine(value, one)
    assert _core.avalanche(value) == reference.hash_sequence(first, rest)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="n_bytes"):
        _core.hash_bytes(np.zeros(3, np.uint8), 4)
    with pytest.raises(ValueError, match="size"):
        _core.hash_short(0, 0, 16)
    with pytest.raises(TypeError):
        _core.hash_bytes(np.zeros(3, np.int8), 3)
    with pytest.raises(TypeError):
        _core.hash_bytes(np.zeros(6, np.uint8)[::2], 3)
