"""Runs of equal words of two texts, by comparing every place with every other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

Run = tuple[int, int, int]


def find_runs(
    a: Sequence[int],
    cuts_a: Collection[int],
    b: Sequence[int],
    cuts_b: Collection[int],
    parts_b: Collection[tuple[int, int]],
    min_words: int,
) -> list[Run]:
    """For each word of a, the longest run that ends with it, unless the next word extends it."""
    words_b = [word if any(low <= q < high for low, high in parts_b) else None
               for q, word in enumerate(b)]  # fmt: skip
    found: list[Run] = []
    for end in range(1, len(a) + 1):
        longest = max((_match(a, cuts_a, end, words_b, cuts_b, other), -other)
                      for other in range(1, len(b) + 1)) if b else (0, 0)  # fmt: skip
        length, other = longest[0], -longest[1]
        if length >= min_words:
            run = end - length, other - length, length
            if found and found[-1][0] == run[0]:
                found.pop()
            found.append(run)
    return found


def _match(
    a: Sequence[int],
    cuts_a: Collection[int],
    end: int,
    b: Sequence[int | None],
    cuts_b: Collection[int],
    other: int,
) -> int:
    """Words that are equal before two places, up to a cut in either text."""
    n = 0
    while n < end and n < other and a[end - 1 - n] == b[other - 1 - n]:
        n += 1
        if end - n in cuts_a or other - n in cuts_b:
            break
    return n
