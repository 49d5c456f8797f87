"""Edit a passage as an outlet does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

from corpus.prose import draw, load_lexicon

KINDS = ("verbatim", "substitute", "swap", "insert", "delete", "split-quote", "truncate")
GRADED_KINDS = ("substitute", "insert", "delete", "truncate")  # kinds that use the fraction


def edit(text: str, kind: str, fraction: float, rng: Random) -> str:
    """Edit a passage as an outlet does.

    All kinds but swap and truncate keep the first and the last word. Words with a double quote
    never change, so that quotes stay balanced.

    Parameters
    ----------
    text : str
        The passage; for split-quote the inside of a quote, without its marks.
    kind : str
        One of `KINDS`.
    fraction : float
        Share of the words to replace, insert, delete or (truncate) leave out, in [0, 1]; above
        0 at least one word changes if there is one to change. The other kinds ignore it.
    rng : random.Random
        Source of every choice; only its `random` method is called.

    Returns
    -------
    str
        The rewritten passage; with truncate, a prefix or a suffix of `text`.

    Raises
    ------
    ValueError
        If the kind is unknown or the fraction is outside [0, 1].
    """
    check_edit(kind, fraction)
    return _EDITS[kind](text, fraction, rng)


def reword(text: str, fraction: float, rng: Random, *, content_first: bool = False) -> str:
    """Replace words by suitable others.

    `thesaurus.json` has one or two replacements for each word of the sentences of `topics.json`:
    synonyms of content words, function words of the same class, other names and other numbers.
    Unlike `edit`, this may replace the first and the last word.

    Parameters
    ----------
    text : str
        A sentence.
    fraction : float
        Share of all its words to replace, in [0, 1].
    rng : random.Random
        Source of every choice; only its `random` method is called.
    content_first : bool
        Whether to replace function words, and words outside the thesaurus, only when no content
        word is left; otherwise all words are equally likely.

    Returns
    -------
    str
        The sentence, with the same number of words.

    Raises
    ------
    ValueError
        If the fraction is outside [0, 1].

    Examples
    --------
    >>> reword("The museum was closed in spring.", 0.5, Random(3), content_first=True)
    'The institution was shut in April.'
    """
    check_edit("substitute", fraction)
    words = _words(text)
    function, content = _load_thesaurus()
    places = sorted(range(len(words)), key=lambda place: rng.random())
    if content_first:
        places.sort(key=lambda place: _peel(words[place])[1].lower() not in content)
    for place in places[: round(fraction * len(words))]:
        head, core, tail = _peel(words[place])
        others = function.get(core.lower()) or content.get(core.lower())
        other = draw(others, rng) if others else _other_word(core, rng)
        if core[0].isupper() and (core != "I" or place == 0):
            other = other[0].upper() + other[1:]
        words[place] = head + other + tail
    return "".join(words)


@cache
def _load_thesaurus() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    path = Path(__file__).with_name("thesaurus.json")
    words = json.loads(path.read_text(encoding="utf-8"))
    return words["function"], words["content"]


def check_edit(kind: str, fraction: float) -> None:
    """Check that an edit exists.

    Parameters
    ----------
    kind : str
        Name to look up in `KINDS`.
    fraction : float
        Share of words, to be in [0, 1].

    Raises
    ------
    ValueError
        If the kind is unknown or the fraction is outside [0, 1].
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; the kinds are {', '.join(KINDS)}")
    if not 0.0 <= fraction <= 1.0:
        raise ValueError(f"fraction is {fraction}, not in [0, 1]")


def _verbatim(text: str, fraction: float, rng: Random) -> str:
    return text


def _substitute(text: str, fraction: float, rng: Random) -> str:
    words = _words(text)
    for place in _pick(words, fraction, rng):
        head, core, tail = _peel(words[place])
        words[place] = head + _other_word(core, rng) + tail
    return "".join(words)


def _insert(text: str, fraction: float, rng: Random) -> str:
    words = _words(text)
    for place in reversed(_pick(words, fraction, rng)):
        words.insert(place, " " + draw(load_lexicon().urns["adjectives"], rng))
    return "".join(words)


def _delete(text: str, fraction: float, rng: Random) -> str:
    words = _words(text)
    for place in reversed(_pick(words, fraction, rng)):
        del words[place]
    return "".join(words)


def _swap(text: str, fraction: float, rng: Random) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    if len(sentences) > 1:
        return " ".join([*sentences[1:], sentences[0]])
    body = text.rstrip(".!?")
    left, right = _cut(body)
    if not right:
        return text
    if left.split(" ", 1)[0].lower() in load_lexicon().groups:  # a name keeps its capital
        left = left[0].lower() + left[1:]
    return f"{right[0].upper()}{right[1:]}, {left}{text[len(body) :]}"


def _split_quote(text: str, fraction: float, rng: Random) -> str:
    left, right = _cut(text)
    lexicon = load_lexicon()
    speaker, verb = draw(lexicon.names, rng), draw(lexicon.urns["speech"], rng)
    return f'{left}," {speaker} {verb}, "{right}' if right else text


def _truncate(text: str, fraction: float, rng: Random) -> str:
    words = _words(text)
    n_kept = max(1, len(words) - _count(fraction, len(words)))
    return "".join(words[:n_kept] if rng.random() < 0.5 else words[-n_kept:]).strip()


_EDITS: dict[str, Callable[[str, float, Random], str]] = {
    "verbatim": _verbatim,
    "substitute": _substitute,
    "swap": _swap,
    "insert": _insert,
    "delete": _delete,
    "split-quote": _split_quote,
    "truncate": _truncate,
}


def _words(text: str) -> list[str]:
    """Split into words with their leading space, so that joining is lossless."""
    return re.findall(r"\s*\S+|\s+", text)


def _count(fraction: float, n_words: int) -> int:
    return max(1, round(fraction * n_words)) if fraction > 0 else 0


def _pick(words: list[str], fraction: float, rng: Random) -> list[int]:
    """Choose distinct word positions, without ends and quote marks."""
    open_places = [i for i in range(1, len(words) - 1) if _is_plain(words[i])]
    n_picked = min(_count(fraction, len(words)), len(open_places))
    for i in range(n_picked):  # Fisher-Yates by hand: `sample` may change between versions
        j = i + int(rng.random() * (len(open_places) - i))
        open_places[i], open_places[j] = open_places[j], open_places[i]
    return sorted(open_places[:n_picked])


def _is_plain(word: str) -> bool:
    return not any(mark in word for mark in '"\u201c\u201d') and any(map(str.isalnum, word))


def _peel(word: str) -> tuple[str, str, str]:
    core = word.strip(" \t\n.,;:!?()'\u2018\u2019-")
    head = word[: word.index(core)]
    return head, core, word[len(head) + len(core) :]


def _other_word(word: str, rng: Random) -> str:
    if word[0].isdecimal():
        return str(int(word) + 1 if word.isdecimal() else 1 + int(rng.random() * 999))
    lexicon, folded = load_lexicon(), word.lower()
    if word[0].isupper() and folded not in lexicon.groups:
        urn: Sequence[str] = lexicon.names
    else:
        urn = lexicon.urns[lexicon.groups.get(folded, "nouns")]
    other = word
    while other.lower() == folded or " " in other:
        other = draw(urn, rng)
    return other[0].upper() + other[1:] if word[0].isupper() else other


def _cut(text: str) -> tuple[str, str]:
    """Split at the comma nearest the middle, or else at the middle space."""
    cuts = [found.span() for found in re.finditer(r",\s", text)]
    cuts = cuts or [found.span() for found in re.finditer(r"\s", text)]
    if not cuts:
        return text, ""
    start, end = min(cuts, key=lambda cut: abs(cut[0] + cut[1] - len(text)))
    return text[:start], text[end:]
