"""Affine permutations with Python integers, after the scheme affine32 of datasketch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

EMPTY = 2**32 - 1


def fmix32(value: int) -> int:
    """The finalizer of MurmurHash3, x86, 32 bits."""
    value ^= value >> 16
    value = value * 0x85EBCA6B % 2**32
    value ^= value >> 13
    value = value * 0xC2B2AE35 % 2**32
    return value ^ value >> 16


def signature(shingles: Iterable[int], permutations: Sequence[Sequence[int]]) -> list[int]:
    """For each permutation the least value that a shingle takes; EMPTY without shingles."""
    hashes = {fmix32(shingle % 2**32) for shingle in shingles}
    return [
        min(((a * value + b) % 2**32 for value in hashes), default=EMPTY)
        for a, b in zip(*permutations, strict=True)
    ]
