"""Find words that mix letters of several scripts, as words with look-alike letters do."""

from __future__ import annotations

from dedup.pattern import lazy_pattern

_LATIN, _OTHER = "a-zA-Z", "\u0370-\u04ff"
_MIXED = lazy_pattern(f"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]")
_END = lazy_pattern(r"[\W\d_]|$")


def count_mixed_words(text: str, most: int) -> int:
    """Count words that have a Latin letter beside a Greek or Cyrillic one.

    Parameters
    ----------
    text : str
        Read once, until `most` words are found.
    most : int
        Where counting stops.

    Examples
    --------
    >>> count_mixed_words("the p\N{CYRILLIC SMALL LETTER O}rt of Port", 9)
    1
    """
    if text.isascii():
        return 0
    n = 0
    found = _MIXED.search(text)
    while found and n < most:
        n += 1
        end = _END.search(text, found.end())
        found = _MIXED.search(text, end.start()) if end else None
    return n
