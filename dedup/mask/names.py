"""Find the names of agencies and outlets in a text, by dictionary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from dedup.mask.phrases import any_of
from dedup.model.article import Span
from dedup.model.outlets import agencies, outlet_names

_WORD = re.compile(r"\w+")
_THE = re.compile(r"\Athe\s+(?=\w)", re.IGNORECASE)
# Scripts without spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_JOIN = re.compile(
    r"\s*(?:[/,&=＝、+·]|\b(?:and|und|et|y|e|och|og|en|и|і|i)\b|-)\s*(?:the\s+)?\Z",
    re.IGNORECASE,
)


class FoundName(NamedTuple):
    """Names of agencies that belong together, or one name."""

    start: int
    end: int
    is_agency: bool
    is_small: bool


def find_names(text: str, window: Span) -> list[FoundName]:
    """Return the names in a window, in order; names that stand together are one."""
    found = sorted(_find_names(text, window), key=lambda one: (one.start, -one.end))
    return list(_join(text, found))


class _Dictionary(NamedTuple):
    """Names by first word, names in scripts without spaces, agencies, names in small letters."""

    by_word: dict[str, list[str]]
    unspaced: re.Pattern[str]
    agencies: frozenset[str]
    small: frozenset[str]


@cache
def _dictionary() -> _Dictionary:
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    unspaced = []
    own = {name for one in agencies() for name in one.names}
    for name in own | outlet_names():
        if _UNSPACED.match(name):
            unspaced.append(name)
        else:
            bare = _THE.sub("", name)
            by_word[_WORD.findall(_lower(bare))[0]].append(bare)
    return _Dictionary(
        by_word,
        re.compile(any_of(unspaced)),
        frozenset(_THE.sub("", name).casefold() for name in own),
        frozenset(name for name in own if name == name.lower()),
    )


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of the names that begin with a word."""
    names = any_of(_dictionary().by_word[word])
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)


def _find_names(text: str, window: Span) -> Iterator[FoundName]:
    table = _dictionary()
    lowered = _lower(text[window.start : window.end])
    # Most texts have few words that begin a name; a search for a word is faster than a pattern.
    for word in table.by_word.keys() & _WORD.findall(lowered):
        at = lowered.find(word)
        while at >= 0:
            match = _pattern(word).match(text, window.start + at, window.end)
            if match:
                yield _classify(text, match)
            at = lowered.find(word, at + len(word))
    if not lowered.isascii() and _UNSPACED.search(text, *window):
        for match in table.unspaced.finditer(text, *window):
            yield FoundName(*match.span(), True, False)


def _lower(text: str) -> str:
    """Return the text in small letters, of the same length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char if len(char.lower()) > 1 else char.lower() for char in text)


def _classify(text: str, match: re.Match[str]) -> FoundName:
    table = _dictionary()
    said = " ".join(match[0].split())
    is_small = said == said.lower() != said.upper() and said not in table.small
    start = match.start()
    start -= 4 if text[max(start - 4, 0) : start].lower() == "the " else 0
    return FoundName(start, match.end(), said.casefold() in table.agencies, is_small)


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
    return FoundName(
        group[0].start,
        group[-1].end,
        any(one.is_agency for one in group),
        all(one.is_small for one in group),
    )
