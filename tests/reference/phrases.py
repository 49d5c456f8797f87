"""Phrases in a text by their first two pieces, by regular expressions."""

from __future__ import annotations

import re

# Letters, digits and underscores of ASCII.
_PIECE = re.compile("[0-9A-Za-z_]+")
# What the core reads: Latin letters, punctuation, money, symbols; not those that match an ASCII
# letter if case is ignored.
_KNOWN = re.compile(
    "[\u0000-\u012f\u0132-\u017e\u0180-\u024f\u2000-\u207f\u20a0-\u20bf\u2122\u2500-\u27bf\ufeff]*"
)


def pieces(text: str) -> list[tuple[int, str]]:
    """Places of the pieces of a text, and the pieces in small letters."""
    return [(match.start(), match[0].lower()) for match in _PIECE.finditer(text)]


def find(text: str, phrases: list[str]) -> list[tuple[int, int]]:
    """Places at which phrases may begin, and which, sorted."""
    own = pieces(text)
    found = []
    for number, phrase in enumerate(phrases):
        wanted = [piece for _, piece in pieces(phrase)[:2]]
        for at, (place, _) in enumerate(own):
            if [piece for _, piece in own[at : at + len(wanted)]] == wanted:
                found.append((place, number))
    return sorted(found)


def is_foreign(text: str) -> bool:
    """Whether the core leaves a text to patterns."""
    return not _KNOWN.fullmatch(text)
