"""Name pages that have no article: sign-in and error pages, cookie notices, checks for robots."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files

from dedup.pattern import lazy_pattern

# A page with more words has an article.
_MAX_WORDS = 150
# Share of a page's words in sentences that a wall says; and if the title says so, too.
_MIN_SHARE, _MIN_TITLED = 0.5, 0.25
# Share of the characters of a sentence that a phrase takes, unless it begins with it: prose tells
# of walls in longer sentences.
_MIN_PHRASE = 0.25
_PIECES = lazy_pattern(r"[^\n.!?。！？|]+")
_APOSTROPHES = str.maketrans("’‘", "''")
_MARKS = " \t\r-–—•·*»›:,;\"'“”()[]"


@cache
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of all phrases, and the kind of each."""
    kinds: dict[str, str] = {}
    text = (files("dedup.readers") / "walls.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        kind, _, phrases = line.partition("\t")
        kinds |= {phrase.casefold(): kind for phrase in phrases.split("|") if phrase}
    longest = sorted(kinds, key=lambda phrase: (-len(phrase), phrase))
    # Scripts without spaces have no word ends.
    words = "|".join(map(re.escape, longest))
    return re.compile(rf"(?<![a-zà-ÿа-я])(?:{words})(?![a-zà-ÿа-я])"), kinds


def name_page(title: str | None, text: str) -> str | None:
    """Name a page that has no article, e.g. ``a sign-in page``.

    Parameters
    ----------
    title : str or None
        Title of the page.
    text : str
        Its text; may be empty.

    Returns
    -------
    str or None
        None for an article. An article about walls has sentences that no wall says.
    """
    n_words = len(text.split())
    if n_words > _MAX_WORDS:
        return None
    counts: Counter[str] = Counter()
    for piece in _PIECES.findall(_fold(text)):
        if kind := _kind_of(piece.strip(_MARKS)):
            counts[kind] += len(piece.split())
    titled = _kind_of(_fold(title or "").strip(_MARKS))
    if titled and counts.total() >= _MIN_TITLED * n_words:
        return titled
    is_wall = counts and counts.total() >= _MIN_SHARE * n_words
    return min(counts, key=lambda kind: (-counts[kind], kind)) if is_wall else None


def _fold(text: str) -> str:
    return text.casefold().translate(_APOSTROPHES)


def _kind_of(piece: str) -> str | None:
    """Return the kind of a sentence that a wall says."""
    pattern, kinds = _phrases()
    found = list(pattern.finditer(piece))
    if not found:
        return None
    n_said = sum(len(one[0]) for one in found)
    longest = max((one[0] for one in found), key=len)
    if " " not in longest and longest.isascii():
        # A single word may begin any sentence.
        return kinds[longest] if n_said == len(piece) else None
    is_said = found[0].start() == 0 or n_said >= _MIN_PHRASE * len(piece)
    return kinds[longest] if is_said else None
