"""What is done to arguments that a test gave: small changes keep most of them plausible."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from tests.fuzz.doors import Argument, Door
from tests.fuzz.draws import BYTES, FLOATS, INTEGERS, WRONG, Array, draw_element, draw_scalar

LARGE = 1 << 13


def _change_elements(array: Array, rng: random.Random) -> Array:
    flat = array.copy().reshape(-1)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(flat))
        step = rng.choice((1, -1, 2, 0))
        if flat.dtype.kind == "b" and step == 2:
            flat.view(np.uint8)[at] = rng.choice((2, 254, 255))
        elif step and flat.dtype.kind in "iu":
            with np.errstate(over="ignore"):
                flat[at] += flat.dtype.type(step) if step > 0 else -flat.dtype.type(-step)
        else:
            flat[at] = draw_element(flat.dtype, len(flat), rng)
    return flat.reshape(array.shape)


def _insert_bytes(array: Array, rng: random.Random) -> Array:
    flat = array.copy()
    piece = np.frombuffer(rng.choice(BYTES), np.uint8)[: len(flat)]
    at = rng.randrange(len(flat) - len(piece) + 1)
    flat[at : at + len(piece)] = piece
    return flat


def _resize(array: Array, n: int) -> Array:
    if len(array) == 0:
        return np.zeros((n, *array.shape[1:]), array.dtype)
    return array[np.arange(n) % len(array)].copy()


def _shift(array: Array) -> Array:
    # The same elements, of which none stands where its type wants it.
    raw = np.zeros(array.nbytes + 1, np.uint8)[1:]
    raw[:] = np.frombuffer(array.tobytes(), np.uint8)
    return raw.view(array.dtype).reshape(array.shape)


def _overlap(array: Array, other: Array) -> Array:
    # Elements of one type in the memory of another array.
    raw = other.reshape(-1).view(np.uint8)
    n = len(raw) // array.itemsize
    if not array.size:
        return array
    n -= n % (array.size // len(array))
    return raw[: n * array.itemsize].view(array.dtype).reshape(-1, *array.shape[1:])


def _misshape(array: Array, rng: random.Random) -> Any:
    if array.dtype.kind == "u" and rng.random() < 0.3:
        return array.astype(np.int64 if array.itemsize != 8 else np.int32)
    way = rng.randrange(7)
    if way == 6:
        return _shift(array)
    if way == 0:
        return np.repeat(array, 2, axis=0)[::2]
    if way == 1:
        return array[::-1]
    if way == 2:
        return array.reshape(1, *array.shape) if rng.random() < 0.5 else array.reshape(-1)
    if way == 3 and array.ndim == 2:
        return np.ascontiguousarray(array[:, : rng.randrange(array.shape[1] + 1)])
    if way == 4:
        frozen = array.copy()
        frozen.flags.writeable = False
        return frozen
    return array.astype(array.dtype.newbyteorder()) if way == 5 else rng.choice(WRONG)


def _change_array(array: Array, rng: random.Random) -> Any:
    if array.nbytes > LARGE and rng.random() < 0.9:
        return array
    n, way = len(array), rng.random()
    if way < 0.45 and array.size:
        is_text = array.dtype == np.uint8 and array.ndim == 1
        return (_insert_bytes if is_text and rng.random() < 0.6 else _change_elements)(array, rng)
    if way < 0.6:
        return _resize(array, rng.choice((0, 1, max(0, n - 1), n + 1, n // 2, 2 * n + 1)))
    if way < 0.75:
        return array[np.array(rng.sample(range(n), n), np.int64)].copy()
    if way < 0.85:
        return np.sort(array, axis=0)
    if way < 0.95 and array.size:
        return np.full_like(array, array.reshape(-1)[rng.randrange(array.size)])
    return _misshape(array, rng)


def _change(value: Any, argument: Argument, rng: random.Random) -> Any:
    if isinstance(value, np.ndarray) and value.ndim:
        return _change_array(value, rng)
    if isinstance(value, tuple) and value:
        at = rng.randrange(len(value))
        if isinstance(value[at], np.ndarray | tuple):
            return (*value[:at], _change(value[at], argument, rng), *value[at + 1 :])
        kind = argument.members[at] if len(argument.members) == len(value) else "float"
        return (*value[:at], draw_scalar(kind, rng), *value[at + 1 :])
    if rng.random() < 0.03:
        return rng.choice(WRONG)
    if type(value) is int and rng.random() < 0.4:
        return rng.choice((value - 1, value + 1, value * 2, value // 2, -value))
    if argument.kind in ("int", "float") and rng.random() < 0.5:
        return rng.choice(INTEGERS if argument.kind == "int" else FLOATS)
    return draw_scalar(argument.kind, rng)


def _resize_alike(values: list[Any], rng: random.Random) -> None:
    # Columns of one table stay equally long.
    lengths = [len(value) for value in values if isinstance(value, np.ndarray) and value.ndim]
    if not lengths:
        return
    old = rng.choice(lengths)
    new = rng.choice((max(0, old - 1), old + 1, 2 * old, old // 2, 0))
    for at, value in enumerate(values):
        if isinstance(value, np.ndarray) and value.ndim and len(value) == old < LARGE:
            values[at] = _resize(value, new)


def change(door: Door, seeds: list[tuple[Any, ...]], rng: random.Random) -> list[Any]:
    """Return the arguments of a test with a few things changed."""
    values = [
        value.copy() if isinstance(value, np.ndarray) and value.nbytes <= LARGE else value
        for value in rng.choice(seeds)
    ]
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 4))):
        at, way = rng.randrange(len(values)), rng.random()
        if way < 0.75:
            values[at] = _change(values[at], door.arguments[at], rng)
        elif way < 0.85:
            other = rng.choice(seeds)
            values[at] = other[at] if at < len(other) else values[at]
        elif way < 0.95:
            _resize_alike(values, rng)
        else:  # one array, or its memory, in two places
            own, other = values[at], rng.choice(values)
            both = isinstance(own, np.ndarray) and isinstance(other, np.ndarray)
            is_close = both and own.shape and other.shape and other.flags.c_contiguous
            values[at] = _overlap(own, other) if is_close else other
    return values
