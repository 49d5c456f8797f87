"""Parameters refuse what cannot be, and name it; digests tell recipes apart."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup.params import (
    FOREIGN_SHINGLES,
    AlignParams,
    BandParams,
    BoilerplateParams,
    Params,
    SeedParams,
    SketchParams,
)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"scheme": "minhash"}, "one of fss, affine32, not 'minhash'"),
        ({"n_perm": 100}, "power of two for the scheme fss, not 100"),
        ({"n_perm": 0}, "n_perm must be 1 to 65536, not 0"),
        ({"n_perm": 0, "scheme": "affine32"}, "n_perm must be 1 to 65536, not 0"),
        ({"n_perm": 128.0}, "n_perm must be int, not 128.0"),
        ({"n_perm": True}, "n_perm must be int, not True"),
        ({"k": -1}, "k must be 1 to 1000, not -1"),
        ({"k": 2**63}, "k must be 1 to 1000, not 9223372036854775808"),
        ({"n_perm": 2**33}, "n_perm must be 1 to 65536, not 8589934592"),
        ({"k": "3"}, "k must be int, not '3'"),
        ({"seed": 2}, "seed = 2 needs the scheme affine32"),
        ({"seed": -1, "scheme": "affine32"}, "0 to 4294967295, not -1"),
        ({"seed": 2**32, "scheme": "affine32"}, "0 to 4294967295, not 4294967296"),
        ({"seed": None, "scheme": "affine32"}, "seed must be int, not None"),
    ],
)
def test_a_sketch_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        SketchParams(**values)


def test_zero_has_one_digest() -> None:
    blocks = [BoilerplateParams(max_resemblance=zero) for zero in (-0.0, 0.0, 0)]
    assert len({repr(one) for one in blocks}) == 1


@pytest.mark.parametrize("n_perm", [1, 3, 100, 129])
def test_affine_permutations_may_be_any_number(n_perm: int) -> None:
    assert SketchParams(n_perm=n_perm, scheme="affine32", seed=2**32 - 1).n_perm == n_perm


def test_nothing_is_sketched_with_foreign_shingles() -> None:
    foreign = SketchParams(k=FOREIGN_SHINGLES)
    with pytest.raises(dedup.ParameterError, match="k must be 1 to 1000, not 0"):
        Params(sketch=foreign)


def test_bands_have_to_fit_the_signature() -> None:
    sketch = SketchParams(n_perm=100, scheme="affine32")
    with pytest.raises(dedup.ParameterError, match=r"64 \* 2, more than sketch\.n_perm = 100"):
        Params(sketch=sketch)
    assert Params(sketch=sketch, band=BandParams(50, 2)).sketch == sketch


def test_the_recipe_of_a_sketch_is_every_value_of_it() -> None:
    base = SketchParams(scheme="affine32")
    others = [
        replace(base, k=4),
        replace(base, n_perm=64),
        replace(base, seed=2),
        replace(base, scheme="fss"),
    ]
    digests = {params.digest() for params in (base, *others)}
    assert len(digests) == 5
    assert base.digest() == SketchParams(3, 128, "affine32", 1).digest()


def test_the_recipe_of_a_sketch_is_not_that_of_seeds() -> None:
    params = Params(seed=SeedParams(sample=3))
    assert params.digest() != Params().digest()
    assert params.sketch.digest() == Params().sketch.digest()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"min_share": 1.5}, "min_share must be 0 to 1, not 1.5"),
        ({"max_resemblance": 2}, "max_resemblance must be 0 to 1, not 2"),
        ({"min_articles": -1}, "min_articles must be 0 to 2147483647, not -1"),
    ],
)
def test_boilerplate_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        Params(boilerplate=BoilerplateParams(**values))


def test_what_changes_postings_is_of_the_recipe() -> None:
    assert Params(boilerplate=BoilerplateParams(min_articles=9)).digest() != Params().digest()
    assert Params.preset("pan").digest() != Params.preset("news").digest()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"chance_rate": 0}, "chance_rate must be 0.001 to 0.499, not 0"),
        ({"chance_rate": 0.5}, "chance_rate must be 0.001 to 0.499, not 0.5"),
        ({"max_suppressed": 1.5}, "max_suppressed must be 0 to 1, not 1.5"),
        ({"abridged_cosine": 1.5}, "abridged_cosine must be 0 to 1, not 1.5"),
        ({"min_score": -1.0}, "min_score must be 0 to 2147483647, not -1.0"),
        ({"slope": float("inf")}, "slope must be 0 to 2147483647, not inf"),
        ({"abridged_ratio": float("nan")}, "abridged_ratio must be 0 to 2147483647, not nan"),
        ({"min_run": 2.5}, "min_run must be int, not 2.5"),
    ],
)
def test_an_alignment_that_cannot_be_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=message):
        Params(align=AlignParams(**values))


def test_the_presets_differ_in_alignment_and_in_what_is_masked() -> None:
    news, pan = map(Params.preset, ("news", "pan"))
    assert news == Params()
    assert replace(news, align=pan.align, boilerplate=pan.boilerplate) == pan
    with pytest.raises(dedup.ParameterError, match="one of news, pan, not 'web'"):
        Params.preset("web")


def test_twice_as_many_false_passages_cost_two_bits() -> None:
    least = Params().align.min_score
    for sensitivity, expected in ((3, least), (6, least - 2), (0.75, least + 4)):
        params = Params().at_sensitivity(sensitivity)
        assert params.align.min_score == pytest.approx(expected)
        assert replace(params, align=Params().align) == Params()


@pytest.mark.parametrize("sensitivity", [0, -1, float("nan"), float("inf")])
def test_a_sensitivity_that_cannot_be_is_refused(sensitivity: float) -> None:
    with pytest.raises(dedup.ParameterError, match="a number above 0, not"):
        Params().at_sensitivity(sensitivity)


def test_a_sensitivity_that_accepts_anything_is_refused() -> None:
    with pytest.raises(dedup.ParameterError, match="sensitivity = 1e\\+30 would accept anything"):
        Params().at_sensitivity(1e30)


NAMES = [(block, name) for block, own in dedup.Params().to_dict().items() for name in own]


@pytest.mark.parametrize(("block", "name"), NAMES)
def test_every_parameter_can_be_set_by_its_name(block: str, name: str) -> None:
    params = dedup.Params()
    value = getattr(getattr(params, block), name)
    assert params.with_values({f"{block}.{name}": str(value)}) == params
    bad = "xyz" if not isinstance(value, bool) else "2"
    with pytest.raises(dedup.ParameterError, match=f"{block}.{name} must be .*, not '{bad}'"):
        params.with_values({f"{block}.{name}": bad})


def test_values_are_set_together() -> None:
    values = {"band.n_bands": "32", "sketch.n_perm": "64", "boilerplate.mask_credits": "False"}
    params = dedup.Params().with_values(values)
    assert (params.band.n_bands, params.sketch.n_perm) == (32, 64)
    assert params.boilerplate.mask_credits is False


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"align.min_char": "3"}, "no parameter align.min_char; do you mean align.min_chars?"),
        ({"aling.min_chars": "3"}, "do you mean align.min_chars?"),
        ({"max_suppressed": "3"}, "do you mean align.max_suppressed?"),
        ({"zzz": "3"}, "there is no parameter zzz; the blocks are sketch, band, "),
        ({"align.min_chars": "-3"}, "align.min_chars must be 0 to 2147483647, not -3"),
        ({"align.window": "0"}, "align.window must be 1 to 65536, not 0"),
        ({"align.window": "99999"}, "align.window must be 1 to 65536, not 99999"),
        ({"align.min_score": "nan"}, "align.min_score must be 0 to 2147483647, not nan"),
        ({"align.min_run": "9999999999"}, "align.min_run must be 0 to 2147483647, not"),
        ({"story.min_both": "2"}, "story.min_both must be 0 to 1, not 2.0"),
        ({"band.n_rows": "9"}, "more than sketch.n_perm = 128"),
    ],
)
def test_what_cannot_be_set_is_named(values: dict[str, str], message: str) -> None:
    with pytest.raises(dedup.ParameterError, match=re.escape(message)):
        dedup.Params().with_values(values)


@pytest.mark.parametrize(
    "call",
    [
        lambda given, _: dedup.find_overlaps([], given),
        lambda given, _: dedup.compare("one", "two", given),
        lambda given, _: list(dedup.filter([], params=given)),
        lambda given, _: dedup.sketch(["one"], given),
        lambda given, folder: dedup.Index(folder, given),
    ],
)
def test_parameters_of_another_type_are_named(call: Any, tmp_path: Path) -> None:
    with pytest.raises(dedup.ParameterError, match=r"params must be dedup\.Params, not dict"):
        call({}, tmp_path / "index")
    assert not (tmp_path / "index").exists()
