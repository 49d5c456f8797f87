"""Names of one article that another lacks, and words with digits, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from dedup.text.tables.kinds import (
    IS_CAPITAL,
    IS_CONTENT,
    IS_DENSE,
    IS_DIGIT,
    IS_STOP,
    STARTS_SENTENCE,
)


class Word(NamedTuple):
    """A token."""

    hash: int
    stem: int
    flags: int


def has_capital(word: Word) -> bool:
    return (
        bool(word.flags & IS_CAPITAL)
        and not word.flags & IS_DIGIT
        and word.flags & IS_DENSE != IS_STOP
    )


def opens(word: Word) -> bool:
    return bool(word.flags & STARTS_SENTENCE)


def _sentences(words: Sequence[Word]) -> list[list[int]]:
    numbers = [sum(map(opens, words[: at + 1])) for at in range(len(words))]
    return [list(own) for _, own in groupby(range(len(words)), key=numbers.__getitem__)]


def names(words: Sequence[Word]) -> list[int]:
    """Return the words with a capital outside of headings; first words need another sign."""
    found = []
    for sentence in _sentences(words):
        content = [
            words[at]
            for at in sentence
            if words[at].flags & IS_CONTENT and not words[at].flags & IS_DIGIT
        ]
        if sum(not has_capital(word) for word in content) > 0.1 * len(content):
            found += [at for at in sentence if has_capital(words[at])]
    inner = [at for at in found if not opens(words[at])]
    known = {words[at].hash for at in inner}
    return [at for at in found if at in inner or at + 1 in inner or words[at].hash in known]


def missing_names(words: Sequence[Word], others: Sequence[Word]) -> list[int]:
    """Return the names whose word and stem the other article has nowhere."""
    known = {form for word in others for form in (word.hash, word.stem)}
    return [at for at in names(words) if known.isdisjoint((words[at].hash, words[at].stem))]


def digits(words: Sequence[Word]) -> list[list[int]]:
    """Return the runs of words with digits."""
    runs = groupby(words, key=lambda word: bool(word.flags & IS_DIGIT))
    return [[word.hash for word in run] for is_digit, run in runs if is_digit]
