"""Columns, roles and sums of passages, one passage and one word after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.model import OPS
from dedup.model.passage import FORMULA, FURNITURE, QUOTATION, TEXT
from dedup.text.tables.kinds import IS_DENSE, IS_DIGIT, IS_QUOTED, IS_SPACELESS, IS_STOP
from tests.reference.edits import marks
from tests.reference.overlap import characters

Spans = tuple[int, int, int, int]


class Word(NamedTuple):
    hash: int
    start: int
    end: int
    flags: int
    role: int


class Edit(NamedTuple):
    op: str
    spans: Spans


class Passage(NamedTuple):
    """Half-open spans of words of the first and of the second side."""

    spans: Spans
    edits: list[Edit]


class Pair(NamedTuple):
    """Articles and passages; `is_swapped` if the first side of these is ``b``."""

    a: int
    b: int
    is_swapped: bool
    passages: list[Passage]

    @property
    def given(self) -> tuple[int, int]:
        return (self.b, self.a) if self.is_swapped else (self.a, self.b)


Articles = Sequence[Sequence[Word]]


def split_numbers(articles: Articles, pairs: Sequence[Pair]) -> Iterator[tuple[int, int, int]]:
    """Yield the number and the given articles of each passage that has an end inside a number."""
    passages = [(pair.given, passage) for pair in pairs for passage in pair.passages]
    for number, (given, passage) in enumerate(passages):
        if any(
            low < end < high and _is_inside(articles[article], end)
            for edit in passage.edits
            for article, low, high, ends in (
                (given[0], *passage.spans[:2], edit.spans[:2]),
                (given[1], *passage.spans[2:], edit.spans[2:]),
            )
            for end in ends
        ):
            yield number, *given


def _is_inside(words: Sequence[Word], at: int) -> bool:
    left, right = words[at - 1], words[at]
    return bool(left.flags & IS_DIGIT and right.flags & IS_DIGIT) and right.start == left.end + 1


class Row(NamedTuple):
    """A passage in the order of its pair."""

    order: int
    articles: tuple[int, int]
    tokens: Spans
    chars: list[int]
    n_words: int
    n_kept: int
    edits: list[tuple[str, Spans, list[int], int]]


def rows(articles: Articles, pairs: Sequence[Pair]) -> Iterator[Row]:
    number = 0
    for pair in pairs:
        own = []
        for passage in pair.passages:
            own.append((_turn(passage.spans, pair), number, passage))
            number += 1
        for spans, order, passage in sorted(own, key=lambda one: one[:2]):
            sides = articles[pair.a], articles[pair.b]
            turned = [(_turn_op(op, pair), _turn(edit, pair)) for op, edit in passage.edits]
            turned.sort(key=lambda one: one[1])
            yield Row(
                order,
                (pair.a, pair.b),
                spans,
                _place(sides, spans, spans),
                max(spans[1] - spans[0], spans[3] - spans[2]),
                sum(edit[1] - edit[0] for op, edit in turned if op == "kept"),
                [
                    (op, edit, _place(sides, spans, edit), _mark(sides, op, edit))
                    for op, edit in turned
                ],
            )


def _turn(spans: Spans, pair: Pair) -> Spans:
    return (*spans[2:], *spans[:2]) if pair.is_swapped else spans  # type: ignore[return-value]


def _turn_op(op: str, pair: Pair) -> str:
    return {"inserted": "deleted", "deleted": "inserted"}.get(op, op) if pair.is_swapped else op


def _place(sides: Sequence[Sequence[Word]], passage: Spans, spans: Spans) -> list[int]:
    chars: list[int] = []
    for words, first, low, high in zip(sides, passage[::2], spans[::2], spans[1::2], strict=True):
        if low < high:
            chars += [words[low].start, words[high - 1].end]
        else:
            chars += 2 * [words[low - 1].end if low > first else words[low].start]
    return chars


def _mark(sides: Sequence[Sequence[Word]], op: str, spans: Spans) -> int:
    """Mark an edit of both sides, whose words are listed one behind the other."""
    words = [*sides[0], *sides[1]]
    n = len(sides[0])
    columns = [word.hash for word in words], [word.flags for word in words]
    return marks(op, columns, range(*spans[:2]), range(n + spans[2], n + spans[3]))


def role(a: Sequence[Word], b: Sequence[Word]) -> int:
    """The role of a passage from its words, with .6 for most and .5 for quoted."""

    def is_mostly(words: Sequence[Word], roles: set[int]) -> bool:
        counted = [word for word in words if word.flags & IS_DENSE != IS_STOP]
        return sum(word.role in roles for word in counted) / max(len(counted), 1) >= 0.6

    if any(is_mostly(words, {FURNITURE}) for words in (a, b)):
        return FURNITURE
    if all(
        sum(word.flags & IS_QUOTED != 0 for word in words) / max(len(words), 1) >= 0.5
        for words in (a, b)
    ):
        return QUOTATION
    if any(is_mostly(words, {QUOTATION, FORMULA, FURNITURE}) for words in (a, b)):
        return FORMULA
    return TEXT


def has_figures(words: Sequence[Word]) -> bool:
    """Whether a side has two words with digits, and one for every four others."""
    n_digits = sum(word.flags & IS_DIGIT != 0 for word in words)
    n_spaceless = sum(word.flags & IS_SPACELESS != 0 for word in words)
    return n_digits >= max(2, (len(words) - n_digits - n_spaceless / 2) / 4)


class Sums(NamedTuple):
    """Of a pair: coverages, share of text, and of each side what is shared, and what is text."""

    coverages: list[float]
    text_share: float
    shared: list[float]
    words: list[list[tuple[bool, bool]]]


def sums(
    articles: Articles,
    pair: Pair,
    passages: Sequence[Row],
    is_counted: Sequence[bool],
    pieces: Sequence[Sequence[tuple[int, int]]],
) -> Sums:
    """Sum up the passages of a pair, whose words are code points of the pieces too."""
    counted = [one for one, counts in zip(passages, is_counted, strict=True) if counts]
    n_kept = sum(one.n_kept for one in passages)
    found = Sums([], sum(one.n_kept for one in counted) / n_kept if n_kept else 1.0, [], [])
    for side, article in enumerate((pair.a, pair.b)):
        part = slice(2 * side, 2 * side + 2)
        covered, text = (
            characters(tuple(one.chars[part]) for one in counted),
            characters(pieces[article]),
        )
        found.coverages.append(len(covered & text) / len(text) if covered & text else 0.0)
        equal = characters(
            edit[part] for one in counted for op, edit, *_ in one.edits if OPS.index(op) in (0, 5)
        )
        words = [(at in equal, word.role != FURNITURE) for at, word in enumerate(articles[article])]
        n_text = sum(is_text for _, is_text in words)
        found.shared.append(sum(map(all, words)) / max(n_text, 1))
        found.words.append(words if counted else [])
    return found
