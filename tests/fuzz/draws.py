"""Arguments for a door: made of its types, or of those of a test, with something wrong or odd.

Everything is drawn from one seeded generator, so that a case is known by its number.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np

from dedup.text import tables
from tests.fuzz.doors import Argument, Door
from tests.fuzz.seeds import FOLDING

INTEGERS = (
    0, 1, 2, 3, -1, 5, 8, 15, 16, 31, 32, 33, 64, 255, 256, 65535, 65536, 2**31 - 1, 2**31,
    2**32 - 1, 2**32, 2**62, 2**63 - 2, 2**63 - 1, 2**63, 2**64 - 1, 2**64,
    -(2**31), -(2**32), -(2**63), -(2**64),
)  # fmt: skip
FLOATS = (0.0, -0.0, 0.1, 0.5, 1.0, -1.0, 8.0, 1e9, 1e19, 1e308, -1e308, 5e-324,
          float("nan"), float("inf"), float("-inf"))  # fmt: skip
# Whole, truncated, overlong and impossible UTF-8.
BYTES = (
    b"the Mayor ", b"voted", b" ", b"\n", b"12", b"'", "é".encode(), "漢字".encode(), "🙂".encode(),
    "ำ".encode(), "ﷺ".encode(), "İ".encode(), b"\xc3", b"\xe6\xbc", b"\xf0\x9f\x99", b"\xf0\x9f",
    b"\x80", b"\xbf" * 5, b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\xf8\x88\x80\x80\x80", b"\xff", b"\xfe", b"\0", b"a" * 40, b"\xe2\x80\x99", b"\xcc\x81" * 20,
)  # fmt: skip
VARIANTS = (None, "portable", "sse2", "avx2", "avx512", "none", "")
WRONG = (None, "x", b"x", 1.5, [1, 2], (), object(), np.int64(3), np.zeros(()), {})
Array = np.ndarray[Any, Any]


def draw_text(rng: random.Random, size: int) -> Array:
    """Return bytes that are UTF-8 in part, most often with padding."""
    data = b"".join(rng.choices(BYTES, k=size // 2 + 1))[: size + 64]
    padding = rng.choice((0, 1, 32, 64, 64, 64))
    return np.frombuffer(data + b"\0" * padding, np.uint8).copy()


@cache
def _odd(dtype: np.dtype[Any]) -> Array:
    if dtype.kind == "f":
        with np.errstate(over="ignore", under="ignore"):
            return np.array(FLOATS).astype(dtype)
    if dtype.kind == "b":
        return np.array([False, True])
    limits = np.iinfo(dtype)
    return np.array([one for one in INTEGERS if limits.min <= one <= limits.max], dtype)


def draw_element(dtype: np.dtype[Any], size: int, rng: random.Random) -> Any:
    """Return an element for an array of a size: often an index into it, else an odd number."""
    if dtype.kind in "iu" and rng.random() < 0.5:
        return min(rng.randrange(size + 2), np.iinfo(dtype).max)
    return rng.choice(_odd(dtype))


def _array(argument: Argument, sizes: list[int], rng: random.Random) -> Array:
    dtype, size = argument.dtype, rng.choice(sizes)
    assert dtype is not None
    if argument.name == "text":
        return draw_text(rng, size)
    if argument.name == "idf" and rng.random() < 0.9:
        return tables.idf()
    n_columns = rng.choice((2, 2, 2, 3, 4, 5, 0, 1, 8, 64) if size < 50 else (2, 2, 3, 4, 5))
    shape = (size,) if argument.n_dimensions == 1 else (size, n_columns)
    fast = np.random.default_rng(rng.getrandbits(32))
    odd = fast.choice(_odd(dtype), shape)
    if dtype.kind == "f":
        values = np.where(fast.random(shape) < 0.8, fast.random(shape), odd).astype(dtype)
    else:
        top = min(rng.choice((2, 4, size + 1, size + 1)), 255)
        share_odd = rng.choice((0, 0, 0, 0.02, 0.3))
        small = fast.integers(0, top, shape).astype(dtype)
        values = np.where(fast.random(shape) < share_odd, odd, small)
    if rng.random() < 0.6:
        values = np.sort(values.reshape(-1)).reshape(shape)
    return np.ascontiguousarray(values)


def draw_scalar(kind: str, rng: random.Random, size: int = 8) -> Any:
    """Return a value of a type that is no array."""
    if kind == "int":
        return rng.randrange(size + 2) if rng.random() < 0.6 else rng.choice(INTEGERS)
    if kind == "float":
        return rng.choice(FLOATS) if rng.random() < 0.5 else rng.random() * rng.choice((1, 1, 50))
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "Folding":
        return FOLDING
    return rng.choice(VARIANTS)


def make(door: Door, rng: random.Random) -> list[Any]:
    """Return arguments of the right types, of sizes that often agree."""
    size = rng.choice((0, 1, 2, 3, 5, 8, 16, 40, 200))
    sizes = [size] * rng.choice((2, 6, 20)) + [size + 1, 0, 8]
    values: list[Any] = []
    for argument in door.arguments:
        if argument.kind == "array":
            values.append(_array(argument, sizes, rng))
        elif argument.kind == "tuple":
            values.append(tuple(draw_scalar(kind, rng, size) for kind in argument.members))
        else:
            values.append(draw_scalar(argument.kind, rng, size))
    return values
