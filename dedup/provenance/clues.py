"""Read clues to the source of an article: dates, credits, links and quotations."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from dedup.model.article import Article, Credit
from dedup.model.dates import DAY, MARGIN, TIE

_HOST = re.compile(r"(?:https?://|\bwww\.)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
_QUOTE = re.compile('["“„«]([^"“”„«»]{25,600})["”“»]')
# Shorter prefixes of a name match too many others.
_MIN_PREFIX = 5
# Labels at the end of a host that do not name its owner.
_SUFFIXES = {"com", "net", "org", "co", "gov", "edu", "info", "ac"}


class SourceClues(NamedTuple):
    """Clues in one article."""

    names: frozenset[str]
    credits: frozenset[str]
    hosts: frozenset[str]
    quotes: frozenset[int]
    printed: Mapping[str, str]


def read_clues(article: Article, credits: Sequence[Credit]) -> SourceClues:
    """Read the clues in an article."""
    names = {fold_name(article.outlet or "")} | {
        fold_host(h) for h in _HOST.findall(article.url or "")
    }
    names.discard("")
    others = [
        (fold_name(one.name), one.name) for one in credits if one.name and not _HOST.match(one.name)
    ]
    others = [(key, name) for key, name in others if key and not is_among(key, sorted(names))]
    hosts = {fold_host(host) for host in _HOST.findall(article.text)}
    return SourceClues(
        frozenset(names),
        frozenset(key for key, _ in others),
        frozenset(hosts - names - {""}),
        frozenset(_digest(quote) for quote in _QUOTE.findall(article.text)),
        dict(others),
    )


def fold_name(name: str) -> str:
    """Fold the name or address of an outlet, so that different spellings are equal."""
    if host := _HOST.match(name):
        return fold_host(host[1])
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name):
        return fold_host(name)
    words = re.findall(r"\w+", name.casefold())
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def is_among(name: str, names: Sequence[str]) -> bool:
    """Return whether a name, or a longer one that starts with it, is in a sorted list.

    So ``meridian`` matches ``meridianwire``; names of less than five letters must be equal.
    """
    at = bisect_left(names, name)
    if at == len(names):
        return False
    return names[at] == name or (len(name) >= _MIN_PREFIX and names[at].startswith(name))


def fold_host(host: str) -> str:
    """Return the label of a host that names its owner."""
    labels = [label for label in host.casefold().split(".") if label != "www"][:-1]
    while len(labels) > 1 and labels[-1] in _SUFFIXES:
        labels.pop()
    return labels[-1].replace("-", "") if labels else ""


def _digest(quote: str) -> int:
    words = re.findall(r"\w+", quote.casefold())
    # Skip the first word and the end: quotations are cut there.
    return xxhash.xxh3_64_intdigest(" ".join(words[1:6]).encode("utf-8", "surrogatepass"))


def find_dates(published: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the range of time in which each article may have been published.

    Parameters
    ----------
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970, NaN if unknown. Midnight UTC is a date without a time.

    Returns
    -------
    ndarray of float64, shape (n_articles, 2)
        Earliest and latest time in seconds, as in :func:`dedup.model.dates.find_range`.
    """
    is_day = np.mod(published, DAY) == 0
    spread = np.where(is_day[:, None], [MARGIN, DAY - MARGIN], 0.0)
    return published[:, None] + spread


def find_lags(
    earlier: NDArray[np.float64], later: NDArray[np.float64], tie: float = TIE
) -> NDArray[np.float64]:
    """Return the least time between the dates of two articles.

    Parameters
    ----------
    earlier, later : ndarray of float64, shape (n, 2)
        Rows of :func:`find_dates`.

    Returns
    -------
    ndarray of float64, shape (n,)
        Seconds; negative if `later` is the earlier one, 0 for ties and missing dates.
    """
    after = np.maximum(later[:, 0] - earlier[:, 1], 0.0)
    before = np.maximum(earlier[:, 0] - later[:, 1], 0.0)
    lags = np.nan_to_num(after - before)
    return np.where(np.abs(lags) <= tie, 0.0, lags)
