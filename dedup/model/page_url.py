"""Which URLs lead to one page: captures of it are versions of one article."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from dedup.model.article import Article
from dedup.model.outlets import fold_name, unwrap_archive
from dedup.pattern import lazy_pattern

# Parameters of campaigns and of sharing; no page depends on them.
_TRACKING = lazy_pattern(
    r"utm_\w+|(?:fb|g|dc|ms|tw|yc)clid|gbraid|wbraid|mc_[ce]id|_ga|_gl|igshid|ncid|cmpid|cmp|ito|"
    r"ocid|smid|sref|ref|ref_src|ref_url|referrer|share|spm|at_\w+|xtor|ftag|__twitter_impression",
    re.IGNORECASE,
)
_HOST = lazy_pattern(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_INDEX = lazy_pattern(r"/(?:index\.(?:html?|php|asp|jsp)|amp)?/*$", re.IGNORECASE)


@lru_cache(1 << 16)
def fold_url(url: str) -> str | None:
    """Return a key that URLs of one page share.

    Scheme, ``www``, mobile hosts, ports of the scheme, a slash or ``index.html`` at the end,
    fragment, parameters of tracking and the address of an archive do not count; the order of the
    other parameters does not, either.

    Returns
    -------
    str or None
        None for what is no URL of a page: another scheme, or a site without a path, which may have
        another article each day.

    Examples
    --------
    >>> fold_url("http://www.example.org/a/?utm_source=x#top") == fold_url("https://example.org/a")
    True
    """
    try:
        parts = urlsplit(unwrap_archive(url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    path = _INDEX.sub("", parts.path)
    query = sorted(
        one for one in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(one[0])
    )  # fmt: skip
    if not path and not query:
        return None
    own = f":{port}" if port not in (None, 80, 443) else ""
    return f"{_HOST.sub('', host)}{own}{path}?{urlencode(query)}"


class Page(NamedTuple):
    """The page of an article: a key of its URL, and the folded name of its outlet, or ""."""

    url: str
    outlet: str


def find_page(article: Article) -> Page | None:
    """Return the page of an article, None if its URL names none."""
    key = fold_url(article.url) if article.url else None
    return Page(key, fold_name(article.outlet or "")) if key else None


def page_of(article: Article) -> str:
    """Return a key that versions of one article share; of another article it is its id."""
    page = find_page(article)
    return f"{page.url} {page.outlet}" if page else article.id


def is_one_page(a: Page | None, b: Page | None) -> bool:
    """Return whether two articles are captures of one page; known outlets must agree."""
    if a is None or b is None or a.url != b.url:
        return False
    return not (a.outlet and b.outlet) or a.outlet == b.outlet
