"""Lines and sentences of an article, found around its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.text.tables.kinds import STARTS_SENTENCE
from dedup.text.tokenize import Tokens

# Most words of a line of a menu; and words beside the cue on it.
_MAX_MENU, _MAX_BESIDE = 5, 2
# Least lines of a menu, and least share of them that are known.
_MIN_MENU, _MIN_KNOWN = 3, 1 / 3
# A line that ends so is a sentence.
_SENTENCE_ENDS = (".", "…", ",", ";", '"', "”", "“", "»", "。", "؟", "।")
_BULLETS = " \t\r-–—•·*»›▸▶|[]()"


class Line(NamedTuple):
    """A line: its tokens, its code points, and its text without blanks."""

    first: int
    last: int
    start: int
    text: str

    @property
    def n_words(self) -> int:
        """Number of its tokens."""
        return self.last - self.first


def is_menu_line(line: Line, n_known: int) -> bool:
    """Return whether a line has hardly more words than those known, and is no sentence."""
    return line.n_words <= _most_words(n_known) and not line.text.endswith(_SENTENCE_ENDS)


def _most_words(n_known: int) -> int:
    """Return the most words of a line of a menu with some known words."""
    return n_known + min(_MAX_BESIDE, n_known)


class LineReader:
    """Finds the lines and sentences of one article."""

    def __init__(self, tokens: Tokens, number: int, text: str) -> None:
        self._low, self._high = tokens.offsets[number : number + 2].tolist()
        self._starts, self._flags, self._text = tokens.starts, tokens.flags, text
        # The latest line and its end: a long line is asked for at each of its cues.
        self._line, self._stop = Line(0, 0, 0, ""), -1

    def find(self, token: int) -> Line:
        """Return the line of a token."""
        return self.find_at(int(self._starts[token]))

    def is_longer(self, token: int, n_known: int) -> bool:
        """Return whether the line goes on too far after a token for one of a menu.

        Almost all lines with a word of a menu do; finding the bounds of a line takes longer.
        """
        after = token + _most_words(n_known)
        if after >= self._high:
            return False
        return self._text.find("\n", int(self._starts[token]), int(self._starts[after])) < 0

    def find_at(self, place: int) -> Line:
        """Return the line of a code point."""
        if self._line.start <= place <= self._stop:
            return self._line
        start = self._text.rfind("\n", 0, place) + 1
        stop = self._text.find("\n", place)
        stop = len(self._text) if stop < 0 else stop
        own = self._starts[self._low : self._high]
        # Bounds of another type would copy the column.
        first, last = (
            self._low + int(own.searchsorted(own.dtype.type(at))) for at in (start, stop)
        )
        self._line = Line(first, last, start, self._text[start:stop].strip(_BULLETS))
        self._stop = stop
        return self._line

    @cached_property
    def _sentences(self) -> NDArray[np.int64]:
        """First tokens of sentences, ascending."""
        flags = self._flags[self._low : self._high] & STARTS_SENTENCE
        starts: NDArray[np.int64] = np.flatnonzero(flags) + self._low
        return starts

    def find_sentence(self, token: int, line: Line) -> tuple[int, int]:
        """Return the tokens of the sentence of a token, within its line."""
        at = int(self._sentences.searchsorted(token, "right"))
        first, last = self._sentences[:at][-1:].tolist(), self._sentences[at : at + 1].tolist()
        return max([line.first, *first]), min([line.last, *last])

    def find_blocks(self, known: Iterable[Line]) -> Iterator[Line]:
        """Yield the other lines of the menus around known lines."""
        names = {line.start for line in known}
        seen: set[int] = set()
        for start in sorted(names):
            if start in seen:
                continue
            block = [*reversed([*self._walk(start, -1)]), *self._walk(start, 1)]
            block = list({line.start: line for line in block}.values())
            seen |= {line.start for line in block}
            n_known = sum(line.start in names for line in block)
            if len(block) >= _MIN_MENU and n_known > 1 and n_known >= _MIN_KNOWN * len(block):
                yield from block

    def _walk(self, start: int, step: int) -> Iterator[Line]:
        """Yield short lines from one on, up or down."""
        line = self.find_at(start)
        while line.n_words <= _MAX_MENU and not line.text.endswith(_SENTENCE_ENDS):
            if line.n_words:
                yield line
            after = self._text.find("\n", line.start) + 1
            place = line.start - 1 if step < 0 else after
            if place <= 0 or place >= len(self._text):
                return
            line = self.find_at(place)
