"""Decide whether two articles that keep most words tell the same news: compare their facts.

A template filled twice keeps most words too, so covered text is no evidence. A fact is a number or
a name. It is *missing* if the other article does not have it anywhere, in any case or spelling.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.fact import JOINTS, VALUES, read_figures, short_forms
from dedup.align.table import AlignedTexts, EditTable
from dedup.model import OPS
from dedup.pattern import lazy_pattern
from dedup.text.tables.kinds import IS_CONTENT, IS_DIGIT, STARTS_SENTENCE
from dedup.text.tokenize import tokenize

# Half-open range of tokens of an article.
_Range = tuple[int, int]

_SUBSTITUTED = OPS.index("substituted")
# One changed fact is a correction if the articles keep this many words.
_MIN_CORRECTED = 50
# A fact that an article repeats so often is what it is about.
_MIN_SUBJECT = 3
# Own sentences on both sides are other news from this share of the kept content words.
_MIN_OWN = 0.1
# A sentence is an article's own if it has this many content words, keeps few of its words, and
# most of the content words are nowhere in the other article.
_MIN_SENTENCE, _MAX_SENTENCE_SHARED, _MIN_NOVEL = 3, 0.2, 0.6
# Longer words in capitals are no names.
_MAX_ACRONYM = 5
# What stands before the number of a bill or a law of the US Congress.
_BILL = lazy_pattern(
    r"(?<![\w.])(?:H\. ?R\.|HR\.?|S\.|(?:[HS]\. ?|[HS] )(?:J\. ?|Con\. ?)?Res\.|P\. ?L\.) ?$"
)
# Characters read before a number: the longest is "H. Con. Res. ".
_BILL_REACH = 14


class _NumberAt(NamedTuple):
    """A number: its tokens, and what identifies its digits."""

    first: int
    end: int
    runs: tuple[tuple[int, ...], ...]


class _ArticleFacts:
    """The words, names and numbers of an article.

    Parameters
    ----------
    low, high : int
        Its tokens.
    """

    def __init__(self, source: AlignedTexts, number: int) -> None:
        tokens = source.tokens
        part = slice(int(tokens.offsets[number]), int(tokens.offsets[number + 1]))
        self._text = source.texts[number]
        self._starts, self._ends = tokens.starts[part], tokens.ends[part]
        self.hashes, self.stems, self._flags = (
            tokens.hashes[part], tokens.stems[part], tokens.flags[part]
        )  # fmt: skip

    @cached_property
    def is_content(self) -> NDArray[np.bool_]:
        """Which words are content words."""
        found: NDArray[np.bool_] = self._flags & IS_CONTENT != 0
        return found

    @cached_property
    def _is_digit(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._flags & IS_DIGIT != 0
        return found

    @cached_property
    def _words(self) -> NDArray[np.uint64]:
        """All words, sorted."""
        return np.sort(self.hashes)

    @cached_property
    def _stems(self) -> NDArray[np.uint64]:
        """All words and stems, sorted."""
        return np.sort(np.concatenate([self.hashes, self.stems]))

    @cached_property
    def numbers(self) -> list[_NumberAt]:
        """All numbers; scores, times and dates are one number."""
        found: list[_NumberAt] = []
        for at in np.flatnonzero(self._is_digit).tolist():
            is_part = found and found[-1].end == at and self._is_joint(at)
            first = found.pop().first if is_part else at
            found.append(_NumberAt(first, at + 1, ()))
        return [_NumberAt(first, end, self._runs_of(first, end)) for first, end, _ in found]

    def _runs_of(self, first: int, end: int) -> tuple[tuple[int, ...], ...]:
        words = self.hashes[first:end].tolist()
        return tuple(pairwise(words)) if len(words) > 1 else ((words[0],),)

    def _is_joint(self, at: int) -> bool:
        end = self._ends[at - 1]
        return bool(self._starts[at] == end + 1 and self._text[end] in JOINTS)

    @cached_property
    def figures(self) -> frozenset[float]:
        """Values of the numbers, of their parts, and of number words."""
        found = (read_figures(self.read(one.first, one.end)) for one in self.numbers)
        figures = {value for one in found for part in one for value in part}
        words, values = _number_words()
        return frozenset(figures | set(values[_has(self._words, words)].tolist()))

    @cached_property
    def digits(self) -> frozenset[tuple[int, ...]]:
        """Words with digits, and pairs of such words: "10 000" and "10,000" are equal so."""
        at = np.flatnonzero(self._is_digit)
        single = [(one,) for one in self.hashes[at].tolist()]
        pairs = at[:-1][np.diff(at) == 1]
        return frozenset(
            [
                *single,
                *zip(self.hashes[pairs].tolist(), self.hashes[pairs + 1].tolist(), strict=True),
            ]
        )

    def read(self, first: int, end: int) -> str:
        """Return the text of some tokens."""
        return self._text[self._starts[first] : self._ends[end - 1]]

    def read_names(self, tokens: NDArray[np.int64]) -> list[tuple[int, str]]:
        """Return names with their tokens, without long words in capitals."""
        found = [(at, self.read(at, at + 1)) for at in tokens.tolist()]
        return [(at, text) for at, text in found if len(text) <= _MAX_ACRONYM or not text.isupper()]

    def find_missing_numbers(self, other: _ArticleFacts) -> list[_Range]:
        """Return the numbers that the other article has nowhere."""
        missing = []
        for first, end, runs in self.numbers:
            if other.digits.issuperset(runs):
                continue
            parts = read_figures(self.read(first, end))
            if not parts or any(other.figures.isdisjoint(part) for part in parts):
                missing.append((first, end))
        return missing

    def names_bill(self, numbers: list[_Range]) -> bool:
        """Return whether one of some numbers is that of a bill or a law."""
        starts = (int(self._starts[first]) for first, _ in numbers)
        return any(_BILL.search(self._text[max(at - _BILL_REACH, 0) : at]) for at in starts)

    def find_words(self, other: _ArticleFacts) -> NDArray[np.bool_]:
        """Return which words of this article the other has anywhere."""
        return _has(other._words, self.hashes)

    def count_own(self, is_shared: NDArray[np.bool_], other: _ArticleFacts) -> int:
        """Count the content words of sentences that are this article's own."""
        is_novel = self.is_content & ~_has(other._stems, self.stems)
        # From 0 or 1.
        sentences = np.cumsum(self._flags & STARTS_SENTENCE != 0)
        n_words, n_shared, n_content, n_novel = (
            np.bincount(sentences, one)
            for one in (np.ones(len(is_shared)), is_shared, self.is_content, is_novel)
        )
        is_own = (n_content >= _MIN_SENTENCE) & (n_shared <= _MAX_SENTENCE_SHARED * n_words)
        is_own &= n_novel >= _MIN_NOVEL * n_content
        return int(n_content[is_own].sum())


def _has(known: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which words are among known ones, which are sorted."""
    if not len(known):
        return np.zeros(len(words), np.bool_)
    is_known: NDArray[np.bool_] = (
        known[np.minimum(np.searchsorted(known, words), len(known) - 1)] == words
    )
    return is_known


@cache
def _number_words() -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of number words, and their values."""
    return tokenize([" ".join(VALUES)]).hashes, np.array(list(VALUES.values()))


def _fold_missing(
    names: tuple[list[tuple[int, str]], list[tuple[int, str]]],
) -> tuple[list[_Range], list[_Range]]:
    """Return the tokens of the missing names of both articles that are no forms of one another."""
    folded = [{text.casefold() for _, text in own} for own in names]
    found = []
    for side, own in enumerate(names):
        others = folded[1 - side]
        shorter = {form for name in others for form in short_forms(name)}
        known = {
            name
            for name in folded[side]
            if name in shorter or not others.isdisjoint(short_forms(name))
        }
        found.append([(at, at + 1) for at, text in own if text.casefold() not in known])
    return found[0], found[1]


class Disagreement(NamedTuple):
    """How the facts of two articles differ.

    Parameters
    ----------
    n_changed, max_changed : int
        Edits that change a fact, and how many of them are a correction.
    n_repeated : int
        Occurrences of the most frequent fact that only one article has, in the article where it has
        fewer.
    has_own_news : bool
        Whether each article has sentences that the other does not tell.
    is_other_bill : bool
        Whether each article names a bill or a law that the other does not.
    """

    n_changed: int
    max_changed: int
    n_repeated: int = 0
    has_own_news: bool = False
    is_other_bill: bool = False

    @property
    def is_same_news(self) -> bool:
        """Whether the facts are the same, but for corrections."""
        is_corrected = self.n_changed <= self.max_changed and self.n_repeated < _MIN_SUBJECT
        return is_corrected and not self.is_other_bill


class FactComparer:
    """Compares the facts of pairs, and reads each article once.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles to compare. Methods take the row of a pair.
    """

    def __init__(self, source: AlignedTexts, max_changed: float, pairs: NDArray[np.int64]) -> None:
        self._source, self._max_changed = source, max_changed
        self._pairs: list[tuple[int, int]] = [(a, b) for a, b in pairs.tolist()]
        self._facts: dict[int, _ArticleFacts] = {}
        tokens = source.tokens
        self._bounds, self._names, self._has_same_digits = _core.find_missing_names(
            np.ascontiguousarray(pairs), *tokens.columns, tokens.offsets
        )

    def compare(
        self,
        row: int,
        shared: tuple[NDArray[np.bool_], NDArray[np.bool_]],
        edits: EditTable,
        part: slice,
    ) -> Disagreement:
        """Compare the facts of two articles.

        Parameters
        ----------
        shared : tuple of ndarray of bool, each of shape (n_tokens,)
            Words of each article that are equal words of a passage.
        part : slice
            Edits of the pair.
        """
        most = self._count_corrections(*(int(own.sum()) for own in shared))
        n_changed = int(np.count_nonzero(edits.is_fact[part]))
        if n_changed > most:  # the edits are enough, so do not read the articles
            return Disagreement(n_changed, most)
        missing = self._find_missing(row)
        if not any(missing):
            return Disagreement(n_changed, most)
        n_changed = _count_changed(shared, missing, edits, part)
        n_repeated = self._count_repeated(row, missing)
        is_other_bill = self._names_other_bills(row, missing)
        return Disagreement(n_changed, most, n_repeated, is_other_bill=is_other_bill)

    def compare_words(self, row: int) -> Disagreement:
        """Compare the facts and the sentences of two articles that are not aligned.

        A fact is changed if each article has one that the other has nowhere.
        """
        one, other = self._read(row)
        missing = self._find_missing(row)
        n_changed = min(map(_count_facts, missing))
        n_repeated = self._count_repeated(row, missing)
        most = self._count_corrections(len(one.hashes), len(other.hashes))
        if n_changed > most:  # even if all words are shared
            return Disagreement(n_changed, most, n_repeated)
        shared = one.find_words(other), other.find_words(one)
        most = self._count_corrections(*(int(own.sum()) for own in shared))
        has_own_news = self.has_own_news(row, shared)
        is_other_bill = self._names_other_bills(row, missing)
        return Disagreement(n_changed, most, n_repeated, has_own_news, is_other_bill)

    def _find_missing(self, row: int) -> tuple[list[_Range], list[_Range]]:
        """Return the facts of each article that the other has nowhere."""
        low, middle, high = self._bounds[2 * row : 2 * row + 3].tolist()
        if low == high and self._has_same_digits[row]:
            return [], []
        one, other = self._read(row)
        missing = _fold_missing(
            (one.read_names(self._names[low:middle]), other.read_names(self._names[middle:high]))
        )
        if self._has_same_digits[row]:
            return missing
        return (
            missing[0] + one.find_missing_numbers(other),
            missing[1] + other.find_missing_numbers(one),
        )

    def _count_repeated(self, row: int, missing: tuple[list[_Range], list[_Range]]) -> int:
        one, other = self._read(row)
        return min(_count_most(one, missing[0]), _count_most(other, missing[1]))

    def _names_other_bills(self, row: int, missing: tuple[list[_Range], list[_Range]]) -> bool:
        sides = zip(self._read(row), missing, strict=True)
        return all(facts.names_bill(own) for facts, own in sides)

    def _count_corrections(self, *n_shared: int) -> int:
        """Return how many facts may change if the articles tell the same news."""
        n = min(n_shared)
        return max(int(self._max_changed * n), int(n >= _MIN_CORRECTED))

    def has_own_news(self, row: int, shared: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> bool:
        """Return whether each of two articles has sentences that the other does not tell."""
        one, other = self._read(row)
        sides = (one, shared[0], other), (other, shared[1], one)
        n_shared = min(np.count_nonzero(words & own.is_content) for own, words, _ in sides)
        least = max(_MIN_OWN * n_shared, _MIN_SENTENCE)
        return all(
            np.count_nonzero(own.is_content & ~words) >= least
            and own.count_own(words, rest) >= least
            for own, words, rest in sides
        )

    def _read(self, row: int) -> tuple[_ArticleFacts, _ArticleFacts]:
        for number in self._pairs[row]:
            if number not in self._facts:
                self._facts[number] = _ArticleFacts(self._source, number)
        a, b = self._pairs[row]
        return self._facts[a], self._facts[b]


def _count_changed(
    shared: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    missing: tuple[list[_Range], list[_Range]],
    edits: EditTable,
    part: slice,
) -> int:
    """Count the facts that edits change, or replace: a missing one by a missing one."""
    counts = []
    for own, facts, column in zip(shared, missing, (0, 2), strict=True):
        n_before = np.zeros(len(own) + 1, np.int64)
        ends = {end for _, end in facts}
        # Neighboring names are one name.
        n_before[[first + 1 for first, _ in facts if first not in ends]] = 1
        low, high = edits.tokens[part, column : column + 2].T
        n_before = np.cumsum(n_before)
        counts.append(n_before[high] - n_before[low])
    n_replaced = np.where(edits.ops[part] == _SUBSTITUTED, np.minimum(*counts), 0)
    return int(np.maximum(n_replaced, edits.is_fact[part]).sum())


def _count_facts(missing: list[_Range]) -> int:
    """Count missing facts; neighboring names are one name."""
    ends = {end for _, end in missing}
    return sum(first not in ends for first, _ in missing)


def _count_most(facts: _ArticleFacts, missing: list[_Range]) -> int:
    """Count the occurrences of the most frequent missing fact."""
    return max(Counter(facts.read(*one).casefold() for one in missing).values(), default=0)
