"""The hash contract in Python integers."""

from __future__ import annotations

import xxhash

MASK = 2**64 - 1
# The primes of the specification, in decimal there as here.
PRIME_1 = 11400714785074694791
PRIME_2 = 14029467366897019727
PRIME_3 = 1609587929392839161
PRIME_5 = 2870177450012600261


def hash_bytes(data: bytes) -> int:
    """XXH64 as its authors wrote it."""
    return xxhash.xxh64_intdigest(data, seed=0)


def hash_text(text: str) -> int:
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def avalanche(value: int) -> int:
    value = (value ^ value >> 33) * PRIME_2 & MASK
    value = (value ^ value >> 29) * PRIME_3 & MASK
    return value ^ value >> 32


def combine(left: int, right: int) -> int:
    return (left * PRIME_1 + right) & MASK


def hash_sequence(first: int, rest: list[int]) -> int:
    """Finalize the polynomial ``first, rest[0], rest[1], ...`` in powers of the first prime."""
    degree = len(rest)
    total = sum(
        value * pow(PRIME_1, degree - power, 2**64) for power, value in enumerate([first, *rest])
    )
    return avalanche(total & MASK)
