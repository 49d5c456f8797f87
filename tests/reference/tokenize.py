"""The tokenizer, said with ``unicodedata`` and one code point at a time."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from dedup.text.tables import kinds as kernel
from tests.reference.hash import avalanche, combine, hash_text
from tools.make_fold import PUNCTUATION, SPACELESS, VARIATION_SELECTORS

NEWLINES = PUNCTUATION[kernel.NEWLINE]
TERMINATORS = PUNCTUATION[kernel.TERMINATOR]
CLAUSE_MARKS = PUNCTUATION[kernel.CLAUSE]
QUOTES = "".join(
    PUNCTUATION[kind] for kind in (kernel.OPEN_QUOTE, kernel.CLOSE_QUOTE, kernel.STRAIGHT_QUOTE)
)
APOSTROPHES = PUNCTUATION[kernel.APOSTROPHE]
ALL_MARKS = "".join(PUNCTUATION.values())

MAX_TOKEN = 128


class Token(NamedTuple):
    """``gap`` is the text since the token before, ``text`` what the span covers."""

    start: int
    end: int
    folded: str
    gap: str
    text: str
    is_spaceless: bool


@cache
def stop_words() -> frozenset[str]:
    text = (files("dedup.text.tables") / "stopwords.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )


def fold(text: str) -> str:
    """Code point by code point: marks of two of them are not put in order."""
    return "".join(map(_fold, text))


@cache
def _fold(char: str) -> str:
    char = unicodedata.normalize("NFKD", char)
    char = unicodedata.normalize("NFKD", char.casefold())
    kept = [part for part in char if unicodedata.combining(part) in (0, 9)]
    kept = [part for part in kept if not selects_or_encloses(part)]
    return "".join(part for part in kept if unicodedata.category(part)[0] in "LNM")


def selects_or_encloses(char: str) -> bool:
    is_selector = any(low <= ord(char) <= high for low, high in VARIATION_SELECTORS)
    return is_selector or unicodedata.category(char) == "Me"


def in_spaceless_script(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in SPACELESS)


@cache
def is_word(char: str) -> bool:
    category = unicodedata.category(char)
    if char in ALL_MARKS or not fold(char):
        return False
    return category[0] in "LN" or (category[0] == "M" and not in_spaceless_script(char))


def is_ignorable(char: str) -> bool:
    """Tell whether a code point is as if it were not there: formats, empty marks."""
    if char in ALL_MARKS or is_word(char):
        return False
    category = unicodedata.category(char)
    is_mute_letter = in_spaceless_script(char) and category[0] in "LN"
    return category == "Cf" or category[0] == "M" or is_mute_letter


def is_spaceless(char: str) -> bool:
    return is_word(char) and in_spaceless_script(char)


def is_space(char: str) -> bool:
    is_control = unicodedata.category(char) == "Cc"
    return char not in ALL_MARKS and (char.isspace() or is_control)


def runs(data: bytes) -> list[tuple[int, int, bool]]:
    """Runs of letters, digits and bytes that are not ASCII, and whether such a byte is there."""
    found: list[tuple[int, int, bool]] = []
    for at, byte in enumerate(data):
        is_foreign = byte >= 0x80
        if not (is_foreign or chr(byte).isalnum()):
            continue
        if found and found[-1][1] == at:
            found[-1] = found[-1][0], at + 1, found[-1][2] or is_foreign
        else:
            found.append((at, at + 1, is_foreign))
    return found


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = last_end = 0
    while at < len(text):
        if not is_word(text[at]):
            at += 1
            continue
        start, n_points = at, 0
        alone = is_spaceless(text[start])
        while at < len(text):
            char = text[at]
            if is_ignorable(char):
                at += 1
                continue
            fits = n_points == 0 if alone else n_points < MAX_TOKEN and not is_spaceless(char)
            if not (is_word(char) and fits):
                break
            n_points += 1
            at += 1
        span = text[start:at]
        points = span[0] if alone else "".join(char for char in span if not is_ignorable(char))
        found.append(Token(start, at, fold(points), text[last_end:start], span, alone))
        last_end = at
    return found


def describe(text: str, token: Token, flag: int) -> tuple[int, int, bytes, int, int]:
    """First byte and one past the last, folded bytes, code points, and what it is by itself.

    `flag` is of the same token, in its article.
    """
    start, end = (
        len(text[:at].encode("utf-8", "surrogatepass")) for at in (token.start, token.end)
    )
    points = [char for char in token.text if token.is_spaceless or not is_ignorable(char)]
    own = flag & (kernel.IS_CAPITAL | kernel.IS_DIGIT | kernel.IS_SPACELESS)
    if token.is_spaceless or len(points) > 2 or flag & kernel.IS_DIGIT:
        own |= kernel.IS_CONTENT
    n_points = 1 if token.is_spaceless else len(points)
    return start, end, token.folded.encode("utf-8", "surrogatepass"), n_points, int(own)


def stem(word: str) -> str:
    """English inflection: -s, then one of -ing, -ed, -ly, a doubled consonant, a last vowel."""
    if not word.isascii():
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
        if len(word) > 4 and word.endswith("ie"):
            word = word[:-1]
    is_stripped = False
    for suffix, least in (("ing", 6), ("ed", 5), ("ly", 6)):
        if word.endswith(suffix) and len(word) >= least:
            word = word.removesuffix(suffix)
            is_stripped = suffix != "ly"
            break
    if is_stripped and len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "eyi":
        word = word[:-1]
    return word


def flags(text: str, found: list[Token]) -> list[int]:
    """Every flag but what :func:`quotations` tells."""
    values = []
    for at, token in enumerate(found):
        before = found[at - 1] if at else None
        value = 0
        if starts_sentence(token, before):
            value |= kernel.STARTS_SENTENCE | kernel.STARTS_CLAUSE
        elif starts_clause(token):
            value |= kernel.STARTS_CLAUSE
        if token.is_spaceless:
            values.append(int(value | kernel.IS_SPACELESS | kernel.IS_CONTENT))
            continue
        points = [char for char in token.text if not is_ignorable(char)]
        has_digit = any(unicodedata.category(char)[0] == "N" for char in points)
        if unicodedata.category(points[0]) in ("Lu", "Lt"):
            value |= kernel.IS_CAPITAL
        if has_digit:
            value |= kernel.IS_DIGIT
        if token.folded in stop_words():
            value |= kernel.IS_STOP
        elif len(points) > 2 or has_digit:
            value |= kernel.IS_CONTENT
        values.append(int(value))
    return values


def starts_sentence(token: Token, before: Token | None) -> bool:
    """The first word does; after ! and ? and a blank line any word; after a line break and
    after a full stop with white space a word that is not in lower case, if the full stop does
    not end an abbreviation: a capital and at most two letters more."""
    gap = "".join(char for char in token.gap if not is_ignorable(char))
    if before is None or any(char in TERMINATORS for char in gap):
        return True
    n_lines = sum(char in NEWLINES for char in gap)
    if n_lines > 1:
        return True
    if unicodedata.category(token.text[0]) == "Ll":
        return False
    if n_lines:
        return True
    _, stop, after = gap.rpartition(".")
    return bool(stop) and any(map(is_space, after)) and not _is_abbreviation(before)


def _is_abbreviation(before: Token) -> bool:
    points = [char for char in before.text if not is_ignorable(char)]
    is_capital = unicodedata.category(points[0]) in ("Lu", "Lt") and not before.is_spaceless
    return is_capital and len(points) <= 3


def starts_clause(token: Token) -> bool:
    """A clause mark or a double quotation mark stands before it."""
    return any(char in CLAUSE_MARKS + QUOTES for char in token.gap)


def quotations(text: str, found: list[Token]) -> list[int]:
    """Say of each token whether it is quoted, and whether an apostrophe before it parts clauses.

    Double marks open and close; straight ones by the blank beside them, and in turn if that
    tells nothing. An apostrophe behind a letter or a mark ends what another has opened, unless
    a word goes on; elsewhere it opens before a word that is no number. A line ends both.
    """
    in_double = in_single = False
    values = []
    for number, token in enumerate(found):
        value, before = 0, "a" if number else "\n"
        for at in range(token.start - len(token.gap), token.start):
            char, after = text[at], text[at + 1 : at + 2] or "\n"
            if is_ignorable(char):
                continue
            if char in NEWLINES:
                in_double = in_single = False
            elif char in PUNCTUATION[kernel.STRAIGHT_QUOTE]:
                in_double = not _is_blank(after) and (_is_blank(before) or not in_double)
            elif char in QUOTES:
                in_double = char in PUNCTUATION[kernel.OPEN_QUOTE]
            elif char in APOSTROPHES:
                is_open = is_word(after) and (is_spaceless(after) or not _is_number(after))
                if _is_blank(before) or not (before in ALL_MARKS or is_word(before)):
                    parts = is_open
                    in_single |= is_open
                else:
                    parts = in_single and not is_word(after)
                    in_single &= not parts
                value |= kernel.STARTS_CLAUSE * parts
            before = char
        values.append(int(value | kernel.IS_QUOTED * (in_double or in_single)))
    return values


def _is_blank(char: str) -> bool:
    return is_space(char) or char in NEWLINES


def _is_number(char: str) -> bool:
    return unicodedata.category(char)[0] == "N"


def hashes(found: list[Token]) -> list[int]:
    return [hash_text(token.folded) for token in found]


def stems(found: list[Token], flags: list[int]) -> list[int]:
    """A content word's stem; any other word's own hash; a character's bigram with the one
    right before it."""
    values = []
    for at, (token, flag) in enumerate(zip(found, flags, strict=True)):
        value = hash_text(token.folded)
        if token.is_spaceless:
            if at and found[at - 1].is_spaceless and not token.gap:
                value = avalanche(combine(hash_text(found[at - 1].folded), value))
        elif flag & kernel.IS_CONTENT:
            value = hash_text(stem(token.folded))
        values.append(value)
    return values
