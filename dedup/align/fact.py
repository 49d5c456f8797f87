"""Find edits that change a fact: a number, a name, a date or a negation.

Facts are recognized by their form and by short lists of words of many languages, in
``wording.tsv``. A denial counts only in a sentence of its language: "die" and "no" are other words
elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dedup.align.wording import read_wording
from dedup.model import Op
from dedup.model.article import Span
from dedup.pattern import lazy_pattern

# A longer substitution is a rewrite: its words do not correspond one by one.
MAX_WORDS = 8
_MAX_CHARS = 80
# Operations that may change a fact: the others have the same words on both sides.
CHANGES = frozenset({"substituted", "inserted", "deleted"})
# Most words of an edit for a negation to count: longer edits change more than that.
_MAX_DENIED = 4

# What may stand between two digits of one number: points, and the marks of scores, times, dates.
_POINTS, _DASHES = ".,'’\u00a0\u2009\u202f", ":/‐‑‒–-"
JOINTS = frozenset(_POINTS + _DASHES)
_PLAIN = rf"[0-9]+(?:[{_POINTS}][0-9]+)*"
_FULL = rf"{_PLAIN}(?:[{_DASHES}]{_PLAIN})*"
_NUMBER = lazy_pattern(_FULL)
# Marks of words, which are no letters to regular expressions.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0e3e\u0e40-\u0eff"
# Whole runs inside the group: the engine reads a word without marks in one step.
_LETTERS = rf"(?:[^\W\d_]+|(?:(?!\d)[{_MARKS}])+)+"
_WORD = lazy_pattern(rf"{_FULL}|{_LETTERS}(?:['’]{_LETTERS})*")
_GOES_ON = lazy_pattern(rf"[0-9][{_POINTS}{_DASHES}][0-9]")
_DASH = lazy_pattern(f"[{_DASHES}]")
_POINT = lazy_pattern(f"[{_POINTS}]")
# Groups of three digits, all with one mark.
_THOUSANDS = lazy_pattern(rf"[0-9]{{1,3}}([{_POINTS}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:[.,][0-9]+)?")
_DENIALS = read_wording("denial")
# Words of Han, kana and Thai stand without spaces.
_UNSPACED = lazy_pattern("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
_SPACED = "|".join(word for word in _DENIALS if not _UNSPACED.match(word))
_INNER = "|".join(word for word in _DENIALS if _UNSPACED.match(word))
# Also a lone "t", as in "didn't" against "didn": the part before the apostrophe may be kept.
_DENIAL = lazy_pattern(
    rf"{'|'.join(read_wording('kept'))}"
    rf"|(?P<word>(?<![\w{_MARKS}])(?:{_SPACED})(?![\w{_MARKS}])|(?<=n['’])t\b|{_INNER})",
    re.IGNORECASE,
)
_COMMON = read_wording("common")
# Languages without frequent words are recognized by their script.
_TOLD = frozenset().union(*_COMMON.values())
_ALL = frozenset().union(*_DENIALS.values())
# Part of the frequent words of the likeliest language that another one needs.
_LIKELY = 2 / 3
# Code points of a sentence that are read on either side of an edit.
_SENTENCE = 200
_ENDS_BEHIND = lazy_pattern(r"[.!?\n]")
_OPENS = frozenset(" \t\"'“„‟«‹‘‚「『([*•")
_STOPS = frozenset(".!?:;…。！？–—\n\r")
_ABBREVIATION = lazy_pattern(r"(?:.*\W)?[A-Z]\w{0,3}\.", re.DOTALL)
_MAX_OPENING, _MAX_ABBREVIATION = MAX_WORDS, 6
# Code points that `_is_sentence_start` reads before a word.
_REACH = _MAX_OPENING + _MAX_ABBREVIATION

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
VALUES = {word: float(n) for n, word in enumerate(_UNITS.split())}
VALUES |= {word: 10.0 * n for n, word in enumerate(_TENS.split(), 2)}
VALUES |= {word: float(n) for n, word in enumerate(_ORDINALS.split(), 1)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
# In many languages a day and a month have a small letter.
_SMALL_DATES = frozenset(read_wording("date"))
_DATES = frozenset(f"{_MONTHS} {_DAYS}".split()) | _SMALL_DATES
# Words that may change a fact without a capital or a figure.
DENIALS = (*_DENIALS, "t")
NUMBERS = (*VALUES, *_SCALES, *_SMALL_DATES)
# Capitalized words that are not names.
_COURTESIES = frozenset({"mr", "mrs", "ms", "dr", "i"})
# Endings as in "Armenian", "Iraqis" and "Southern"; "Nigeria" is not a form of "Niger".
_ENDINGS = frozenset({"", "s", "n", "an", "ian", "ns", "ans", "ians", "i", "is", "ese", "ern"})


def is_fact(op: Op, text_a: str, a: Span, text_b: str, b: Span, *, may_deny: bool = True) -> bool:
    """Return whether an edit changes a fact, not only the wording.

    Parameters
    ----------
    may_deny : bool
        False if neither span has a denial.

    Examples
    --------
    >>> is_fact("substituted", "1,200 people", Span(0, 5), "1,300 people", Span(0, 5))
    True
    >>> is_fact("substituted", "1,200 people", Span(0, 12), "1200 persons", Span(0, 12))
    False
    """
    if op not in CHANGES or max(a.end - a.start, b.end - b.start) > _MAX_CHARS:
        return False
    one, other = _read(text_a, a), _read(text_b, b)
    n_words = max(one.n_words, other.n_words)
    if may_deny and n_words <= _MAX_DENIED and _denies(text_a, a, text_b, b):
        return True
    if op != "substituted" or n_words > MAX_WORDS:
        return False
    # Most edits have only numbers, or only names.
    if (
        one.numbers
        and other.numbers
        and _has_another_number(one.numbers, other.numbers)
        and _has_another_number(other.numbers, one.numbers)
    ):
        return True
    return bool(
        one.names
        and other.names
        and _has_another(one.names, other.names)
        and _has_another(other.names, one.names)
    )


# What a figure may mean: "1.000" is a thousand or one. A score, a time or a date has several.
_Figure = frozenset[float]
_Number = tuple[_Figure, ...]


class _SpanFacts(NamedTuple):
    """Number of words of a span, up to ``MAX_WORDS + 1``, its numbers, and its folded names."""

    n_words: int
    numbers: tuple[_Number, ...]
    names: tuple[str, ...]


def _read(text: str, span: Span) -> _SpanFacts:
    first = max(span.start - _REACH, 0)
    return _read_window(text[first : span.end + 2], span.start - first, span.end - first)


# Cached, because copies of one article have the same words.
@lru_cache(maxsize=4096)
def _read_window(text: str, start: int, end: int) -> _SpanFacts:
    """Read the facts of a span; `text` holds enough context around it."""
    words = list(islice(_WORD.finditer(text, start, end), MAX_WORDS + 1))
    if len(words) > MAX_WORDS:
        return _SpanFacts(len(words), (), ())
    numbers: list[_Number] = []
    names = []
    is_scaled = False  # whether the word before is a number that this word may multiply
    for found in words:
        word = _read_word(found[0])
        if word is None:
            is_scaled = False
            continue
        value, scale, name, is_sure = word
        if value is None:
            if is_sure or not _is_sentence_start(text, found.start()):
                names.append(name)
        elif not is_sure and _is_part_of_number(text, *found.span()):
            continue  # "643" in 482,643 is not a number of its own
        elif scale and is_scaled:
            *parts, last = numbers[-1]
            numbers[-1] = (*parts, frozenset(scale * one for one in last))
        else:
            numbers.append(value)
        is_scaled = value is not None
    return _SpanFacts(len(words), tuple(numbers), tuple(names))


def _find_denials(text: str, span: Span) -> list[str]:
    """Return the folded denials of a span."""
    words = (found["word"] for found in _DENIAL.finditer(text, *span))
    return [word.casefold() for word in words if word]


def _denies(text_a: str, a: Span, text_b: str, b: Span) -> bool:
    """Return whether one span has more denials, of the language of its sentence."""
    one, other = _find_denials(text_a, a), _find_denials(text_b, b)
    if one == other:
        return False
    spoken = _find_languages(f"{_sentence_around(text_a, a)} {_sentence_around(text_b, b)}")
    n_one, n_other = (
        sum(word not in _DENIALS or not spoken.isdisjoint(_DENIALS[word]) for word in words)
        for words in (one, other)
    )
    return n_one != n_other


def _sentence_around(text: str, span: Span) -> str:
    before = text[max(span.start - _SENTENCE, 0) : span.start]
    before = before[max(map(before.rfind, ".!?\n")) + 1 :]
    behind = text[span.end : span.end + _SENTENCE]
    end = _ENDS_BEHIND.search(behind)
    return before + text[span.start : span.end] + (behind[: end.start()] if end else behind)


def _find_languages(text: str) -> frozenset[str]:
    """Return the languages that a text may be in, by their most frequent words in it."""
    counts = Counter(
        language
        for word in re.findall(_LETTERS, text.casefold())
        for language in _COMMON.get(word, ())
    )
    least = _LIKELY * max(counts.values(), default=0)
    return _ALL - {language for language in _TOLD if counts[language] < least}


@lru_cache(maxsize=8192)
def _read_word(written: str) -> tuple[_Number | None, float | None, str, bool] | None:
    """Return the value of a word, its factor as a multiplier, and its folded form as a name.

    The last is whether it is so in any context: no figure, and no word that may start a sentence.
    """
    word = written.replace("’", "'")
    if word[0].isdecimal():
        return _read_number(word), None, "", False
    folded = word.casefold().removesuffix("'s")
    scale = _SCALES.get(folded)
    value = VALUES.get(folded, scale)
    is_name = word[0].isupper() or folded in _SMALL_DATES
    if value is None and (folded in _COURTESIES or not is_name):
        return None
    if value is not None:
        return (frozenset({value}),), scale, folded, True
    return None, scale, folded, folded in _DATES or (len(written) > 1 and written.isupper())


def _is_part_of_number(text: str, start: int, end: int) -> bool:
    """Return whether the number goes on beyond a point or comma at an end of the span."""
    before = text[max(start - 2, 0) : start]
    if before[-1:] not in JOINTS and text[end : end + 1] not in JOINTS:
        return False
    return bool(_GOES_ON.fullmatch(before + text[start]) or _GOES_ON.match(text, end - 1))


@lru_cache(maxsize=4096)
def read_figures(text: str) -> _Number:
    """Return the figures of the first number of a text."""
    found = _NUMBER.search(text)
    return _read_number(found[0]) if found else ()


def _read_number(word: str) -> _Number:
    """Return the figures of a number, a score, a time or a date."""
    figures: list[_Figure] = []
    for part in _DASH.split(word):
        if thousands := _THOUSANDS.fullmatch(part):
            whole = float(part.replace(thousands[1], "").replace(",", "."))
            # A single point may also be a decimal point.
            is_decimal = re.fullmatch(r"[0-9]+\.[0-9]+", part)
            figures.append(frozenset({whole, float(part)} if is_decimal else {whole}))
            continue
        digits = _POINT.split(part)
        if re.fullmatch("[0-9]+[.,][0-9]+", part):
            figures.append(frozenset({float(".".join(digits))}))
        else:
            figures += (frozenset({float(one)}) for one in digits)
    return tuple(figures)


def _has_another_number(numbers: Sequence[_Number], others: Sequence[_Number]) -> bool:
    """Return whether the figures of a number are nowhere, in their order, in the others."""
    figures = [figure for number in others for figure in number]
    return not all(
        any(
            all(map(_Figure.intersection, number, figures[at:]))
            for at in range(len(figures) - len(number) + 1)
        )
        for number in numbers
    )


def _is_sentence_start(text: str, at: int) -> bool:
    """Return whether a word starts a sentence, a line, a quotation or a parenthesis."""
    if at > 1 and text[at - 1] == " " and text[at - 2].isalnum():
        return False  # most words follow a word
    before = at
    while before > 0 and at - before < _MAX_OPENING and text[before - 1] in _OPENS:
        before -= 1
    opening = text[before:at]
    if before == 0 or (opening and not opening.isspace()):
        return True
    if text[before - 1] not in _STOPS:
        return False
    # The point of "Mr." or of an initial does not end a sentence.
    return _ABBREVIATION.fullmatch(text, max(before - _MAX_ABBREVIATION, 0), before) is None


def _has_another(names: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether a name in `names` is a form of none of the others."""
    if _initials(names) in others:
        return False
    acronym = _initials(others)
    return any(
        name != acronym
        and not any(_is_form(name, other) or _is_form(other, name) for other in others)
        for name in names
    )


def _initials(names: Sequence[str]) -> str:
    """Return the acronym of several names; a space, which matches no name, for fewer."""
    return "".join(name[0] for name in names) if len(names) > 1 else " "


def _is_form(name: str, other: str) -> bool:
    """Return whether the other name is this one with an ending, or spelled out."""
    if not other.startswith(name):
        return False
    return other.removeprefix(name) in _ENDINGS or len(name) <= len(other) // 2


def short_forms(name: str) -> set[str]:
    """Return the shorter forms of a name: without an ending, or its first letters."""
    bare = {name.removesuffix(ending) for ending in _ENDINGS}
    return bare | {name[:n] for n in range(1, len(name) // 2 + 1)}
