"""Records against plain lists, in memory, in a file, and where they move from one to the other."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime.spill import MemoryBudget, SpillArray, SpillObjects
from tests.strategies import law

COLUMNS = (np.uint64, (np.uint16, (2,)))
ROW_BYTES = 12
LIMITS = st.sampled_from([0, 100, 1 << 30])
BLOCKS = st.lists(st.lists(st.lists(st.integers(0, 99), max_size=5), max_size=4), max_size=6)


def _rows(values):
    keys = np.array(values, np.uint64)
    return keys, np.stack([keys % 7, keys % 5], axis=1).astype(np.uint16)


def _fill(blocks, limit):
    records = SpillArray(COLUMNS, MemoryBudget(limit))
    for block in blocks:
        flat = [value for own in block for value in own]
        records.append(_rows(flat), np.array([len(own) for own in block], np.int64))
    records.close_off()
    return records, [own for block in blocks for own in block]


def _read(records, numbers):
    (keys, places), offsets = records.take(np.array(numbers, np.int64))
    assert (keys.dtype, places.dtype) == (np.uint64, np.uint16)
    assert (places == np.stack([keys % 7, keys % 5], axis=1)).all()
    return [keys[a:b].tolist() for a, b in pairwise(offsets)]


@law(150)
@given(BLOCKS, LIMITS, st.data())
def test_rows_are_what_was_added(blocks, limit, data):
    records, plain = _fill(blocks, limit)
    assert len(records) == len(plain)
    numbers = data.draw(st.lists(st.sampled_from(range(len(plain))), max_size=8)) if plain else []
    assert _read(records, numbers) == [plain[number] for number in numbers]
    assert records.lengths.tolist() == [len(own) for own in plain]
    order = data.draw(st.permutations(range(len(plain))))
    records.reorder(np.array(order, np.int64))
    assert _read(records, range(len(plain))) == [plain[number] for number in order]


@law(150)
@given(BLOCKS, LIMITS, st.data())
def test_rows_are_replaced_by_fewer(blocks, limit, data):
    records, plain = _fill(blocks, limit)
    numbers = data.draw(st.lists(st.sampled_from(range(len(plain))), unique=True)) if plain else []
    for number in numbers:
        plain[number] = plain[number][: len(plain[number]) // 2]
    rows = _rows([value for number in numbers for value in plain[number]])
    lengths = np.array([len(plain[number]) for number in numbers], np.int64)
    records.replace(np.array(numbers, np.int64), rows, lengths)
    assert _read(records, range(len(plain))) == plain


@law(60)
@given(st.lists(st.lists(st.text(max_size=9), max_size=3), max_size=5), LIMITS, st.data())
def test_values_are_what_was_added(blocks, limit, data):
    values = SpillObjects(MemoryBudget(limit))
    for block in blocks:
        values.append(block, 40 * len(block))
    plain = [value for block in blocks for value in block]
    order = data.draw(st.permutations(range(len(plain))))
    values.reorder(np.array(order, np.int64))
    assert values.take(np.arange(len(plain))) == [plain[number] for number in order]


def test_rows_move_to_a_file_when_memory_is_full():
    memory = MemoryBudget(10 * ROW_BYTES)
    first, second = SpillArray(COLUMNS, memory), SpillArray(COLUMNS, memory)
    first.append(_rows(range(8)), np.array([8]))
    second.append(_rows(range(4)), np.array([4]))
    assert (first._is_spilled, second._is_spilled) == (False, True)
    second.append(_rows(range(2)), np.array([2]))
    assert _read(second, [0, 1]) == [[0, 1, 2, 3], [0, 1]]


def test_a_full_directory_is_named(monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dedup.runtime.spill.os.pwrite", refuse)
    with pytest.raises(OSError, match=r"No space left on device: .*temporary files") as error:
        SpillArray(COLUMNS, MemoryBudget(0)).append(_rows(range(2)), np.array([2]))
    assert error.value.errno == 28
