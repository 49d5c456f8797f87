"""Words and shingles as the pages of the peers make them: lower case, split at white space."""

from __future__ import annotations

K = 3


def shingle(text: str) -> list[str]:
    """Return every run of three words, joined by spaces.

    Of the plain ways to say this in Python, ``zip`` is the fastest that we know: the peers are
    not to lose by our loop.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        In order, repeats included; a shorter text is one shingle, and nothing has none.
    """
    words = text.lower().split()
    if len(words) < K:
        return [" ".join(words)] if words else []
    return list(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def shingle_plainly(text: str) -> list[str]:
    """Return the same, as a program that looks for no faster way says it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        As :func:`shingle` does.
    """
    words = text.lower().split()
    return [" ".join(words[at : at + K]) for at in range(max(len(words) - K, 0) + 1) if words]
