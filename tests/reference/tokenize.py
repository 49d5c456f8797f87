"""The tokenizer, said with ``unicodedata`` and one code point at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from dedup.text.tables import kinds as kernel
from tests.reference.hash import avalanche, combine, hash_text
from tools.freeze_words import read_words
from tools.make_fold import (
    ABUGIDAS,
    HANGUL,
    MUTE,
    PUNCTUATION,
    SAME_LETTERS,
    SEGMENTED,
    SPACELESS,
    UNSPACED,
    VARIATION_SELECTORS,
    simplified,
)

NEWLINES = PUNCTUATION[kernel.NEWLINE]
TERMINATORS = PUNCTUATION[kernel.TERMINATOR]
CLAUSE_MARKS = PUNCTUATION[kernel.CLAUSE]
QUOTES = "".join(
    PUNCTUATION[kind] for kind in (kernel.OPEN_QUOTE, kernel.CLOSE_QUOTE, kernel.STRAIGHT_QUOTE)
)
APOSTROPHES = PUNCTUATION[kernel.APOSTROPHE]
ALL_MARKS = "".join(PUNCTUATION.values())

MAX_TOKEN = 128
MAX_LISTED = 12
MIN_JAMO = 4
WORDS_PER_MARK = 8
BREAK = re.compile(r"(.)((?:\r?\n)?\u00ad|[-\u00ac\u2010])([ \t]*\r?\n[ \t]*)(?=(.))", re.DOTALL)
LOOK_ALIKES = dict(zip("аеорсухіѕјһԁкмтнвοανρικτχυεη", "aeopcyxisjhdkmthboavpiktxyen", strict=True))
VIETNAMESE = re.compile("[\u1ea0-\u1ef9\u01a0\u01a1\u01af\u01b0\u0309\u031b\u0323]")
PARTICLES = (
    "까지는 에서는 으로는 했으며 들은 들을 에게서 이라고 "
    "됐다 되는 된다 들의 들이 에는 처럼 하는 한다 했다 "
    "과의 까지 라고 보다 부터 에게 에도 에서 와의 으로 "
    "이나 이다 하고 하다 하며 는 를 은 을 가 과 에 와 의 이 "
)
MALAY_PREFIXES = "memper diper meny meng mem men peny peng pem pen per ber ter me pe di ke se"
MALAY_SUFFIXES = "kannya annya inya nya kan lah kah an i"
CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцчшђ", "abvgdezzijklmnoprstcufhccsd", strict=True))
CYRILLIC |= {"љ": "lj", "њ": "nj", "џ": "dz"}


class Token(NamedTuple):
    """``gap`` is the text since the token before, ``text`` what the span covers."""

    start: int
    end: int
    folded: str
    gap: str
    text: str
    is_spaceless: bool


_hash = cache(hash_text)


@cache
def classes() -> dict[int, int]:
    """Classes of the listed words, by hash."""
    found: dict[int, int] = {}
    for one, word in read_words():
        value = _hash_listed(word)
        found[value] = found.get(value, 0) | one
    return found


def _hash_listed(word: str) -> int:
    left, plus, right = word.partition("+")
    return avalanche(combine(_hash(left), _hash(right))) if plus else _hash(left)


@cache
def listed(kind: int) -> frozenset[str]:
    return frozenset(word for one, word in read_words() if one & kind)


def fold(text: str) -> str:
    """Code point by code point: marks of two of them are not put in order."""
    return "".join(map(_fold, text))


@cache
def _fold(char: str) -> str:
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.decimal(char))
    classes = "LN" if _is_in(char, ABUGIDAS + SEGMENTED) else "LNM"
    char = unicodedata.normalize("NFKD", simplified().get(char, char))
    char = unicodedata.normalize("NFKD", char.casefold())
    kept = [part for part in char if unicodedata.combining(part) in (0, 9) and part not in MUTE]
    kept = [part for part in kept if not selects_or_encloses(part)]
    kept = [part for part in kept if unicodedata.category(part)[0] in classes]
    return "".join(kept).translate(SAME_LETTERS)


def in_one_script(word: str) -> str:
    """A folded word of Latin and Greek or Cyrillic letters, in one of them if they look alike."""
    size = len(word.encode("utf-8", "surrogatepass"))
    scripts = {char: _script(char) for char in word}
    latin = sum(scripts[char] == 1 for char in word)
    others = {script for script in scripts.values() if script > 1}
    if size > MAX_TOKEN or not latin or others not in ({2}, {3}):
        return word
    (other,) = others
    n_other = sum(scripts[char] == other for char in word)
    if latin >= n_other:
        table, fewer = LOOK_ALIKES, other
    else:
        of_other = [(a, b) for a, b in LOOK_ALIKES.items() if _script(a) == other]
        table, fewer = {latin: own for own, latin in reversed(of_other)}, 1
    if any(scripts[char] == fewer and char not in table for char in word):
        return word
    return "".join(table[char] if scripts[char] == fewer else char for char in word)


def _script(char: str) -> int:
    """0 no letter, 1 Latin, 2 Greek, 3 Cyrillic, by the first byte; 4 any other."""
    if char < "\x80":
        return int("a" <= char <= "z")
    first = char.encode("utf-8", "surrogatepass")[0]
    return 2 if 0xCD <= first <= 0xCF else 3 if 0xD0 <= first <= 0xD4 else 4


def join_lines(text: str) -> str:
    """Soft hyphens in place of what breaks a word at the end of a line."""
    at = 0
    while found := BREAK.search(text, at):
        at = found.start() + 1
        if _is_small(found[1]) and _is_small(found[4]):
            length = len(found[2]) + len(found[3])
            text = text[: found.start(2)] + "\u00ad" * length + text[found.end(3) :]
    return text


def _is_small(char: str) -> bool:
    """A letter without a capital, of a script that is read word by word."""
    is_letter = (
        unicodedata.category(char) not in ("Lu", "Lt") and unicodedata.category(char)[0] in "LM"
    )
    return is_word(char) and is_letter and not _is_in(char, UNSPACED + HANGUL)


def _is_in(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(char) <= high for low, high in ranges)


def selects_or_encloses(char: str) -> bool:
    is_selector = any(low <= ord(char) <= high for low, high in VARIATION_SELECTORS)
    return is_selector or unicodedata.category(char) == "Me"


def in_unspaced_script(char: str) -> bool:
    return _is_in(char, UNSPACED)


@cache
def is_word(char: str) -> bool:
    category = unicodedata.category(char)
    if char in ALL_MARKS or not fold(char):
        return False
    return category[0] in "LN" or (category[0] == "M" and not in_unspaced_script(char))


def is_ignorable(char: str) -> bool:
    """Tell whether a code point is as if it were not there: formats, empty marks."""
    if char in MUTE:
        return True
    if char in ALL_MARKS or is_word(char):
        return False
    category = unicodedata.category(char)
    is_mute_letter = in_unspaced_script(char) and category[0] in "LN"
    return category == "Cf" or category[0] == "M" or is_mute_letter


def is_spaceless(char: str) -> bool:
    """Tell whether a character is a token of its own."""
    is_number = unicodedata.category(char) == "Nd"
    return is_word(char) and _is_in(char, SPACELESS + ABUGIDAS) and not is_number


def is_segmented(char: str) -> bool:
    is_number = unicodedata.category(char) == "Nd"
    return is_word(char) and _is_in(char, SEGMENTED) and not is_number


def is_hangul(char: str) -> bool:
    return is_word(char) and _is_in(char, HANGUL)


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
        start, alone = at, is_spaceless(text[at])
        at = _end_of_listed(text, at) if is_segmented(text[at]) else _end_of_word(text, at)
        span = text[start:at]
        points = span[0] if alone else "".join(char for char in span if not is_ignorable(char))
        folded = in_one_script(fold(points))
        found.append(Token(start, at, folded, text[last_end:start], span, alone))
        last_end = at
    return found


def _end_of_word(text: str, at: int) -> int:
    alone, n_points = is_spaceless(text[at]), 0
    while at < len(text):
        char = text[at]
        if is_ignorable(char):
            at += 1
            continue
        is_part = is_word(char) and not is_spaceless(char) and not is_segmented(char)
        if not (n_points == 0 if alone else is_part and n_points < MAX_TOKEN):
            break
        n_points += 1
        at += 1
    return at


def _end_of_listed(text: str, at: int) -> int:
    """The longest listed word; else letters up to the next one at which a listed word starts."""
    start, n_points = at, 0
    while at < len(text) and is_segmented(text[at]) and n_points < MAX_TOKEN:
        ends = _ends_of_letters(text, at)
        for n in range(len(ends), 0, -1):
            letters = [char for char in text[at : ends[n - 1]] if not is_ignorable(char)]
            if fold("".join(letters)) in listed(int(kernel.WORD)):
                return ends[n - 1] if at == start else at
        at = ends[0]
        n_points += 1
    return at


def _ends_of_letters(text: str, at: int) -> list[int]:
    ends: list[int] = []
    while at < len(text) and (is_segmented(text[at]) or is_ignorable(text[at])):
        at += 1
        if is_segmented(text[at - 1]):
            if len(ends) == MAX_LISTED:
                break
            ends.append(at)
        ends[-1] = at
    return ends


def describe(text: str, token: Token, flag: int) -> tuple[int, int, bytes, int, int]:
    """First byte and one past the last, folded bytes, code points, and what it is by itself.

    `flag` is of the same token, in its article.
    """
    start, end = (
        len(text[:at].encode("utf-8", "surrogatepass")) for at in (token.start, token.end)
    )
    points = [char for char in token.text if token.is_spaceless or not is_ignorable(char)]
    own = flag & (kernel.IS_CAPITAL | kernel.IS_DIGIT | kernel.IS_SPACELESS) | _content(token)
    n_points = 1 if token.is_spaceless else len(points)
    return start, end, token.folded.encode("utf-8", "surrogatepass"), n_points, int(own)


def _content(token: Token) -> int:
    """Flags of a word that is long enough, if it is on no list."""
    if token.is_spaceless:
        return int(kernel.IS_DENSE if _is_in(token.text[0], SPACELESS) else kernel.IS_CONTENT)
    points = [char for char in token.text if not is_ignorable(char)]
    has_digit, dense = any(map(_is_digit, points)), any(map(is_hangul, points))
    size = len(token.folded.encode("utf-8", "surrogatepass")) / 3 if dense else len(points) + 1
    if not has_digit and size < MIN_JAMO:
        return 0
    return int(kernel.IS_DENSE if dense else kernel.IS_CONTENT)


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


def stem_foreign(word: str, of: str) -> str:
    """Five letters of an alphabet; less affixes of Arabic, Hebrew, Korean and Malay."""
    first = word.encode("utf-8", "surrogatepass")[:2]
    if of == "malay" and word[0] < "\x80":
        word = _strip(word, MALAY_PREFIXES, str.removeprefix, 4)
        return _shorten(_strip(word, MALAY_SUFFIXES, str.removesuffix, 4))
    if first < b"\xd7" or first in (b"\xe1\x82", b"\xe1\x83"):
        return _shorten(word)
    if first[0] == 0xD7:
        word = _strip(word, "ו ש כש", str.removeprefix, 3)
        word = _strip(word, "ה ב ל מ כ", str.removeprefix, 3)
        return _strip(word, "יים ים ות ית ה ת", str.removesuffix, 3)
    if first[0] <= 0xDB:
        word = _strip(word, "و ف", str.removeprefix, 3)
        word = _strip(word, "بال كال لل ال ب", str.removeprefix, 3)
        return _strip(word, "هاي ها ان ات ون ين يه هم اي ه ي م", str.removesuffix, 3)
    if first[0] == 0xE1:
        particles = unicodedata.normalize("NFD", PARTICLES)
        return _strip(word, particles, str.removesuffix, MIN_JAMO)
    return word


def _shorten(word: str) -> str:
    return re.sub("(?<=[aou])e+", "", "".join(CYRILLIC.get(char, char) for char in word))[:5]


def _strip(word: str, affixes: str, remove: Callable[[str, str], str], least: int) -> str:
    left = (remove(word, affix) for affix in affixes.split())
    return next((one for one in left if one != word and len(one) >= least), word)


def flags(text: str, found: list[Token]) -> list[int]:
    """Every flag but what :func:`quotations` tells, and what Vietnamese changes."""
    values = []
    stopped = int(
        kernel.STOP if language(text, found) == "english" else kernel.STOP | kernel.FOREIGN
    )
    for at, token in enumerate(found):
        before = found[at - 1] if at else None
        value = 0
        if starts_sentence(token, before):
            value |= kernel.STARTS_SENTENCE | kernel.STARTS_CLAUSE
        elif starts_clause(token):
            value |= kernel.STARTS_CLAUSE
        if token.is_spaceless:
            values.append(int(value | kernel.IS_SPACELESS | _content(token)))
            continue
        points = [char for char in token.text if not is_ignorable(char)]
        if unicodedata.category(points[0]) in ("Lu", "Lt"):
            value |= kernel.IS_CAPITAL
        if any(map(_is_digit, points)):
            value |= kernel.IS_DIGIT
        is_stop = classes().get(_hash(token.folded), 0) & stopped
        values.append(int(value | (kernel.IS_STOP if is_stop else _content(token))))
    return values


def _is_digit(char: str) -> bool:
    is_alone = is_spaceless(char) or is_segmented(char)
    return unicodedata.category(char)[0] == "N" and not is_alone


def language(text: str, found: list[Token]) -> str:
    """Vietnamese has its letters; elsewhere function words of English are the most or are not."""
    n_marks, n = len(VIETNAMESE.findall(text)), len(found)
    own = [classes().get(_hash(one.folded), 0) for one in found if not one.is_spaceless]
    n_english = sum(bool(one & kernel.ENGLISH) for one in own)
    n_stops = sum(bool(one & (kernel.STOP | kernel.FOREIGN)) for one in own)
    n_syllables = sum(
        bool(classes().get(_hash(one.folded), 0) & kernel.SYLLABLE)
        for one in found
        if not one.is_spaceless and sum(not is_ignorable(char) for char in one.text) > 2
    )
    n_most = max(n_english, n_stops - n_english)
    is_bare = n < WORDS_PER_MARK * n_syllables and 2 * n_most < n_syllables
    if is_bare or (n_marks and WORDS_PER_MARK * n_marks >= n):
        return "syllabic"
    if n_stops - n_english <= n_english:
        return "english"
    n_malay = sum((one & (kernel.MALAY | kernel.ENGLISH)) == kernel.MALAY for one in own)
    return "malay" if 2 * n_malay > n_stops - n_english else "foreign"


def syllables(text: str, found: list[Token], flags: list[int]) -> tuple[list[int], list[int]]:
    """Flags and stems of Vietnamese: two syllables that follow one another are a stem."""
    values, stems = [], []
    function = int(kernel.STOP | kernel.SYLLABLE)
    for at, (token, flag) in enumerate(zip(found, flags, strict=True)):
        own = _hash(token.folded)
        if token.is_spaceless:
            values.append(flag)
            stems.append(_stem_alone(found, at))
            continue
        is_stop = bool(classes().get(own, 0) & function)
        is_content, stem = bool(_content(token)), own
        both = flag | flags[at - 1] if at else 0
        if at and token.gap == " " and not both & kernel.IS_DIGIT:
            before = found[at - 1]
            pair = avalanche(combine(_hash(before.folded), own))
            value = 0 if before.is_spaceless else classes().get(_hash(before.folded), 0)
            is_stop = is_stop and bool(value & function)
            is_stop |= bool(classes().get(pair, 0) & kernel.STOP)
            is_content, stem = True, own if is_stop else pair
        flag &= ~int(kernel.IS_DENSE)
        if is_stop:
            flag |= int(kernel.IS_STOP)
        elif is_content:
            is_number = flag & int(kernel.IS_DIGIT)
            flag |= int(kernel.IS_CONTENT | (0 if is_number else kernel.IS_SPACELESS))
        values.append(flag)
        stems.append(stem)
    return values, stems


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
            elif char in PUNCTUATION[kernel.OPEN_QUOTE]:
                in_double = not in_double or is_word(after)
            elif char in QUOTES:
                is_open = is_word(after) and _is_blank(before)
                in_double = is_open and not in_double
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
    return [_hash(token.folded) for token in found]


def stems(text: str, found: list[Token], flags: list[int]) -> list[int]:
    """A content word's stem; any other word's own hash; a character's bigram with the one
    right before it."""
    values = []
    of = language(text, found)
    for at, (token, flag) in enumerate(zip(found, flags, strict=True)):
        value = _hash(token.folded)
        if token.is_spaceless:
            value = _stem_alone(found, at)
        elif flag & kernel.IS_CONTENT:
            value = _hash(_stem(token.folded, flag, of))
        values.append(value)
    return values


def _stem(word: str, flag: int, of: str) -> str:
    if word.isascii() and of == "english":
        return stem(word)
    return word if flag & kernel.IS_DIGIT else stem_foreign(word, of)


def _stem_alone(found: list[Token], at: int) -> int:
    value = _hash(found[at].folded)
    if at and found[at - 1].is_spaceless and not found[at].gap:
        value = avalanche(combine(_hash(found[at - 1].folded), value))
    return value


def mark(text: str) -> tuple[list[Token], list[int], list[int]]:
    """Tokens of a text, with their flags but those of quotations, and their stems."""
    joined = join_lines(text)
    found = tokens(joined)
    own = flags(joined, found)
    if language(joined, found) == "syllabic":
        return found, *syllables(joined, found, own)
    return found, own, stems(joined, found, own)
