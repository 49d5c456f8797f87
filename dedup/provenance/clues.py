"""Read clues to the source of an article: dates, credits and links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.mask.outlet import OutletNames, add_credits
from dedup.model.article import Article, Credit
from dedup.model.dates import DAY, MARGIN, TIE
from dedup.model.outlets import (
    HOST,
    find_agencies,
    find_hosts,
    fold_name,
    is_among,
)
from dedup.model.page_url import Page, find_page

# Fields of a record that name authors and agencies; "byline" is that of a web page.
_BYLINES = ("byline", "author", "authors", "creator", "credit")
# Fields that name who holds the rights; "copyright" is that of a web page.
_RIGHTS = ("copyright", "rights")


class SourceClues(NamedTuple):
    """Clues in one article."""

    names: frozenset[str]
    credits: frozenset[str]
    hosts: frozenset[str]
    printed: Mapping[str, str]
    page: Page | None = None


def read_clues(article: Article, credits: Sequence[Credit], outlets: OutletNames) -> SourceClues:
    """Read the clues in an article.

    Parameters
    ----------
    article : Article
        The article.
    credits : sequence of Credit
        Those of its text; see :func:`find_credits_of`.
    outlets : OutletNames
        Outlets of the collection, which fields of a record may name.
    """
    names = find_own_names(article)
    said = [part for one in credits if one.name for part in outlets.split(one.name)]
    for value in _read_fields(article, _BYLINES):
        said += [*find_agencies(value), *(outlets.read_byline(value) if names else ())]
    for value in _read_fields(article, _RIGHTS):
        said += outlets.read_rights(value) if names else ()
    others = [(fold_name(name), name) for name in said if not HOST.match(name)]
    others = [(key, name) for key, name in others if key and not is_among(key, sorted(names))]
    hosts = find_hosts(article.text)
    return SourceClues(
        names,
        frozenset(key for key, _ in others),
        frozenset(hosts - names - {""}),
        dict(others),
        find_page(article),
    )


def find_credits_of(
    articles: Sequence[Article], credits: Sequence[tuple[Credit, ...]], outlets: OutletNames
) -> list[tuple[Credit, ...]]:
    """Add the credits of some texts to outlets of the collection."""
    own = [find_own_names(article) for article in articles]
    found = outlets.find_credits([article.text for article in articles], own)
    return list(map(add_credits, credits, found))


def find_own_names(article: Article) -> frozenset[str]:
    """Return the folded names of an article's outlet and host."""
    return frozenset({fold_name(article.outlet or "")} | find_hosts(article.url or "")) - {""}


def _read_fields(article: Article, fields: Sequence[str]) -> Iterator[str]:
    for field in fields:
        values = article.extra.get(field)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str):
                yield value


def find_dates(
    published: NDArray[np.float64], offsets: NDArray[np.float64] | float = 0.0
) -> NDArray[np.float64]:
    """Return the range of time in which each article may have been published.

    Parameters
    ----------
    published : ndarray of float64, shape (n_articles,)
        Seconds since 1970, NaN if unknown. Midnight UTC, written in UTC, is a date without a time.
    offsets : ndarray of float64, shape (n_articles,), or float
        Seconds from UTC of the zone of each date.

    Returns
    -------
    ndarray of float64, shape (n_articles, 4)
        Earliest and latest time in seconds, as in :func:`dedup.model.dates.find_range`; then the
        same of whole days, in UTC and in the own zone, to compare with a date without a time.
    """
    is_day = (np.mod(published, DAY) == 0) & (np.asarray(offsets) == 0)
    spread = np.where(is_day[:, None], [MARGIN, DAY - MARGIN], 0.0)
    days = np.floor(np.stack([published, published + offsets], axis=1) / DAY)
    whole = np.stack([days.min(axis=1) * DAY + MARGIN, days.max(axis=1) * DAY + DAY - MARGIN], 1)
    return np.concatenate([published[:, None] + spread, whole], axis=1)


def find_gaps(earlier: NDArray[np.float64], later: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the seconds by which dates are surely later than others; negative if they are not.

    Parameters
    ----------
    earlier, later : ndarray of float64, shape (..., 4)
        Rows of :func:`find_dates`.
    """
    has_day = (earlier[..., 1] > earlier[..., 0]) | (later[..., 1] > later[..., 0])
    gaps: NDArray[np.float64] = np.where(
        has_day, later[..., 2] - earlier[..., 3], later[..., 0] - earlier[..., 1]
    )
    return gaps


def find_lags(earlier: NDArray[np.float64], later: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least time between the dates of two articles.

    Parameters
    ----------
    earlier, later : ndarray of float64, shape (n, 4)
        Rows of :func:`find_dates`.

    Returns
    -------
    ndarray of float64, shape (n,)
        Seconds; negative if `later` is the earlier one, 0 for ties and missing dates.
    """
    after = np.maximum(find_gaps(earlier, later), 0.0)
    before = np.maximum(find_gaps(later, earlier), 0.0)
    lags = np.nan_to_num(after - before)
    return np.where(np.abs(lags) <= TIE, 0.0, lags)
