"""Articles to a collection: sorted by id and tokenized, without those that cannot be compared."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from dedup.article import Article, Skipped
from dedup.errors import ParameterError, ReadError
from dedup.stages.mask import MIN_WORDS
from dedup.stages.tokenize import Tokens, tokenize

_log = logging.getLogger("dedup")


class Collection(NamedTuple):
    """Articles by id, and their tokens."""

    articles: list[Article]
    tokens: Tokens

    @property
    def texts(self) -> list[str]:
        """Texts of the articles."""
        return [article.text for article in self.articles]


def name_texts(a: Article | str, b: Article | str) -> list[Article]:
    """Make articles of texts that are not, named ``a`` and ``b``."""
    return [
        article if isinstance(article, Article) else Article(name, article)
        for name, article in (("a", a), ("b", b))
    ]


def collect(
    articles: Iterable[Article], pool: ThreadPoolExecutor, strict: bool
) -> tuple[Collection, tuple[Skipped, ...]]:
    """Sort the articles by id and tokenize them; name those that cannot be compared."""
    by_id: dict[str, Article] = {}
    places: dict[str, tuple[str, int | None]] = {}
    faults: list[Skipped] = []
    for article in articles:
        if not isinstance(article, Article):
            raise ParameterError(f"articles must be of Article, not {type(article).__name__}")
        place = getattr(articles, "place", (article.id, None))
        if article.id in by_id:
            reason = f"an article of the id {article.id!r} came before"
            faults.append(Skipped(place[0], reason, place[1]))
            _check(faults, strict)
        else:
            by_id[article.id], places[article.id] = article, place
    ordered = [by_id[name] for name in sorted(by_id)]
    tokens = tokenize([article.text for article in ordered], pool)
    has_words = tokens.counts >= MIN_WORDS
    for number in np.flatnonzero(~has_words):
        article, n_words = ordered[number], tokens.counts[number]
        path, line = places[article.id]
        reason = f"text has {n_words} of the {MIN_WORDS} words that a comparison needs"
        faults.append(Skipped(path, reason, line))
        _check(faults, strict)
    if not has_words.all():
        ordered = [ordered[number] for number in np.flatnonzero(has_words)]
        tokens = tokens.select(np.flatnonzero(has_words))
    skipped = [*getattr(articles, "skipped", ()), *sorted(faults, key=str)]
    return Collection(ordered, tokens), tuple(skipped)


def _check(faults: Sequence[Skipped], strict: bool) -> None:
    if strict:
        raise ReadError(faults[-1].path, faults[-1].reason, faults[-1].line)
    _log.warning("skipped %s", faults[-1])
