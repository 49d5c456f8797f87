"""Candidate passages without sentences of one side alone: sentence by sentence, as sets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.text.tables.kinds import STARTS_CLAUSE, STARTS_SENTENCE
from tests.reference.alignments import Matches
from tests.reference.boundaries import Stretch, align
from tests.reference.chains import extend_range
from tests.reference.pair import matches_within
from tests.reference.words import Text, boundaries, is_content

MIN_CONTENT, MAX_ROUNDS = 5, 4
SAME, ANY, ABRIDGED = range(3)
Range = tuple[int, int]


class Part(NamedTuple):
    stretch: Stretch
    core: Stretch
    group: int


def find_own(
    texts: tuple[Text, Text], stretch: Stretch, is_abridged: bool, min_shared: float
) -> tuple[list[Range], list[Range]]:
    """The whole sentences of each side that share too little with the other side."""
    spans = stretch[:2], stretch[2:]
    lengths = [high - low for low, high in spans]
    shorter = 0 if lengths[0] <= lengths[1] else 1
    own: tuple[list[Range], list[Range]] = [], []
    for side in (0, 1):
        if is_abridged and side != shorter:
            continue
        (low, high), (other_low, other_high) = spans[side], spans[1 - side]
        there = {word.common for word in texts[1 - side][other_low:other_high]} - {None}
        starts = sorted(boundaries(texts[side], STARTS_SENTENCE))
        for start, end in pairwise(starts):
            words = [word for word in texts[side][start:end] if is_content(word)]
            shared = sum(word.bits for word in words if word.common in there)
            is_whole = low <= start and end <= high and len(words) >= MIN_CONTENT
            if is_whole and shared < min_shared * sum(word.bits for word in words):
                own[side].append((start, end))
    return own


def split(
    a: Text,
    b: Text,
    matches: Matches,
    stretches: Sequence[tuple[Stretch, Stretch]],
    order: int,
    min_shared: float,
    most: int,
) -> list[Part]:
    """Split stretches, given with their cores, until no part has a sentence of its own."""
    found: list[Part] = []
    parts = [Part(one, core, group) for group, (one, core) in enumerate(stretches)]
    for n_rounds in range(MAX_ROUNDS + 1):
        split_parts: list[Part] = []
        for part in parts:
            own = find_own((a, b), part.stretch, order == ABRIDGED, min_shared)
            if not any(own):
                found.append(part)
            elif n_rounds < MAX_ROUNDS:
                split_parts += _split_one(a, b, matches, part, own, order, most)
        parts = split_parts
    return sorted(found)


def _split_one(
    a: Text,
    b: Text,
    matches: Matches,
    part: Part,
    own: tuple[list[Range], list[Range]],
    order: int,
    most: int,
) -> list[Part]:
    p, p_end, q, q_end = part.stretch
    inside = [(p + x, q + y) for x, y in matches_within(matches, (p, p_end), (q, q_end))]
    words = align(a, b, matches, part.stretch) if order == SAME else inside
    boxes: dict[tuple[int, int], Matches] = {}
    for x, y in words:
        if any(low <= x < high for low, high in own[0]) or any(
            low <= y < high for low, high in own[1]
        ):
            continue
        place = sum(high <= x for _, high in own[0]), sum(high <= y for _, high in own[1])
        boxes.setdefault(place, []).append((x, y))
    parts = []
    for place, box in boxes.items():
        columns = list(zip(*box, strict=True))
        core = min(columns[0]), max(columns[0]) + 1, min(columns[1]), max(columns[1]) + 1
        ends = [
            _extend(text, own[side], place[side], core[2 * side : 2 * side + 2], whole, most)
            for side, (text, whole) in enumerate(((a, (p, p_end)), (b, (q, q_end))))
        ]
        parts.append(Part((*ends[0], *ends[1]), core, part.group))
    return parts


def _extend(
    text: Text, own: Sequence[Range], place: int, core: Sequence[int], whole: Range, most: int
) -> Range:
    """Extend to clause ends, up to the sentences beside the part."""
    ends = boundaries(text, STARTS_SENTENCE | STARTS_CLAUSE)
    low, high = extend_range(ends, len(text), core[0], core[1], most)
    lowest = own[place - 1][1] if place > 0 else whole[0]
    highest = own[place][0] if place < len(own) else whole[1]
    return max(low, lowest), min(high, highest)
