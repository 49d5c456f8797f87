"""Coverage by counting characters."""

from __future__ import annotations

from collections.abc import Iterable

from dedup.model.article import Span


def characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {char for start, end in spans for char in range(start, end)}


def coverage(spans: Iterable[Span], pieces: Iterable[tuple[int, int]]) -> float:
    whole = characters(pieces)
    return len(characters(spans) & whole) / len(whole) if whole else 0.0


def shared(n_words: int, edits: Iterable[tuple[int, int, str]]) -> float:
    """Share of the words in edits (start, end, operation) that have equal words."""
    equal = (edit[:2] for edit in edits if edit[2] in ("kept", "moved"))
    return len(characters(equal)) / n_words


def iou(left: tuple[int, int], right: tuple[int, int]) -> float:
    """Characters of both spans over characters of either."""
    a, b = set(range(*left)), set(range(*right))
    return len(a & b) / len(a | b)
