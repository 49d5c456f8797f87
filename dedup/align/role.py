"""Find the role of passages: text, quotation, formula or furniture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import _core
from dedup.align.attribution import is_attribution
from dedup.align.table import AlignedTexts
from dedup.model.passage import FORMULA, FURNITURE, TEXT
from dedup.text.tables.kinds import IS_CAPITAL, IS_DENSE, IS_DIGIT, IS_SPACELESS, IS_STOP
from dedup.text.tokenize import Tokens, tokenize

# A side is furniture, a formula or quoted from this share of its words: with more than half, the
# rest is what the passage takes in at its ends.
_MOSTLY = 0.6
_QUOTED = 0.5
# Most words of a line that an outlet repeats without a full stop: longer ones are no headlines.
_MAX_HEADLINE = 25
_ENDS = (".", "!", "?", "…", '"', "”", "’", "'", "»", ",", ";", "。", "！", "？", "؟", "।", "።")
# Most words of a passage that may only name a speaker.
_MAX_SPEAKER = 20
_AROUND = " \t\r[]()*•·–—-»›|"
# Limits of a template filled with other figures: the least numbers on each side, the most words for
# each number, and the largest share of numbers in common. A character that is a word counts half.
_MIN_FIGURES, _MAX_WORDS_OF_FIGURE, _MAX_EQUAL = 2, 4, 1 / 3
_LIMITS = (_MOSTLY, _QUOTED, _MIN_FIGURES, _MAX_WORDS_OF_FIGURE)
# Pages of one outlet that have this share of their words in common, and at most this share of the
# words of their titles, are forms: half of all articles have .9 of the words of their titles, and
# one in a hundred a third or less.
_PAGE, _MAX_TITLED, _MIN_TITLE = 0.5, 1 / 3, 2


class Origins(NamedTuple):
    """Outlets and titles of articles, None where unknown; empty if all are unknown."""

    outlets: Sequence[str | None] = ()
    titles: Sequence[str | None] = ()


UNKNOWN = Origins()


def find_roles(
    source: AlignedTexts,
    origins: Origins,
    owners: NDArray[np.int64],
    spans: NDArray[np.int64],
    chars: NDArray[np.int64],
    is_verbatim: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Find the role of each passage.

    A passage is furniture or a formula if most of its words on either side are marked as that, and
    a quotation if it is quoted on both. One that only names a speaker is a formula, and so is a
    template filled with other figures: the rates, scores or statistics of something else.

    What one outlet repeats as whole lines without a full stop is furniture: links to its other
    articles. So is what makes up two of its pages and has nothing to do with their titles: forms
    and lists of links.

    Parameters
    ----------
    origins : Origins
        Where the articles are from.
    owners : ndarray of int64, shape (n, 2)
        Articles ``a`` and ``b`` of each passage.
    spans, chars : ndarray of int64, shape (n, 4)
        Half-open spans of tokens and of code points, from the start of the article.
    is_verbatim : ndarray of bool, shape (n,)
        Whether all words are the same.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Indices into ``dedup.model.ROLES``.
    """
    tokens = source.tokens
    found, has_figures = _core.find_roles(
        owners, spans, tokens.offsets, tokens.flags, tokens.roles, _LIMITS
    )
    bounds = spans.reshape(-1, 2, 2) + tokens.offsets[owners][:, :, None]
    _find_attributions(source, owners, spans, chars, found)
    for at in np.flatnonzero(has_figures & (found == TEXT)).tolist():
        if _is_refilled(tokens, bounds[at]):
            found[at] = FORMULA
    if origins.outlets:
        n_words = spans[:, 1::2] - spans[:, ::2]
        is_link = (spans[:, 1] - spans[:, 0] <= _MAX_HEADLINE) & is_verbatim
        is_page = np.all(n_words >= _PAGE * tokens.counts[owners], axis=1)
        for at in np.flatnonzero((is_link | is_page) & (found != FURNITURE)).tolist():
            a, b = owners[at].tolist()
            if origins.outlets[a] is None or origins.outlets[a] != origins.outlets[b]:
                continue
            if (is_link[at] and _is_bare_pair(source.texts, owners[at], chars[at])) or (
                is_page[at] and _is_form(tokens, origins, owners[at], bounds[at])
            ):
                found[at] = FURNITURE
    return found


def _find_attributions(
    source: AlignedTexts,
    owners: NDArray[np.int64],
    spans: NDArray[np.int64],
    chars: NDArray[np.int64],
    found: NDArray[np.uint8],
) -> None:
    """Set the role of the text passages that only name a speaker, on both sides."""
    is_short = (spans[:, 1::2] - spans[:, ::2] <= _MAX_SPEAKER).all(axis=1)
    for at in np.flatnonzero(is_short & (found == TEXT)).tolist():
        sides = zip(owners[at].tolist(), chars[at].reshape(2, 2).tolist(), strict=True)
        if all(is_attribution(source.texts[one], *span) for one, span in sides):
            found[at] = FORMULA


def _is_refilled(tokens: Tokens, bounds: NDArray[np.int64]) -> bool:
    """Return whether both sides are hardly more than figures, and nearly all of these differ."""
    figures, names = [], []
    for low, high in bounds.tolist():
        flags, own = tokens.flags[low:high], tokens.hashes[low:high]
        is_digit = flags & IS_DIGIT != 0
        n_words = np.count_nonzero(~is_digit) - np.count_nonzero(flags & IS_SPACELESS) / 2
        edges = np.flatnonzero(np.diff(is_digit, prepend=False, append=False)).reshape(-1, 2)
        if len(edges) < max(_MIN_FIGURES, n_words / _MAX_WORDS_OF_FIGURE):
            return False
        figures.append({tuple(own[first:end].tolist()) for first, end in edges.tolist()})
        is_name = (flags & IS_CAPITAL != 0) & (flags & IS_DENSE != IS_STOP)
        names.append(set(own[is_name].tolist()))
    n_equal = len(figures[0] & figures[1])
    return n_equal <= _MAX_EQUAL * min(map(len, figures)) and not names[0] & names[1]


def _is_form(
    tokens: Tokens, origins: Origins, pair: NDArray[np.int64], bounds: NDArray[np.int64]
) -> bool:
    """Return whether the titles of two pages share no word, and hardly any with a passage."""
    titles = [origins.titles[one] or "" for one in pair.tolist()] if origins.titles else [""]
    if not all(titles):
        return False
    read = tokenize(titles)
    is_stop = (read.flags & IS_DENSE) == IS_STOP
    words = [
        np.unique(read.stems[low:high][~is_stop[low:high]])
        for low, high in zip(read.offsets[:-1], read.offsets[1:], strict=True)
    ]
    if min(map(len, words)) < _MIN_TITLE or np.isin(words[0], words[1]).any():
        return False
    return all(
        np.isin(own, tokens.stems[low:high]).mean() <= _MAX_TITLED
        for own, (low, high) in zip(words, bounds.tolist(), strict=True)
    )


def _is_bare_pair(texts: Sequence[str], pair: NDArray[np.int64], chars: NDArray[np.int64]) -> bool:
    sides = zip(pair.tolist(), chars.reshape(2, 2).tolist(), strict=True)
    return all(_is_bare(texts[one], *span) for one, span in sides)


def _is_bare(text: str, start: int, end: int) -> bool:
    """Return whether a span is whole lines that do not end like sentences."""
    before = text[max(start - 8, 0) : start].rpartition("\n")
    after = text[end : end + 8].partition("\n")
    is_whole = (bool(before[1]) or start <= 8) and not before[2].strip(_AROUND)
    is_whole &= (bool(after[1]) or end + 8 >= len(text)) and not after[0].strip(_AROUND)
    lines = [line.strip(_AROUND) for line in text[start:end].split("\n")]
    return is_whole and not any(line.endswith(_ENDS) for line in lines)
