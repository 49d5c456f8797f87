"""Tokens as bytes, and numbers of words, one by one."""

from __future__ import annotations

from collections.abc import Iterable

Word = tuple[int, int]  # hash, stem
Token = tuple[int, int, int, int, int, bool]  # number, start, end, flags, role, is cut


def number(words: Iterable[Word], known: list[Word]) -> list[int]:
    """Return the number of each word; new ones are appended to those that are known."""
    numbers = []
    for word in words:
        if word not in known:
            known.append(word)
        numbers.append(known.index(word))
    return numbers


def pack(tokens: Iterable[Token]) -> bytes:
    """Return the bytes of the tokens of an article."""
    packed, end_before = b"", 0
    for number, start, end, flags, role, is_cut in tokens:
        gap, length = start - end_before, end - start
        if number < 2**15:
            packed += number.to_bytes(2, "little")
        else:
            packed += (number % 2**15 + 2**15).to_bytes(2, "little")
            packed += (number // 2**15).to_bytes(2, "little")
        packed += bytes([flags, min(gap, 31) + 32 * is_cut + 64 * role, min(length, 255)])
        packed += gap.to_bytes(4, "little") if gap >= 31 else b""
        packed += length.to_bytes(4, "little") if length >= 255 else b""
        end_before = end
    return packed


def unpack(packed: bytes) -> list[Token]:
    """Return the tokens of an article."""
    at, end, tokens = 0, 0, []

    def take(n: int) -> int:
        nonlocal at
        at += n
        return int.from_bytes(packed[at - n : at], "little")

    while at < len(packed):
        number = take(2)
        if number >= 2**15:
            number += (take(2) - 1) * 2**15
        flags, marks, length = take(1), take(1), take(1)
        gap = take(4) if marks % 32 == 31 else marks % 32
        length = take(4) if length == 255 else length
        start = end + gap
        end = start + length
        tokens.append((number, start, end, flags, marks // 64, bool(marks // 32 % 2)))
    return tokens
