"""Edits of whole numbers.

The tokenizer splits numbers, scores, times and dates at their points. If a part of one changed or
moved, the edit here takes all of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, pairwise, takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.fact import CHANGES, JOINTS, MAX_WORDS
from dedup.align.table import AlignedTexts, PassageRows
from dedup.model import OPS
from dedup.runtime.bounds import add_up
from dedup.text.tables.kinds import IS_DIGIT
from dedup.text.tokenize import Tokens

# Codes of the core.
_KEPT, _MOVED = OPS.index("kept"), OPS.index("moved")
_SUBSTITUTED, _INSERTED, _DELETED = map(OPS.index, ("substituted", "inserted", "deleted"))
# A part of a number, until it is merged with the rest.
_SPLIT = -1
# More rounds mean that most words of a passage moved: then all moved words are changes.
_MAX_ROUNDS = 4
_CHANGES = frozenset([*map(OPS.index, CHANGES), _SPLIT])


def join_numbers(
    source: AlignedTexts,
    pairs: NDArray[np.int64],
    swapped: NDArray[np.bool_],
    rows: PassageRows,
) -> PassageRows:
    """Extend edits that change a part of a number to the whole number.

    Parameters
    ----------
    pairs : ndarray of int64, shape (n_pairs, 2)
        Articles of each pair.
    swapped : ndarray of bool, shape (n_pairs,)
        Pairs that the core got with ``b`` first.
    """
    texts, tokens = source
    split = _core.find_split_numbers(rows.columns(pairs, swapped), tokens.offsets, *tokens.columns)
    if not len(split):
        return rows
    lengths = np.diff(rows.edit_bounds)
    joined, done = [], 0
    for passage, *articles in split.tolist():
        low, high = rows.edit_bounds[passage : passage + 2].tolist()
        sides = [
            _NumberSide.read(texts[article], tokens, int(tokens.offsets[article]), *span)
            for article, span in zip(
                articles, rows.spans[passage].reshape(2, 2).tolist(), strict=True
            )
        ]
        own = _NumberJoiner(*sides).rewrite([_Row(*row) for row in rows.edits[low:high].tolist()])
        joined += [rows.edits[done:low], np.array(own, np.int64)]
        lengths[passage] = len(own)
        done = high
    bounds = add_up(lengths)
    return rows._replace(edits=np.concatenate([*joined, rows.edits[done:]]), edit_bounds=bounds)


class _Row(NamedTuple):
    """An operation and its tokens on each side."""

    op: int
    p_low: int
    p_high: int
    q_low: int
    q_high: int


class _Unit(NamedTuple):
    """A word or a whole number: its tokens."""

    span: tuple[int, int]
    words: list[int]
    is_number: bool


class _NumberSide(NamedTuple):
    """A side of a passage: the tokens of all articles, and the index of the first of its own.

    `joints` are the tokens of the article that go on with the number before them.
    """

    tokens: Tokens
    first: int
    joints: frozenset[int]

    @classmethod
    def read(cls, text: str, tokens: Tokens, first: int, low: int, high: int) -> _NumberSide:
        """Find the numbers of a passage."""
        part = slice(first + low, first + high)
        ends, starts = tokens.ends[part][:-1], tokens.starts[part][1:]
        near = np.flatnonzero(starts == ends + 1)
        joints = frozenset(
            low + 1 + at
            for at, end in zip(near.tolist(), ends[near].tolist(), strict=True)
            if text[end] in JOINTS and text[end - 1].isdecimal() and text[end + 1].isdecimal()
        )
        return cls(tokens, first, joints)

    def units(self, low: int, high: int) -> list[_Unit]:
        """Return the words and whole numbers of a range."""
        starts = [at for at in range(low, high) if at == low or at not in self.joints]
        hashes = self.tokens.hashes[self.first + low : self.first + high].tolist()
        flags = self.tokens.flags[self.first + low : self.first + high].tolist()
        return [
            _Unit((at, end), hashes[at - low : end - low], bool(flags[at - low] & IS_DIGIT))
            for at, end in pairwise([*starts, high])
        ]


class _NumberJoiner(NamedTuple):
    """The sides of a passage whose edits are rewritten."""

    a: _NumberSide
    b: _NumberSide

    def rewrite(self, rows: Sequence[_Row]) -> list[_Row]:
        """Return edits in which no number is in two edits."""
        ordered = [piece for row in rows if row.op != _MOVED for piece in self._cut(row)]
        moved = [piece for row in rows if row.op == _MOVED for piece in self._cut(row)]
        released = {piece for piece in moved if piece.op == _SPLIT}
        for n_rounds in count():
            for piece in sorted(released):
                _release(piece, ordered)
            moved = [piece for piece in moved if piece not in released]
            inside = self._find_inside(ordered, moved)
            if not inside:
                break
            released = set(inside if n_rounds < _MAX_ROUNDS else moved)
        return [*_join_kept(self._merge(ordered)), *moved]

    def _find_inside(self, ordered: Sequence[_Row], moved: Iterable[_Row]) -> list[_Row]:
        """Return the moved words that are, on the other side, between two parts of a number."""
        holes = [
            (left.p_high, right.p_low, left.q_high, right.q_low)
            for left, right in pairwise(ordered)
            if self._is_joint(right.p_low, right.q_low)
        ]
        lows_p, highs_p, lows_q, highs_q = zip(*holes, strict=True) if holes else [()] * 4
        return [
            piece
            for piece in moved
            if _is_in(piece.p_low, lows_p, highs_p) or _is_in(piece.q_low, lows_q, highs_q)
        ]

    def _cut(self, row: _Row) -> Iterator[_Row]:
        """Cut the ends that are parts of a number off a row of equal words."""
        # Most rows have no number at an end.
        if row.op not in (_KEPT, _MOVED) or not (
            self._is_joint(row.p_low, row.q_low) or self._is_joint(row.p_high, row.q_high)
        ):
            yield row
            return
        n = row.p_high - row.p_low
        whole = (k for k in range(n) if not self._is_joint(row.p_low + k, row.q_low + k))
        head = next(whole, n)
        whole = (k for k in range(n) if not self._is_joint(row.p_high - k, row.q_high - k))
        tail = next(whole, n) if head < n else 0
        for op, low, high in ((_SPLIT, 0, head), (row.op, head, n - tail), (_SPLIT, n - tail, n)):
            if low < high:
                yield _Row(op, *(at + k for at in (row.p_low, row.q_low) for k in (low, high)))

    def _is_joint(self, p: int, q: int) -> bool:
        """Return whether a number continues there on either side."""
        return p in self.a.joints or q in self.b.joints

    def _merge(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        """Merge parts of numbers with the changes beside them."""
        region: list[_Row] = []
        for row in rows:
            if region and not self._is_one_change(region[0], region[-1], row):
                yield from self._refine(region)
                region = []
            region.append(row)
        if region:
            yield from self._refine(region)

    def _is_one_change(self, first: _Row, left: _Row, right: _Row) -> bool:
        if left.op not in _CHANGES or right.op not in _CHANGES:
            return False
        if left.p_high != right.p_low or left.q_high != right.q_low:
            return False  # moved words are between them
        if self._is_joint(right.p_low, right.q_low):
            return True
        return max(right.p_high - first.p_low, right.q_high - first.q_low) <= MAX_WORDS

    def _refine(self, region: list[_Row]) -> Iterator[_Row]:
        """Yield the changes of a region, number by number if both sides correspond."""
        if all(row.op != _SPLIT for row in region):
            yield from region
            return
        a = self.a.units(region[0].p_low, region[-1].p_high)
        b = self.b.units(region[0].q_low, region[-1].q_high)
        is_alike = [one.is_number for one in a] == [one.is_number for one in b]
        # Only from the end: "1.5 million" and "1,500,000" are equal.
        head = len(a) if is_alike else 0
        tail = _count_paired(zip(reversed(a[head:]), reversed(b[head:]), strict=False))
        yield from map(_pair, a[:head], b[:head])
        one, other = a[head : len(a) - tail], b[head : len(b) - tail]
        if one or other:
            op = _SUBSTITUTED if one and other else _DELETED if one else _INSERTED
            p, q = region[0].p_low, region[0].q_low  # nothing is before, if something is left
            p_high, q_high = one[-1].span[1] if one else p, other[-1].span[1] if other else q
            yield _Row(op, p, p_high, q, q_high)
        yield from map(_pair, a[len(a) - tail :], b[len(b) - tail :])


def _count_paired(pairs: Iterable[tuple[_Unit, _Unit]]) -> int:
    """Count the leading pairs of two numbers or of two equal words."""
    paired = takewhile(
        lambda pair: pair[0].words == pair[1].words or (pair[0].is_number and pair[1].is_number),
        pairs,
    )
    return sum(1 for _ in paired)


def _pair(one: _Unit, other: _Unit) -> _Row:
    return _Row(_KEPT if one.words == other.words else _SUBSTITUTED, *one.span, *other.span)


def _join_kept(rows: Iterable[_Row]) -> list[_Row]:
    joined: list[_Row] = []
    for row in rows:
        last = joined[-1] if joined else row
        if last.op == row.op == _KEPT and last[2::2] == row[1::2]:
            joined[-1] = _Row(_KEPT, last[1], row[2], last[3], row[4])
        else:
            joined.append(row)
    return joined


def _is_in(at: int, lows: Sequence[int], highs: Sequence[int]) -> bool:
    """Return whether a position is in one of some ascending ranges."""
    k = bisect_right(lows, at) - 1
    return k >= 0 and at < highs[k]


def _release(part: _Row, ordered: list[_Row]) -> None:
    """Delete and insert a part of a number that is elsewhere on the other side."""
    _, p_low, p_high, q_low, q_high = part
    at = bisect_right(ordered, p_low, key=lambda row: row.p_high)
    q = ordered[at - 1].q_high if at else ordered[0].q_low
    ordered.insert(at, _Row(_SPLIT, p_low, p_high, q, q))
    at = bisect_right(ordered, q_low, key=lambda row: row.q_high)
    p = ordered[at - 1].p_high if at else ordered[0].p_low
    ordered.insert(at, _Row(_SPLIT, p, p, q_low, q_high))
