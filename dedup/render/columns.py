"""Sanitizing of input text, and its measuring and wrapping for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from dedup.pattern import lazy_pattern

# Joiners shape Persian, Indic scripts and emoji; invisible characters are removed.
_JOINERS = "\u200c\u200d"
_FORMLESS = "\u00ad\u200b\u2060\ufeff"

# Characters that a page cannot hold or that reorder text, and replacements of some.
_ODD = lazy_pattern(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_IN_PLACE = {"\r": " ", "\u2028": "\n", "\u2029": "\n"}

# Latin letters and punctuation take one column each; others need the tables of wcwidth.
_NARROW = lazy_pattern("[ -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")

_SPACES = lazy_pattern(r"(\s+)")


class Piece(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: str = ""


def visible(text: str) -> str:
    """Replace characters that control a terminal or reorder text by visible ones."""
    return text if text.isprintable() else "".join(map(_visible_char, text))


def visible_in_place(text: str) -> str:
    """Replace characters that a page cannot hold or that reorder text by visible ones."""
    return _ODD.sub(lambda odd: _IN_PLACE.get(odd[0]) or _picture(odd[0]), text)


def n_columns(text: str) -> int:
    """Return the width of visible text in a terminal."""
    if _NARROW.fullmatch(text):
        return len(text)
    from wcwidth import wcswidth

    return max(0, wcswidth(text))


def wrap(pieces: Iterable[Piece], width: int, label: str, color: bool) -> Iterator[str]:
    """Wrap text behind a label; further lines are indented to it."""
    start, room = label, width - n_columns(label)
    for row in _rows(_words(pieces), room):
        yield (start + _painted(row, color)).rstrip()
        start = " " * n_columns(label)


def _words(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    word: list[Piece] = []
    for piece in pieces:
        for part in _SPACES.split(piece.text):
            if part.isspace() and word:
                yield word
                word = []
            elif part and not part.isspace():
                word.append(Piece(visible(part), piece.style))
    if word:
        yield word


def _rows(words: Iterable[list[Piece]], room: int) -> Iterator[list[Piece]]:
    row: list[Piece] = []
    left = room
    for word in words:
        needed = sum(n_columns(piece.text) for piece in word)
        if row and needed < left:
            # A space between words of one style keeps it: fewer escapes.
            row.append(Piece(" ", row[-1].style if row[-1].style == word[0].style else ""))
            left -= 1
        elif row:
            yield row
            row, left = [], room
        if needed <= left:
            row += word
            left -= needed
        else:
            *full, row = _broken(word, room)
            yield from full
            left = room - sum(n_columns(piece.text) for piece in row)
    yield row


def _broken(word: list[Piece], room: int) -> Iterator[list[Piece]]:
    # A word longer than a line: a URL, or a script without spaces.
    from wcwidth import iter_graphemes

    row: list[Piece] = []
    left = room
    for piece in word:
        for char in iter_graphemes(piece.text):
            needed = n_columns(char)
            if needed > left:
                yield row
                row, left = [], room
            row.append(Piece(char, piece.style))
            left -= needed
    yield row


def _painted(row: list[Piece], color: bool) -> str:
    if not color:
        return "".join(piece.text for piece in row)
    parts = []
    style = ""
    for piece in row:
        if piece.style != style:
            parts.append("\x1b[0m" if style else "")
            parts.append(f"\x1b[{piece.style}m" if piece.style else "")
            style = piece.style
        parts.append(piece.text)
    return "".join(parts) + ("\x1b[0m" if style else "")


@lru_cache(maxsize=4096)
def _visible_char(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    if char in _FORMLESS:
        return ""
    return " " if char.isspace() else _picture(char)


def _picture(char: str) -> str:
    return chr(0x2400 + ord(char)) if char < " " else "\ufffd"
