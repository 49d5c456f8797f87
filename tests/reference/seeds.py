"""Pair-shingles of one article by looking at all pairs of its content words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dedup.text.tables.kinds import IS_CAPITAL, IS_CONTENT, IS_DIGIT, IS_SPACELESS, STARTS_CLAUSE
from tests.reference.anchors import local_bits
from tests.reference.hash import hash_sequence

MAX_CAPITALS = 0.45
NAME_SHARE = float(np.float32(0.15))


class Word(NamedTuple):
    """A content word: its token, stem, information and evidence, in eighths of a bit."""

    token: int
    stem: int
    bits: float
    evidence: int


def words(article: Sequence[tuple[int, int]], idf: Sequence[int]) -> list[Word]:
    """Content words of (stem, flags), with what each says if it is met elsewhere."""
    content = [token for token, (_, flag) in enumerate(article) if flag & IS_CONTENT]
    stems = [article[token][0] for token in content]
    bits = [
        int(idf[(article[token][0] >> 44) + (bool(article[token][1] & IS_SPACELESS) << 20)]) / 8
        for token in content
    ]
    n_capitals = sum(bool(article[token][1] & IS_CAPITAL) for token in content)
    has_case = n_capitals < MAX_CAPITALS * len(content)
    found = []
    for token, own, local in zip(content, bits, local_bits(bits, stems, stems), strict=True):
        left = share(article, token, has_case)
        found.append(Word(token, article[token][0], own, min(int(8 * local * left), 255)))
    return found


def share(article: Sequence[tuple[int, int]], token: int, has_case: bool) -> float:
    """Half for a number or a name, less for what goes on with a name, all for a plain word."""
    flag = article[token][1]
    if flag & IS_DIGIT:
        return 0.5
    if has_case and flag & IS_CAPITAL and not flag & STARTS_CLAUSE:
        return NAME_SHARE if token > 0 and article[token - 1][1] & IS_CAPITAL else 0.5
    return 1.0


def seeds(
    content: Sequence[Word], window: int, min_bits: float, sample: int, max_repeats: int
) -> list[tuple[int, int, Word, Word]]:
    """Return (token of the later word, key, both words), sorted by the first two.

    Of the occurrences of a key the first ones count: by the later word, then nearest first.
    """
    found: list[tuple[int, int, Word, Word]] = []
    for later, right in enumerate(content):
        for left in content[max(0, later - window + 1) : later][::-1]:
            low, high = sorted((left.stem, right.stem))
            key = hash_sequence(low, [high])
            n_before = sum(one[1] == key for one in found)
            is_enough = left.bits + right.bits >= min_bits
            if low != high and is_enough and key % sample == 0 and n_before < max_repeats:
                found.append((right.token, key, left, right))
    return sorted(found)
