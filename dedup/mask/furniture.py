"""Find furniture and formulas by the cues of the files of languages in ``cues/``.

A cue is a sequence of folded words, so that case, accents and punctuation do not matter; it is
looked up among the tokens of a batch at once. ``mask/README.md`` describes the kinds of cues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.mask.caption import MAX_WORDS, find_marks
from dedup.mask.lines import Line, LineReader, is_menu_line
from dedup.model.passage import FORMULA, FURNITURE
from dedup.pattern import lazy_pattern
from dedup.text.tables.kinds import IS_QUOTED, STARTS_SENTENCE
from dedup.text.tokenize import Tokens, tokenize

# Most words between the parts of a cue, which "…" separates.
_MAX_GAP = 8
# Most words of a line or sentence that a cue makes furniture; longer ones are prose.
_MAX_WORDS = {"sentence": 60, "start": 30, "line": 45, "bio": 60, "caption": MAX_WORDS}
# Most words of the line of a cue that begins a sentence: an appeal is no part of a long paragraph.
_MAX_APPEAL = 60
# Words after a photo credit on its line.
_MAX_CREDIT = 8
# Share of an article, at its end, that may describe its author.
_BIO_PART = 0.2
# Kinds of cues, and those that stand at the start of a sentence.
KINDS = frozenset({"sentence", "start", "line", "bio", "caption", "whole", "formula"})
_AT_START = frozenset({"start", "line", "whole"})
# Words of a cue that are looked up, and most words of one with its gaps.
_MAX_KEYED, _MAX_CUE = 3, 40
_PRIME = np.uint64(0x9E3779B97F4A7C15)
# Upper bits of a key that a table of keys answers for.
_TABLE_BITS = 16
_UPPER = np.uint64(64 - _TABLE_BITS)

# What stands before a photo credit.
_BEFORE_CREDIT = lazy_pattern(
    r"(?:^|[(/|\[©–—:]|[.!?\"”’)])[ \t]*(?:[^\W\d_][\w.'’-]*[ \t/]{1,2}){0,4}$"
)


class Cue(NamedTuple):
    """A cue: its kind, the hashes of its parts, and whether a colon follows."""

    kind: str
    parts: tuple[tuple[int, ...], ...]
    has_colon: bool


class Cues(NamedTuple):
    """The cues of all languages by the key of their first words.

    Parameters
    ----------
    keys : tuple of ndarray of uint64
        Ascending keys of the cues whose first part has one word, two words, or more.
    tables : tuple of ndarray of bool, shape (2**16,)
        Whether any key has some upper bits, for each array of keys.
    by_key : dict of int to list of Cue
        By key, longest first.
    """

    keys: tuple[NDArray[np.uint64], ...]
    tables: tuple[NDArray[np.bool_], ...]
    by_key: dict[int, list[Cue]]


@cache
def read_cues() -> Cues:
    """Read the cues of all languages."""
    given: list[tuple[str, str]] = []
    folder = files("dedup.mask") / "cues"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, cues = line.partition("\t")
            given += ((kind, cue) for cue in cues.split("|") if not line.startswith("#"))
    texts = [part.strip() for _, cue in given for part in cue.rstrip(":：").split("…")]
    tokens = tokenize(texts)
    hashed = iter(
        [
            tuple(tokens.hashes[low:high].tolist())
            for low, high in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True)
        ]
    )
    by_key: defaultdict[int, list[Cue]] = defaultdict(list)
    keys: tuple[set[int], ...] = tuple(set() for _ in range(_MAX_KEYED))
    for kind, cue in given:
        parts = tuple(next(hashed) for _ in cue.split("…"))
        first = np.array(parts[0][:_MAX_KEYED], np.uint64)
        key = int(_make_keys(first, len(first))[0])
        keys[len(first) - 1].add(key)
        by_key[key].append(Cue(kind, parts, cue[-1] in ":："))
    for same in by_key.values():
        same.sort(key=lambda one: (-sum(map(len, one.parts)), one))
    ordered = tuple(np.array(sorted(own), np.uint64) for own in keys)
    tables = tuple(np.zeros(1 << _TABLE_BITS, np.bool_) for _ in keys)
    for own, table in zip(ordered, tables, strict=True):
        table[own >> _UPPER] = True
    return Cues(ordered, tables, dict(by_key))


def mark_furniture(tokens: Tokens, texts: Sequence[str]) -> Tokens:
    """Mark the tokens of furniture and of formulas of the table, see `Tokens.roles`."""
    roles = tokens.roles.copy()
    hits, keys = _find_hits(tokens)
    numbers = np.searchsorted(tokens.offsets, hits, "right") - 1
    bounds = np.searchsorted(numbers, np.arange(len(texts) + 1)).tolist()
    for number, text in enumerate(texts):
        own, marks = slice(*bounds[number : number + 2]), [*find_marks(text)]
        if own.start < own.stop or marks:
            marker = _Marker(tokens, number, text, roles)
            marker.mark(zip(hits[own].tolist(), keys[own].tolist(), strict=True), marks)
    return replace(tokens, roles=roles)


def mark_masked(tokens: Tokens, texts: Sequence[str]) -> Tokens:
    """Mark the tokens that masks left of some texts as :func:`mark_furniture` marks whole texts."""
    whole = mark_furniture(tokenize(texts), texts)
    own, kept = (_find_places(one) for one in (whole, tokens))
    return replace(tokens, roles=whole.roles[np.searchsorted(own, kept)])


def _find_places(tokens: Tokens) -> NDArray[np.int64]:
    """Return a number of each token that ascends over all articles: article and start."""
    articles = np.repeat(np.arange(len(tokens.offsets) - 1), tokens.counts)
    return articles << 32 | tokens.starts


def _make_keys(hashes: NDArray[np.uint64], n_words: int) -> NDArray[np.uint64]:
    """Return a key of each run of words."""
    n = len(hashes) - n_words + 1
    keys = hashes[: max(n, 0)]
    for step in range(1, n_words):
        keys = keys * _PRIME + hashes[step : step + n]
    return keys


def _find_hits(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return the tokens at which a cue may begin, ascending, and the keys of the cues."""
    places, keys = [], []
    cues = read_cues()
    for n_words, (known, table) in enumerate(zip(cues.keys, cues.tables, strict=True), 1):
        own = _make_keys(tokens.hashes, n_words)
        at = np.arange(len(own))
        if n_words == 1:  # a single word is a cue at the start of a line only
            at = np.flatnonzero(tokens.flags & STARTS_SENTENCE)
        at = at[_is_among(own[at], known, table)]
        places.append(at)
        keys.append(own[at])
    order = np.argsort(np.concatenate(places), kind="stable")
    return np.concatenate(places)[order], np.concatenate(keys)[order]


def _is_among(
    values: NDArray[np.uint64], known: NDArray[np.uint64], table: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    # The table answers for almost all values, without a search.
    found: NDArray[np.bool_] = table[values >> _UPPER]
    rows = np.flatnonzero(found)
    at = np.searchsorted(known, values[rows])
    found[rows] = known[np.minimum(at, len(known) - 1)] == values[rows]
    return found


class _Marker:
    """Marks the furniture of one article."""

    def __init__(self, tokens: Tokens, number: int, text: str, roles: NDArray[np.uint8]) -> None:
        self._low, self._high = tokens.offsets[number : number + 2].tolist()
        self._tokens, self._text, self._roles = tokens, text, roles
        self._lines = LineReader(tokens, number, text)
        self._menu: list[Line] = []

    def mark(self, hits: Iterable[tuple[int, int]], marks: Iterable[tuple[int, int]]) -> None:
        """Mark by tokens and keys of cues, and by places and most words of lines."""
        for hit, key in hits:
            for cue, end in self._match(hit, read_cues().by_key[key]):
                if self._take(cue, hit, end):
                    break
        for place, most in marks:
            line = self._lines.find_at(place)
            if line.n_words <= most:
                self._furnish(line.first, line.last)
        if len(self._menu) > 1:
            for line in self._lines.find_blocks(self._menu):
                self._furnish(line.first, line.last)

    def _match(self, at: int, cues: list[Cue]) -> Iterator[tuple[Cue, int]]:
        """Yield those cues that begin at a token, and the end of each."""
        window = self._tokens.hashes[at : min(at + _MAX_CUE, self._high)].tolist()
        for cue in cues:
            if cue.kind in _AT_START and not self._tokens.flags[at] & STARTS_SENTENCE:
                continue
            end = _find_end(window, cue.parts)
            if end and (not cue.has_colon or self._is_before_colon(at + end)):
                yield cue, at + end

    def _is_before_colon(self, end: int) -> bool:
        stop = int(self._tokens.ends[end - 1])
        return self._text[stop : stop + 2].lstrip()[:1] in (":", "：")

    def _take(self, cue: Cue, first: int, end: int) -> bool:
        """Mark what a cue says; return whether it was one."""
        if cue.kind == "formula":
            fresh = self._roles[first:end]
            fresh[fresh == 0] = FORMULA
            return False
        if cue.kind == "whole" and self._lines.is_longer(first, end - first):
            return False
        if bool((self._tokens.flags[first:end] & IS_QUOTED).all()):
            return False  # a quotation
        line = self._lines.find(first)
        if cue.kind == "whole":
            if not is_menu_line(line, end - first):
                return False
            self._menu.append(line)
            self._furnish(line.first, line.last)
            return True
        low, high = (line.first, line.last) if cue.kind in ("line", "caption") else (0, 0)
        if not high:
            low, high = self._lines.find_sentence(first, line)
        if not self._fits(cue.kind, line, (low, high), first, end):
            return False
        self._furnish(low, high)
        return True

    def _fits(self, kind: str, line: Line, span: tuple[int, int], first: int, end: int) -> bool:
        low, high = span
        if high - low > _MAX_WORDS[kind]:
            return False
        if kind == "start":
            return line.n_words <= _MAX_APPEAL
        if kind == "line":
            return bool(first == low)
        if kind == "bio":
            return bool(self._high - first <= max(_BIO_PART * (self._high - self._low), 60))
        return kind != "caption" or self._is_credit(line, first, end)

    def _is_credit(self, line: Line, first: int, end: int) -> bool:
        """Return whether a photo credit ends its line."""
        start = int(self._tokens.starts[first])
        before = self._text[max(line.start, start - 80) : start]
        is_apart = bool(_BEFORE_CREDIT.search(before))
        is_last = line.last - end <= _MAX_CREDIT and not line.text.endswith(".")
        return is_apart and is_last

    def _furnish(self, first: int, last: int) -> None:
        self._roles[first:last] = FURNITURE


def _find_end(window: list[int], parts: tuple[tuple[int, ...], ...]) -> int:
    """Return the end of a cue that begins a window of hashes; 0 if it does not."""
    end = 0
    for part in parts:
        latest = end + (_MAX_GAP if end else 0)
        while tuple(window[end : end + len(part)]) != part:
            end += 1
            if end > latest:
                return 0
        end += len(part)
    return end
