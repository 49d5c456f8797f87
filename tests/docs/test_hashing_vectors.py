"""The known answers of docs/hashing.md against the kernels."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import xxhash
from datasketch import MinHash

from dedup import _core
from dedup.adapters.datasketch import hash_shingles
from dedup.params import BandParams, Params, SeedParams, SketchParams
from dedup.sketches.permutations import draw_permutations
from dedup.sketches.seed import find_seeds
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import tokenize

PAGE = (Path(__file__).parents[2] / "docs" / "hashing.md").read_text(encoding="utf-8")
ANSWERS = json.loads(re.search(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1])


def digits(value, n=16):
    return f"{int(value):0{n}x}"


def hash_text(text):
    return xxhash.xxh64_hexdigest(text.encode(), seed=0)


def test_every_section_has_answers():
    told = re.findall(r"`(\w+)`: ", PAGE.split("## Known answers")[1])
    assert told == list(ANSWERS)
    assert all(ANSWERS.values())


@pytest.mark.parametrize(("text", "folded", "value"), ANSWERS["tokens"])
def test_tokens(text, folded, value):
    assert [digits(found) for found in tokenize([text]).hashes] == [value] == [hash_text(folded)]


@pytest.mark.parametrize(("text", "prefix", "value"), ANSWERS["stems"])
def test_stems(text, prefix, value):
    assert [digits(found) for found in tokenize([text]).stems] == [value] == [hash_text(prefix)]


@pytest.mark.parametrize(("text", "hashes", "stems"), ANSWERS["characters"])
def test_characters(text, hashes, stems):
    tokens = tokenize([text])
    assert [digits(found) for found in tokens.hashes] == hashes == [hash_text(c) for c in text]
    assert [digits(found) for found in tokens.stems] == stems


@pytest.mark.parametrize(("value", "finalized"), ANSWERS["avalanche"])
def test_avalanche(value, finalized):
    assert digits(_core.avalanche(int(value, 16))) == finalized


@pytest.mark.parametrize(("left", "right", "value"), ANSWERS["combine"])
def test_combine(left, right, value):
    assert digits(_core.combine(int(left, 16), int(right, 16))) == value


@pytest.mark.parametrize(("text", "k", "values"), ANSWERS["shingles"])
def test_shingles(text, k, values):
    hashes = tokenize([text]).hashes
    assert [digits(found) for found in _core.hash_shingles(hashes, k)] == values


@pytest.mark.parametrize(("number", "value"), ANSWERS["salts"])
def test_salts(number, value):
    assert digits(_core.slot_salt(number)) == value


@pytest.mark.parametrize(("text", "k", "n_perm", "slots"), ANSWERS["signatures"])
def test_signatures(text, k, n_perm, slots):
    found = sketch(tokenize([text]), SketchParams(k, n_perm))
    assert [digits(slot, 8) for slot in found.signatures[0]] == slots


@pytest.mark.parametrize(("value", "finalized"), ANSWERS["fmix32"])
def test_fmix32(value, finalized):
    assert digits(_core.fmix32(int(value, 16)), 8) == finalized


@pytest.mark.parametrize(("n_perm", "seed", "multipliers", "increments"), ANSWERS["permutations"])
def test_permutations(n_perm, seed, multipliers, increments):
    found = draw_permutations(n_perm, seed)
    assert [[digits(value, 8) for value in row] for row in found] == [multipliers, increments]


@pytest.mark.parametrize(("text", "k", "n_perm", "seed", "slots"), ANSWERS["affine"])
def test_affine_signatures(text, k, n_perm, seed, slots):
    found = sketch(tokenize([text]), SketchParams(k, n_perm, "affine32", seed))
    assert [digits(slot, 8) for slot in found.signatures[0]] == slots
    minhash = MinHash(n_perm, seed, scheme="affine32", hashfunc=int)
    minhash.update_batch(hash_shingles(text, k))
    assert [digits(slot, 8) for slot in minhash.hashvalues] == slots


@pytest.mark.parametrize(("text", "k", "n_perm", "n_bands", "n_rows", "keys"), ANSWERS["bands"])
def test_bands(text, k, n_perm, n_bands, n_rows, keys):
    found = sketch(tokenize([text]), SketchParams(k, n_perm)).bands(BandParams(n_bands, n_rows))
    assert [digits(key) for key in found[0]] == keys


@pytest.mark.parametrize(("text", "window", "min_bits", "sample", "rows"), ANSWERS["seeds"])
def test_seeds(text, window, min_bits, sample, rows):
    found = find_seeds(tokenize([text]), SeedParams(window, min_bits, sample))
    columns = zip(found.keys, found.positions, strict=True)
    assert [[digits(key), int(at)] for key, at in columns] == rows


@pytest.mark.parametrize(("preset", "value"), ANSWERS["recipe"])
def test_recipe(preset, value):
    assert Params.preset(preset).digest() == value


@pytest.mark.parametrize(("k", "n_perm", "scheme", "seed", "value"), ANSWERS["sketches"])
def test_recipe_of_sketches(k, n_perm, scheme, seed, value):
    assert SketchParams(k, n_perm, scheme, seed).digest() == value
