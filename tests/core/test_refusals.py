"""What every door refuses of its arrays, and what it takes: one law for all doors.

Each array is one of the arguments of a door, or inside of a tuple that is one, and is told by
the names and places that lead to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dedup import _core
from dedup.align.scalars import Scalars
from dedup.text import tables
from tests.arguments import make
from tests.fuzz.doors import read_doors

DOORS = read_doors()
Path = tuple[int, ...]


def _walk(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, np.ndarray):
        yield path
    elif isinstance(value, tuple):
        for at, inner in enumerate(value):
            yield from _walk(inner, (*path, at))


def _get(value: Any, path: Path) -> np.ndarray:
    for at in path:
        value = value[at]
    return value


def _put(value: Any, path: Path, array: Any) -> Any:
    if not path:
        return array
    at, *rest = path
    return (*value[:at], _put(value[at], tuple(rest), array), *value[at + 1 :])


def _name(door: str, path: Path) -> str:
    first, *rest = path
    return ".".join([door, DOORS[door].arguments[first].name, *map(str, rest)])


VALID = make()
ARRAYS = {
    door: {_name(door, path): path for path in _walk(values)} for door, values in VALID.items()
}

# Arrays whose length no other tells, or only how much of them is looked at: in every door that
# has one of this name, or in one door.
FREE_LENGTHS = {
    "aligned", "cuts", "cuts_a", "cuts_b", "file", "matches", "pair.4", "pair.5", "pair.6",
    "queries", "shingles", "stretches",
    "Folding.runs", "align_gap.stems_b", "align_places.spans", "project_inwards.bounds",
    "project_inwards.nested", "project_outwards.inner", "choose_sources.sources",
    "count_bands.counts", "cover_tokens.covered", "fill_window.hits", "find_known.known",
    "find_known.offsets", "find_missing_names.pairs",
    "find_nested.spans", "find_repeats.offsets", "find_seeds.offsets",
    "find_segments.scores", "find_sources.hits", "gather_families.order", "gather_runs.offsets",
    "group_spans.spans", "hash_bytes.data", "hash_shingles.hashes", "hash_words.hashes",
    "hash_bands.signatures", "mark_articles.offsets",
    "fill_columns.denials", "fill_columns.numbers",
    "measure_places.projected", "extend_range.flags", "extend_stretches.flags_a",
    "extend_stretches.flags_b", "split_clusters.anchors", "find_phrases.offsets",
    "hash_phrases.offsets", "pack_tokens.offsets", "files.0.0", "find_runs.parts_b",
}  # fmt: skip
NOT_FREE = {"add_seeds.queries", "count_bands.queries"}
# Integers that lead nowhere: what is written, is only compared or counted, or is a number of its
# own; and those that may be -1 for none, or as large as they like.
FREE_VALUES = {
    "edges", "lengths", "sizes", "find_words.starts", "find_words.ends", "find_coverages.spans",
    "fold_spans.families", "gather_families.representatives", "keep_spread.days",
    "name_runs.counts", "cover_formulas.counts", "pair.4", "pair.5", "cuts", "cuts_a", "cuts_b",
    "write_lines.passages.6", "edits.2",
}  # fmt: skip
NONE_IS_FREE = {"a.1", "b.1", "pair.2.1", "pair.3.1", "cover_formulas.outlets"}
MUCH_IS_FREE = {"project.aligned", "find_nested.spans", "fold_spans.spans", "group_spans.spans",
                "name_runs.firsts", "name_runs.runs", "name_runs.widths"}  # fmt: skip
# Changed in place.
WRITTEN = {
    "edges", "jaccards", "scratch", "signature", "is_checked", "totals", "counts",
    "find_words.starts", "find_words.ends", "find_words.heads", "find_words.tails",
    "find_words.sizes", "find_words.points", "find_words.flags", "hash_words.hashes",
    "fill_signature.shingles", "sketch_articles.signatures", "sketch_texts.signatures",
    "cover_tokens.covered", "number_words.words", "number_words.slots", "unpack_tokens.hashes",
    "unpack_tokens.stems", "unpack_tokens.starts", "unpack_tokens.ends", "unpack_tokens.flags",
    "unpack_tokens.roles", "files.0.2",
}  # fmt: skip
READ = {"name_runs.counts", "choose_seeds.counts", "cover_formulas.counts"}
MOST = 2**63 - 1


@pytest.fixture(scope="module", autouse=True)
def forget() -> Iterator[None]:
    """What is held until Python ends is told as a leak."""
    yield
    VALID.clear()


def _is_in(name: str, names: set[str]) -> bool:
    return bool({name, name.split(".", 1)[1]} & names)


def _is_written(name: str) -> bool:
    return _is_in(name, WRITTEN) and name not in READ


def _call(door: str, path: Path, change: Any) -> None:
    values = VALID[door]
    array = change(_get(values, path))
    getattr(_core, door)(*_put(values, path, array))


def test_arguments_of_every_door_are_known():
    doors = {
        name
        for name, door in DOORS.items()
        if not all(one.kind in ("int", "float", "bool", "str | None") for one in door.arguments)
    }
    assert doors == VALID.keys()
    for door, values in VALID.items():
        getattr(_core, door)(*values)
    names = {name for own in ARRAYS.values() for name in own}
    told = FREE_LENGTHS | NOT_FREE | FREE_VALUES | NONE_IS_FREE | MUCH_IS_FREE
    assert told <= names | {name.split(".", 1)[1] for name in names}
    for own, door in ((own, door) for door, arrays in ARRAYS.items() for own in arrays):
        assert len(_get(VALID[door], ARRAYS[door][own])) > 1, own


def _as_other(array):
    others = {"u": np.int64, "i": np.uint32, "f": np.int64, "b": np.uint8}
    return array.astype(others[array.dtype.kind])


def _as_wider(array):
    return array.astype(np.float64 if array.dtype != np.float64 else np.float32)


def _turn(array):
    swapped = array.astype(array.dtype.newbyteorder())
    return swapped if array.itemsize > 1 else _as_other(array)


def _spread(array):
    return np.repeat(array, 2, axis=0)[::2]


def _reverse(array):
    return array[::-1]


def _deepen(array):
    return array[None]


@pytest.mark.parametrize("door", ARRAYS)
def test_another_type_or_layout_is_refused(door):
    for path in ARRAYS[door].values():
        for change in (_as_other, _as_wider, _turn, _spread, _reverse, _deepen, list):
            with pytest.raises(TypeError):
                _call(door, path, change)


@pytest.mark.parametrize("door", ARRAYS)
def test_what_is_read_may_be_read_only_and_what_is_written_may_not(door):
    def freeze(array):
        frozen = array.copy()
        frozen.flags.writeable = False
        return frozen

    for name, path in ARRAYS[door].items():
        if _is_written(name):
            with pytest.raises(TypeError):
                _call(door, path, freeze)
        else:
            _call(door, path, freeze)


@pytest.mark.parametrize("door", ARRAYS)
def test_nothing_is_written_but_what_may_be(door):
    values = make()[door]
    before = {name: _get(values, path).copy() for name, path in ARRAYS[door].items()}
    getattr(_core, door)(*values)
    for name, path in ARRAYS[door].items():
        assert _is_written(name) or (_get(values, path) == before[name]).all(), name


def _accepts(door: str, path: Path, change: Any) -> bool:
    try:
        _call(door, path, change)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("door", ARRAYS)
def test_a_row_or_column_too_few_is_refused(door):
    for name, path in ARRAYS[door].items():
        is_free = _is_in(name, FREE_LENGTHS) and name not in NOT_FREE
        assert _accepts(door, path, lambda array: array[:-1].copy()) == is_free, name
        if _get(VALID[door], path).ndim == 2 and not name.endswith(".signatures"):
            assert not _accepts(door, path, lambda array: array[:, 1:].copy()), name


def _set(at: int, value: int) -> Any:
    def change(array):
        changed = array.copy()
        changed.reshape(-1)[at] = min(value, np.iinfo(array.dtype).max)
        return changed

    return change


@pytest.mark.parametrize("door", ARRAYS)
def test_what_leads_outside_is_refused(door):
    """The first or the last number of an array: below all, or beyond."""
    for name, path in ARRAYS[door].items():
        if _get(VALID[door], path).dtype.kind != "i":
            continue
        is_free = _is_in(name, FREE_VALUES)
        for low in (_set(0, -1), _set(-1, -1)):
            may = is_free or _is_in(name, NONE_IS_FREE)
            assert may or not _accepts(door, path, low), name
        may = is_free or _is_in(name, MUCH_IS_FREE)
        assert may or not _accepts(door, path, _set(-1, MOST)), name


# Whole numbers that may be negative: limits that then hold nothing back, or everything.
MAY_BE_NEGATIVE = {
    "max_gap", "min_unit", "min_inside", "min_articles", "min_stories", "min_days",
    "find_seeds.max_repeats", "count_bands.min_hits", "measure_seeds.n_articles",
    "add_seeds.n_articles",
}  # fmt: skip


@pytest.mark.parametrize("door", VALID)
def test_scalars_of_another_type_or_below_zero_are_refused(door):
    for at, argument in enumerate(DOORS[door].arguments[: len(VALID[door])]):
        if argument.kind not in ("int", "float"):
            continue
        wrong = ["x", None, (), np.zeros(2)] + [1.5, 2**64, -(2**64)] * (argument.kind == "int")
        for value in wrong:
            with pytest.raises(TypeError):
                getattr(_core, door)(*_put(VALID[door], (at,), value))
        name = f"{door}.{argument.name}"
        if argument.kind == "int" and not _is_in(name, MAY_BE_NEGATIVE):
            with pytest.raises((ValueError, TypeError)):
                getattr(_core, door)(*_put(VALID[door], (at,), -1))


NAN, INFINITE = float("nan"), float("inf")
N_WEIGHTS = len(tables.second_look())
# By field of Scalars; by place: penalty, drop, least total, chance rate, most a bridge may cost.
_BAD: dict[str, tuple[object, ...]] = {
    "window": (0, -1, 65_537),
    "chance_rate": (0.0, 1.0, -0.1, NAN),
    "order_penalty": (-0.1, NAN),
    "unordered_penalty": (-0.1, NAN),
    "max_extension": (-1, 2**31),
    "abridged_penalty": (-0.1, NAN),
    "weights": (
        np.full(N_WEIGHTS, NAN),
        np.full(N_WEIGHTS, INFINITE),
        np.zeros(N_WEIGHTS - 1),
        np.zeros(N_WEIGHTS + 1),
    ),
}
BAD_SEARCH = [
    (Scalars._fields.index(name), value) for name, values in _BAD.items() for value in values
]
BAD_LIMITS = [(0, -0.1), (0, NAN), (3, 0.0), (3, 1.0), (3, NAN), (3, INFINITE)]


@pytest.mark.parametrize("door", VALID)
def test_scalars_of_a_search_that_make_no_sense_are_refused(door):
    for at, argument in enumerate(DOORS[door].arguments):
        if argument.name not in ("search", "limits"):
            continue
        scalars = VALID[door][at]
        for place, value in BAD_SEARCH if argument.name == "search" else BAD_LIMITS:
            with pytest.raises(ValueError, match=r"search|limits"):
                getattr(_core, door)(*_put(VALID[door], (at, place), value))
        for wrong in (scalars[:-1], (*scalars, 1.0), (*scalars[:-1], "x"), None, "x"):
            with pytest.raises(TypeError):
                getattr(_core, door)(*_put(VALID[door], (at,), wrong))
