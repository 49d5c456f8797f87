"""Captures of one page: versions of one article, which reuse nothing of one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.model.article import Article
from dedup.model.page_url import Page, find_page, is_one_page


def find_version_pairs(articles: Sequence[Article], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which pairs of positions are versions of one article, shape (n_pairs,)."""
    pages = list(map(find_page, articles))
    found = (is_one_page(pages[a], pages[b]) for a, b in pairs.tolist())
    return np.fromiter(found, np.bool_, len(pairs))


def group_versions(pages: Mapping[int, Page | None]) -> list[list[int]]:
    """Return the numbers of articles, versions of one article together."""
    groups: list[list[int]] = []
    of_url: defaultdict[str, list[list[int]]] = defaultdict(list)
    for number, page in pages.items():
        own = of_url[page.url] if page else []
        group = next((one for one in own if is_one_page(pages[one[0]], page)), None)
        if group is None:
            group = []
            groups.append(group)
            own.append(group)
        group.append(number)
    return groups
