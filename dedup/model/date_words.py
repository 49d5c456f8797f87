"""Languages that know all words of a date; the table is made by tools/make_date_words.py."""

from __future__ import annotations

import unicodedata
from functools import cache, reduce
from importlib.resources import files

from dedup.pattern import lazy_pattern

_WORD = lazy_pattern(r"[^\W\d_]+")
# Scripts without spaces between words: Thai, kana, Han and Hangul.
_UNSPACED = lazy_pattern("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def find_words(text: str) -> list[str]:
    """Return the words of a text, folded; of scripts without spaces its characters."""
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKD", text.casefold())):
        whole = unicodedata.normalize("NFC", word)
        found += list(whole) if _UNSPACED.search(whole) else [whole]
    return found


@cache
def _table() -> dict[str, frozenset[str]]:
    lines = files("dedup.model").joinpath("date_words.txt").read_text("utf-8").splitlines()
    return {word: frozenset(own) for word, *own in map(str.split, lines)}


def find_languages(text: str, languages: tuple[str, ...]) -> list[str]:
    """Return the languages, in their order, that know each word of a text; none without words."""
    table = _table()
    known = [table.get(word, frozenset()) for word in find_words(text)]
    if not known:
        return []
    of_all = reduce(frozenset.intersection, known)
    return [one for one in languages if one in of_all]
