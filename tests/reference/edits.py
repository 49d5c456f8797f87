"""Edit scripts, one gap between aligned words after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from dedup.text.tables.kinds import IS_CAPITAL, IS_DIGIT
from tests.reference.chains import moved

Row = tuple[str, list[int], list[int]]


def edits(
    aligned: Sequence[tuple[int, int]],
    a: Sequence[int],
    b: Sequence[int],
    content: tuple[set[int], set[int]],
) -> list[Row]:
    """List what became of every word: the edit, its words of a, its words of b.

    Aligned words that are not equal are inflected. A gap is what lies between two aligned
    words on both sides; what moved is taken out of it, and the stretches that remain on
    one side go with those that remain on the other, in turn; equal words at both their ends
    are kept.
    """
    away = dict(moved(aligned, a, b, content))
    rows: list[Row] = []
    p_before = q_before = -1
    for p, q in [*aligned, (len(a), len(b))]:
        gap_a = _stretches(range(p_before + 1, p), set(away))
        gap_b = _stretches(range(q_before + 1, q), set(away.values()))
        n = max(len(gap_a), len(gap_b))
        for left, right in zip(_fill(gap_a, n), _fill(gap_b, n), strict=True):
            rows += _change(a, b, left, right)
        rows += [("moved", [k], [away[k]]) for k in range(p_before + 1, p) if k in away]
        if p < len(a):
            rows.append(("kept" if a[p] == b[q] else "inflected", [p], [q]))
        p_before, q_before = p, q
    return rows


def _change(a: Sequence[int], b: Sequence[int], left: list[int], right: list[int]) -> list[Row]:
    for end in (0, -1):
        if left and right and a[left[end]] == b[right[end]]:
            kept: Row = ("kept", [left.pop(end)], [right.pop(end)])
            return [kept, *_change(a, b, left, right)]
    if not left and not right:
        return []
    return [("substituted" if left and right else "deleted" if left else "inserted", left, right)]


def _stretches(places: range, without: set[int]) -> list[list[int]]:
    groups = groupby(places, key=lambda at: at in without)
    return [list(group) for is_out, group in groups if not is_out]


def _fill(stretches: list[list[int]], n: int) -> list[list[int]]:
    return stretches + [[]] * (n - len(stretches))


def marks(name: str, columns: Sequence[Sequence[int]], a: range, b: range) -> int:
    """Say of the first three words of an edit what to look at; words 0 deny, 1 are numbers."""
    if name in ("kept", "inflected", "moved"):
        return 0
    hashes, flags = columns
    sides = [list(side)[:3] for side in (a, b)]
    denies = any(hashes[at] == 0 for side in sides for at in side)
    names = all(
        any(hashes[at] == 1 or flags[at] & (IS_CAPITAL | IS_DIGIT) for at in side) for side in sides
    )
    return 1 * denies + 2 * names
