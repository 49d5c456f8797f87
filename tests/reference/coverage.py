"""How much of a text spans cover, code point by code point."""

from __future__ import annotations

Span = tuple[int, int]


def cover_text(spans: list[Span], pieces: list[Span]) -> float:
    text = {point for start, stop in pieces for point in range(start, stop)}
    covered = {point for start, stop in spans for point in range(start, stop)} & text
    return len(covered) / len(text) if covered else 0.0
