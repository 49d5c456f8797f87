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
from dedup.text.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_DIGIT, IS_STOP, STARTS_SENTENCE
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


class _Name(NamedTuple):
    at: int
    hash: int
    stem: int
    text: str


class _NumberAt(NamedTuple):
    """A number: its tokens, what identifies its digits, and its figures."""

    first: int
    end: int
    runs: tuple[tuple[int, ...], ...]
    figures: tuple[frozenset[float], ...]


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
        self._is_capital = (flags & (IS_CAPITAL | IS_DIGIT | IS_STOP)) == IS_CAPITAL
        self._starts_sentence = flags & STARTS_SENTENCE != 0
        # Sentences by token, from 0 or 1.
        self.sentences = np.cumsum(self._starts_sentence)

    @cached_property
    def words(self) -> frozenset[int]:
        """All words and stems."""
        return frozenset(self.hashes.tolist()).union(self.stems.tolist())

    @cached_property
    def names(self) -> list[_Name]:
        """All words that are names."""
        is_word = self.is_content & ~self._is_digit
        n_words = np.bincount(self.sentences, is_word)
        n_lower = np.bincount(self.sentences, is_word & ~self._is_capital)
        is_heading = n_lower <= _MAX_LOWER * n_words
        is_name = self._is_capital & ~is_heading[self.sentences]
        opens = self._starts_sentence
        # The first word of a sentence is a name if it is one elsewhere, or if a name follows.
        known = np.isin(self.hashes, self.hashes[is_name & ~opens])
        follows = np.append((is_name & ~opens)[1:], [False] * min(len(opens), 1))
        at = np.flatnonzero(is_name & (~opens | known | follows))
        rows = zip(at.tolist(), self.hashes[at].tolist(), self.stems[at].tolist(), strict=True)
        names = [_Name(*row, self.read(row[0], row[0] + 1)) for row in rows]
        return [one for one in names if len(one.text) <= _MAX_ACRONYM or not one.text.isupper()]

    @cached_property
    def numbers(self) -> list[_NumberAt]:
        """All numbers; scores, times and dates are one number."""
        found: list[_NumberAt] = []
        for at in np.flatnonzero(self._is_digit).tolist():
            is_part = found and found[-1].end == at and self._is_joint(at)
            first = found.pop().first if is_part else at
            found.append(_NumberAt(first, at + 1, (), ()))
        return [
            _NumberAt(first, end, self._runs_of(first, end), read_figures(self.read(first, end)))
            for first, end, *_ in found
        ]

    def _runs_of(self, first: int, end: int) -> tuple[tuple[int, ...], ...]:
        words = self.hashes[first:end].tolist()
        return tuple(pairwise(words)) if len(words) > 1 else ((words[0],),)

    def _is_joint(self, at: int) -> bool:
        end = self._ends[at - 1]
        return bool(self._starts[at] == end + 1 and self._text[end] in JOINTS)

    @cached_property
    def figures(self) -> frozenset[float]:
        """Values of the numbers, of their parts, and of number words."""
        figures = {value for one in self.numbers for part in one.figures for value in part}
        words, values = _number_words()
        return frozenset(figures | set(values[np.isin(words, self.hashes)].tolist()))

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

    def has_number(self, number: _NumberAt) -> bool:
        """Return whether this article has a number of another."""
        if self.digits.issuperset(number.runs):
            return True
        figures = number.figures
        return bool(figures) and all(not self.figures.isdisjoint(part) for part in figures)

    def find_missing_names(self, other: _ArticleFacts) -> list[_Name]:
        """Return the names whose words the other article has nowhere."""
        words = other.words
        return [one for one in self.names if one.hash not in words and one.stem not in words]

    def count_own(self, is_shared: NDArray[np.bool_], other: _ArticleFacts) -> int:
        """Count the content words of sentences that are this article's own."""
        is_known = np.fromiter(map(other.words.__contains__, self.stems.tolist()), np.bool_)
        is_novel = self.is_content & ~is_known
        n_words, n_shared, n_content, n_novel = (
            np.bincount(self.sentences, one)
            for one in (np.ones(len(is_shared)), is_shared, self.is_content, is_novel)
        )
        is_own = (n_content >= _MIN_SENTENCE) & (n_shared <= _MAX_SENTENCE_SHARED * n_words)
        is_own &= n_novel >= _MIN_NOVEL * n_content
        return int(n_content[is_own].sum())


@cache
def _number_words() -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of number words, and their values."""
    return tokenize([" ".join(VALUES)]).hashes, np.array(list(VALUES.values()))


def _find_missing(a: _ArticleFacts, b: _ArticleFacts) -> tuple[list[_Range], list[_Range]]:
    """Return the facts of each article that the other has nowhere."""
    missing = a.find_missing_names(b), b.find_missing_names(a)
    folded = [{one.text.casefold() for one in names} for names in missing]
    found = []
    for side, (one, other) in enumerate(((a, b), (b, a))):
        others = folded[1 - side]
        shorter = {form for name in others for form in short_forms(name)}
        own = {
            name
            for name in folded[side]
            if name in shorter or not others.isdisjoint(short_forms(name))
        }
        ranges = [(at, at + 1) for at, _, _, text in missing[side] if text.casefold() not in own]
        ranges += [number[:2] for number in one.numbers if not other.has_number(number)]
        found.append(ranges)
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
        n_shared = int(min(np.count_nonzero(side.is_shared) for side in (a, b)))
        most = max(int(self._max_changed * n_shared), int(n_shared >= _MIN_CORRECTED))
        n_changed = int(np.count_nonzero(edits.is_fact[part]))
        if n_changed > most:  # the edits are enough, so do not read the articles
            return Disagreement(n_changed, most)
        one, other = self._read(a.number), self._read(b.number)
        missing = _find_missing(one, other)
        n_changed = _count_changed((a, b), missing, edits, part)
        n_repeated = min(_count_most(one, missing[0]), _count_most(other, missing[1]))
        return Disagreement(n_changed, most, n_repeated)

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


def _count_most(facts: _ArticleFacts, missing: list[_Range]) -> int:
    """Count the occurrences of the most frequent missing fact."""
    return max(Counter(facts.read(*one).casefold() for one in missing).values(), default=0)
