"""Two articles as plain lists of words, each with what it is worth as evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log2
from typing import NamedTuple

import numpy as np

from dedup.text.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_SPACELESS
from tests.reference.anchors import MIN_PLACES
from tests.reference.seeds import MAX_CAPITALS, share
from tests.reference.sides import Pair, Side, Stream

STOP_BITS = float(np.float32(0.6))
Bag = list[tuple[int, float]]


class Word(NamedTuple):
    """A token; ``common`` is the number of a content stem that both sides have, else None."""

    hash: int
    stem: int
    start: int
    end: int
    flags: int
    bits: float = STOP_BITS
    common: int | None = None
    is_fact: bool = False


Text = Sequence[Word]


def is_content(word: Word) -> bool:
    return bool(word.flags & IS_CONTENT)


def read(stream: Stream) -> list[Word]:
    """Tokens as the core takes them."""
    columns = (column.tolist() for column in stream)
    return [Word(*row) for row in zip(*columns, strict=True)]


def read_pair(pair: Pair) -> tuple[list[Word], list[Word]]:
    """Both articles of a pair that is numbered already."""
    return _join(pair.a, pair.side_a), _join(pair.b, pair.side_b)


def _join(stream: Stream, side: Side) -> list[Word]:
    words = read(stream)
    columns = (column.tolist() for column in side)
    for token, stem, bits, is_fact in zip(*columns, strict=True):
        common = stem if stem >= 0 else None
        words[token] = words[token]._replace(bits=bits, common=common, is_fact=is_fact)
    return words


def number(a: Text, b: Text, idf: Sequence[int]) -> tuple[list[Word], list[Word]]:
    """Weigh the content words of two articles and number the stems that both have."""
    stems_a, stems_b = (Counter(word.stem for word in one if is_content(word)) for one in (a, b))
    common = [stem for stem in stems_a if stem in stems_b]
    numbers = {stem: k for k, stem in enumerate(common)}
    return tuple(
        [
            _weigh(one, token, (own, other), idf)._replace(common=numbers.get(word.stem))
            if is_content(word)
            else word
            for token, word in enumerate(one)
        ]
        for one, own, other in ((a, stems_a, stems_b), (b, stems_b, stems_a))
    )


def _weigh(text: Text, token: int, counts: tuple[Counter, Counter], idf: Sequence[int]) -> Word:
    """At most -log2 of the frequency in either article; a part of it for a name or a number."""
    word = text[token]
    bits = int(idf[(word.stem >> 44) + (bool(word.flags & IS_SPACELESS) << 20)]) / 8
    caps = [
        -log2(count[word.stem] / (count.total() + MIN_PLACES))
        for count in counts
        if count[word.stem]
    ]
    content = [one for one in text if is_content(one)]
    n_capitals = sum(bool(one.flags & IS_CAPITAL) for one in content)
    left = share(
        [(one.stem, one.flags) for one in text], token, n_capitals < MAX_CAPITALS * len(content)
    )
    least = np.float32(min(bits, *caps))
    return word._replace(bits=float(least * np.float32(left)), is_fact=left < 1)


def bag(text: Text, low: int, high: int, owner: int) -> Bag:
    """Stem and bits of each content word; what the other side lacks has a number of its own."""
    return [
        (-2 * token - owner - 1 if word.common is None else word.common, word.bits)
        for token, word in enumerate(text[low:high], low)
        if is_content(word)
    ]


def mass(text: Text, low: int, high: int) -> float:
    return sum(word.bits for word in text[low:high])


def boundaries(text: Text, flags: int) -> set[int]:
    """Where text of some kind starts, and both ends of the article."""
    return {0, len(text), *(at for at, word in enumerate(text) if word.flags & flags)}
