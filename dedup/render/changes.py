"""Describe the changed facts of a passage, one short line each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from dedup.model import Edit, Passage
from dedup.model.article import Span
from dedup.pattern import lazy_pattern

# A number with its currency, or a word that is part of a name if it has a capital.
_FACT = lazy_pattern(
    r"[$€£¥]?\d(?:[\w.,:/’'-]*\w)?%?|[^\W\d_][\w.’'-]*(?:, (?:Inc|Ltd|LLC|Jr|Sr)\b)?"
)
# What may stand within one name, or between a day and its month.
_INNER = lazy_pattern(r"(?:(?<=\b\w)|(?<=\b\w\w)|(?<=\b\w{3}))\. | |-| ?& ?| of (?:the )?")
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_DATES = frozenset(f"{_MONTHS} {_DAYS}".split())
_CURRENCY = lazy_pattern(r"[$€£¥]\s?$")
_UNIT = lazy_pattern(
    r"%|[ -](?:percent|hundred|thousand|million|billion|trillion)\b", re.IGNORECASE
)
_WORD = lazy_pattern(r"\w+")
# More other words on one side than on the other are a rewrite, not another fact.
_MAX_OTHER = 2
# Characters read on either side of an edit for the currency and the unit.
_REACH = 12


class _FactRun(NamedTuple):
    """Neighboring facts of one side: a span, and the kinds of its words in order."""

    start: int
    end: int
    kinds: tuple[str, ...]


def list_changes(passage: Passage) -> list[str]:
    """Describe the changed facts of a passage, each once, in the order of the text."""
    found: dict[str, str] = {}
    for edit in passage.edits:
        if edit.is_fact:
            for line in _describe(passage, edit):
                found.setdefault(line.casefold(), line)
    return list(found.values())


def _describe(passage: Passage, edit: Edit) -> Iterator[str]:
    (text_a, a), (text_b, b) = (
        (text, Span(span.start - at.start, span.end - at.start))
        for text, span, at in (
            (passage.text_a, edit.a, passage.a), (passage.text_b, edit.b, passage.b)
        )
    )  # fmt: skip
    left, right = _words_of(text_a[slice(*a)]), _words_of(text_b[slice(*b)])
    if not (left and right):
        yield f"“{left or right}” only in {'A' if left else 'B'}"
        return
    runs_a, runs_b = _find_runs(text_a, a), _find_runs(text_b, b)
    n_other = abs(_count_other(text_a, a, runs_a) - _count_other(text_b, b, runs_b))
    is_pair = [run.kinds for run in runs_a] == [run.kinds for run in runs_b]
    if not runs_a or not is_pair or n_other > _MAX_OTHER:
        yield f"“{left}” in A, “{right}” in B"
        return
    for run_a, run_b in zip(runs_a, runs_b, strict=True):
        before, after = _read(text_a, run_a), _read(text_b, run_b)
        if before.casefold() != after.casefold():
            yield f"{before} → {after}"


def _words_of(text: str) -> str:
    return " ".join(text.split())


def _find_runs(text: str, span: Span) -> list[_FactRun]:
    """Return the facts of a span; neighbors such as the words of one name are one run."""
    runs: list[_FactRun] = []
    for found in _FACT.finditer(text, *span):
        kind = _kind_of(found[0])
        if not kind:
            continue
        end = found.end() - (found[0][-1] in ".'’-")
        if runs and _INNER.fullmatch(text, runs[-1].end, found.start()):
            start, _, kinds = runs.pop()
            runs.append(_FactRun(start, end, (*kinds, kind)))
        else:
            runs.append(_FactRun(found.start(), end, (kind,)))
    return [run._replace(kinds=tuple(kind for kind, _ in groupby(run.kinds))) for run in runs]


def _kind_of(word: str) -> str:
    """Return the kind of a fact, "" for other words."""
    if any(map(str.isdigit, word)):
        return "number"
    if not word[0].isupper():
        return ""
    return "date" if re.split("['’.]", word.casefold())[0] in _DATES else "name"


def _count_other(text: str, span: Span, runs: list[_FactRun]) -> int:
    """Count the words of a span that are no facts."""
    n_words = len(_WORD.findall(text, *span))
    return n_words - sum(len(_WORD.findall(text, run.start, run.end)) for run in runs)


def _read(text: str, run: _FactRun) -> str:
    """Return the text of a run; a number has its currency and unit, which may be kept words."""
    start, end = run.start, run.end
    if run.kinds[0] == "number" and (sign := _CURRENCY.search(text, max(start - 2, 0), start)):
        start = sign.start()
    if run.kinds[-1] == "number" and (unit := _UNIT.match(text, end, end + _REACH)):
        end = unit.end()
    return _words_of(text[start:end])
