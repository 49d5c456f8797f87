"""Find the names of agencies and outlets in a text, by dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from dedup.mask.phrases import any_of
from dedup.model.article import Span
from dedup.model.outlets import agencies, outlet_names
from dedup.pattern import lazy_pattern

_WORD = lazy_pattern(r"\w+")
_PIECE = lazy_pattern("[0-9A-Za-z_]")
_THE = lazy_pattern(r"\Athe\s+(?=\w)", re.IGNORECASE)
# Scripts without spaces between words.
_UNSPACED = lazy_pattern("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_JOIN = lazy_pattern(
    r"\s*(?:[/,&=＝、+·]|\b(?:and|und|et|y|e|och|og|en|и|і|i)\b|-)\s*(?:the\s+)?\Z",
    re.IGNORECASE,
)


class FoundName(NamedTuple):
    """Names of agencies that belong together, or one name."""

    start: int
    end: int
    is_agency: bool
    is_small: bool


class NameKey(NamedTuple):
    """A name to look up, the code points before its first ASCII letter, and its first word."""

    name: str
    n_before: int
    word: str


class NameFinder:
    """Names by first word, and names in scripts without spaces.

    Parameters
    ----------
    names : iterable of str
        All names.
    agencies : collection of str
        Those of agencies.
    """

    def __init__(self, names: Iterable[str], agencies: Collection[str]) -> None:
        by_word: defaultdict[str, set[str]] = defaultdict(set)
        unspaced = []
        for name in names:
            bare = _THE.sub("", name)
            if _UNSPACED.match(name):
                unspaced.append(name)
            elif words := _WORD.findall(_lower(bare)):
                by_word[words[0]].add(bare)
        self._by_word = dict(by_word)
        self._unspaced = re.compile(any_of(unspaced)) if unspaced else None
        self._agencies = frozenset(_THE.sub("", name).casefold() for name in agencies)
        self._small = frozenset(name for name in agencies if name == name.lower())
        self._patterns: dict[str, re.Pattern[str]] = {}
        # Cached, because the same few names recur.
        self._describe = lru_cache(maxsize=1 << 14)(self._describe_name)

    def list_keys(self) -> Iterator[NameKey]:
        """Yield the names that have ASCII letters, for :class:`dedup.mask.scan.WindowScan`."""
        for word, names in sorted(self._by_word.items()):
            for name in sorted(names):
                if first := _PIECE.search(name):
                    yield NameKey(name, first.start(), word)

    def find(
        self, text: str, window: Span, places: Iterable[tuple[int, str]] | None = None
    ) -> list[FoundName]:
        """Return the names in a window, in order; names that stand together are one.

        Parameters
        ----------
        places : iterable of (int, str), optional
            Code points of the text at which a name may begin, with its first word; all if left out.
        """
        found = self._find(text, window) if places is None else self._find_at(text, window, places)
        return list(_join(text, sorted(found, key=lambda one: (one.start, -one.end))))

    def _find_at(
        self, text: str, window: Span, places: Iterable[tuple[int, str]]
    ) -> Iterator[FoundName]:
        for at, word in places:
            if match := self._pattern(word).match(text, at, window.end):
                yield self._classify(text, match)

    def _find(self, text: str, window: Span) -> Iterator[FoundName]:
        lowered = _lower(text[window.start : window.end])
        # Most texts have few words that begin a name; a search for a word is faster than a pattern.
        for word in self._by_word.keys() & _WORD.findall(lowered):
            at = lowered.find(word)
            while at >= 0:
                match = self._pattern(word).match(text, window.start + at, window.end)
                if match:
                    yield self._classify(text, match)
                at = lowered.find(word, at + len(word))
        if self._unspaced and not lowered.isascii() and _UNSPACED.search(text, *window):
            for match in self._unspaced.finditer(text, *window):
                yield FoundName(*match.span(), True, False)

    def _pattern(self, word: str) -> re.Pattern[str]:
        """Return the pattern of the names that begin with a word."""
        if word not in self._patterns:
            names = any_of([*self._by_word[word]])
            self._patterns[word] = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
        return self._patterns[word]

    def _classify(self, text: str, match: re.Match[str]) -> FoundName:
        start, end = match.span()
        start -= 4 if text[max(start - 4, 0) : start].lower() == "the " else 0
        return FoundName(start, end, *self._describe(match[0]))

    def _describe_name(self, said: str) -> tuple[bool, bool]:
        """Return whether a name is that of an agency, and whether it is in small letters."""
        said = " ".join(said.split())
        is_small = said == said.lower() != said.upper() and said not in self._small
        return said.casefold() in self._agencies, is_small


@cache
def known_names() -> NameFinder:
    """Return all names of the tables of agencies and outlets."""
    own = {name for one in agencies() for name in one.names}
    return NameFinder(own | outlet_names(), own)


def _lower(text: str) -> str:
    """Return the text in small letters, of the same length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) > 1 else char.lower() for char in text)


def _join(text: str, names: list[FoundName]) -> Iterator[FoundName]:
    """Join names that stand together, as in "AP and Reuters"."""
    group: list[FoundName] = []
    for name in names:
        if group and name.start < group[-1].end:
            continue
        if group and not _JOIN.match(text, group[-1].end, name.start):
            yield _merged(group)
            group = []
        group.append(name)
    if group:
        yield _merged(group)


def _merged(group: list[FoundName]) -> FoundName:
    if len(group) == 1:
        return group[0]
    return FoundName(
        group[0].start,
        group[-1].end,
        any(one.is_agency for one in group),
        all(one.is_small for one in group),
    )
