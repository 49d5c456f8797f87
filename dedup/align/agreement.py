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

from dedup.align.fact import JOINTS, VALUES, read_figures, short_forms
from dedup.align.table import AlignedTexts, EditTable
from dedup.model import OPS
from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DENSE,
    IS_DIGIT,
    IS_STOP,
    STARTS_SENTENCE,
)
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
# In a heading most words have a capital: they are no names. Nor are long words in capitals.
_MAX_LOWER, _MAX_ACRONYM = 0.1, 5


class PairSide(NamedTuple):
    """An article of a pair.

    Parameters
    ----------
    number : int
        Number of the article.
    is_shared : ndarray of bool, shape (n_tokens,)
        Words that are equal words of a passage.
    """

    number: int
    is_shared: NDArray[np.bool_]


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
        self._starts, self._ends = tokens.starts[part].tolist(), tokens.ends[part].tolist()
        self.hashes, self.stems = tokens.hashes[part], tokens.stems[part]
        flags = tokens.flags[part]
        self.is_content = flags & IS_CONTENT != 0
        self._is_digit = flags & IS_DIGIT != 0
        is_stop = (flags & IS_DENSE) == IS_STOP
        self._is_capital = ((flags & (IS_CAPITAL | IS_DIGIT)) == IS_CAPITAL) & ~is_stop
        self._starts_sentence = flags & STARTS_SENTENCE != 0
        # Sentences by token, from 0 or 1.
        self.sentences = np.cumsum(self._starts_sentence)

    @cached_property
    def _words(self) -> NDArray[np.uint64]:
        """All words, sorted."""
        return np.sort(self.hashes)

    @cached_property
    def _stems(self) -> NDArray[np.uint64]:
        """All words and stems, sorted."""
        return np.sort(np.concatenate([self.hashes, self.stems]))

    @cached_property
    def names(self) -> NDArray[np.int64]:
        """Tokens that may be names."""
        is_word = self.is_content & ~self._is_digit
        n_words = np.bincount(self.sentences, is_word)
        n_lower = np.bincount(self.sentences, is_word & ~self._is_capital)
        is_heading = n_lower <= _MAX_LOWER * n_words
        is_name = self._is_capital & ~is_heading[self.sentences]
        opens = self._starts_sentence
        # The first word of a sentence is a name if it is one elsewhere, or if a name follows.
        inner = is_name & ~opens
        at, first = np.flatnonzero(inner), np.flatnonzero(is_name & opens)
        follows = np.append(inner[1:], [False] * min(len(opens), 1))[first]
        known = _has(np.sort(self.hashes[at]), self.hashes[first])
        return np.sort(np.concatenate([at, first[known | follows]]))

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
    def _digit_rows(self) -> NDArray[np.uint64]:
        """Hash of each word with digits, and whether it follows the one before directly."""
        at = np.flatnonzero(self._is_digit)
        follows = np.diff(at, prepend=-2) == 1
        return np.stack([self.hashes[at], follows.astype(np.uint64)])

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

    def find_missing_numbers(self, other: _ArticleFacts) -> list[_Range]:
        """Return the numbers that the other article has nowhere."""
        if np.array_equal(self._digit_rows, other._digit_rows):
            return []
        missing = []
        for first, end, runs in self.numbers:
            if other.digits.issuperset(runs):
                continue
            parts = read_figures(self.read(first, end))
            if not parts or any(other.figures.isdisjoint(part) for part in parts):
                missing.append((first, end))
        return missing

    def find_words(self, other: _ArticleFacts) -> NDArray[np.bool_]:
        """Return which words of this article the other has anywhere."""
        return _has(other._words, self.hashes)

    def find_missing_names(self, other: _ArticleFacts) -> list[tuple[int, str]]:
        """Return the names whose words the other article has nowhere: token and text."""
        at, known = self.names, other._stems
        at = at[~_has(known, self.hashes[at]) & ~_has(known, self.stems[at])]
        found = [(one, self.read(one, one + 1)) for one in at.tolist()]
        return [(at, text) for at, text in found if len(text) <= _MAX_ACRONYM or not text.isupper()]

    def count_own(self, is_shared: NDArray[np.bool_], other: _ArticleFacts) -> int:
        """Count the content words of sentences that are this article's own."""
        is_novel = self.is_content & ~_has(other._stems, self.stems)
        n_words, n_shared, n_content, n_novel = (
            np.bincount(self.sentences, one)
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


def _find_missing(a: _ArticleFacts, b: _ArticleFacts) -> tuple[list[_Range], list[_Range]]:
    """Return the facts of each article that the other has nowhere."""
    missing = a.find_missing_names(b), b.find_missing_names(a)
    folded = [{text.casefold() for _, text in names} for names in missing]
    found = []
    for side, (one, other) in enumerate(((a, b), (b, a))):
        others = folded[1 - side]
        shorter = {form for name in others for form in short_forms(name)}
        own = {
            name
            for name in folded[side]
            if name in shorter or not others.isdisjoint(short_forms(name))
        }
        ranges = [(at, at + 1) for at, text in missing[side] if text.casefold() not in own]
        found.append(ranges + one.find_missing_numbers(other))
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
    """

    n_changed: int
    max_changed: int
    n_repeated: int = 0
    has_own_news: bool = False

    @property
    def is_same_news(self) -> bool:
        """Whether the facts are the same, but for corrections."""
        return self.n_changed <= self.max_changed and self.n_repeated < _MIN_SUBJECT


class FactComparer:
    """Compares the facts of pairs, and reads each article once."""

    def __init__(self, source: AlignedTexts, max_changed: float) -> None:
        self._source = source
        self._max_changed = max_changed
        self._facts: dict[int, _ArticleFacts] = {}

    def compare(self, a: PairSide, b: PairSide, edits: EditTable, part: slice) -> Disagreement:
        """Compare the facts of two articles.

        Parameters
        ----------
        part : slice
            Edits of the pair.
        """
        most = self._count_corrections(*(int(side.is_shared.sum()) for side in (a, b)))
        n_changed = int(np.count_nonzero(edits.is_fact[part]))
        if n_changed > most:  # the edits are enough, so do not read the articles
            return Disagreement(n_changed, most)
        one, other = self._read(a.number), self._read(b.number)
        missing = _find_missing(one, other)
        n_changed = _count_changed((a, b), missing, edits, part)
        n_repeated = min(_count_most(one, missing[0]), _count_most(other, missing[1]))
        return Disagreement(n_changed, most, n_repeated)

    def compare_words(self, a: int, b: int) -> Disagreement:
        """Compare the facts and the sentences of two articles that are not aligned.

        A fact is changed if each article has one that the other has nowhere.
        """
        one, other = self._read(a), self._read(b)
        missing = _find_missing(one, other)
        n_changed = min(map(_count_facts, missing))
        n_repeated = min(_count_most(one, missing[0]), _count_most(other, missing[1]))
        most = self._count_corrections(len(one.hashes), len(other.hashes))
        if n_changed > most:  # even if all words are shared
            return Disagreement(n_changed, most, n_repeated)
        sides = PairSide(a, one.find_words(other)), PairSide(b, other.find_words(one))
        most = self._count_corrections(*(int(side.is_shared.sum()) for side in sides))
        return Disagreement(n_changed, most, n_repeated, self.has_own_news(*sides))

    def _count_corrections(self, *n_shared: int) -> int:
        """Return how many facts may change if the articles tell the same news."""
        n = min(n_shared)
        return max(int(self._max_changed * n), int(n >= _MIN_CORRECTED))

    def has_own_news(self, a: PairSide, b: PairSide) -> bool:
        """Return whether each of two articles has sentences that the other does not tell."""
        one, other = self._read(a.number), self._read(b.number)
        sides = (a, one, other), (b, other, one)
        n_shared = min(np.count_nonzero(side.is_shared & own.is_content) for side, own, _ in sides)
        least = max(_MIN_OWN * n_shared, _MIN_SENTENCE)
        return all(
            np.count_nonzero(own.is_content & ~side.is_shared) >= least
            and own.count_own(side.is_shared, rest) >= least
            for side, own, rest in sides
        )

    def _read(self, number: int) -> _ArticleFacts:
        if number not in self._facts:
            self._facts[number] = _ArticleFacts(self._source, number)
        return self._facts[number]


def _count_changed(
    sides: tuple[PairSide, PairSide],
    missing: tuple[list[_Range], list[_Range]],
    edits: EditTable,
    part: slice,
) -> int:
    """Count the facts that edits change, or replace: a missing one by a missing one."""
    counts = []
    for side, facts, column in zip(sides, missing, (0, 2), strict=True):
        n_before = np.zeros(len(side.is_shared) + 1, np.int64)
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
