"""The articles of a filter as they are read: unique ids, copies of one text, and the articles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import getsizeof
from typing import NamedTuple

import numpy as np

from dedup.group.keep import Candidate
from dedup.model.article import Article, ArticleReader, digest_text, name_apart
from dedup.pipeline.naming import HEAD
from dedup.readers.objects import Articles, open_articles
from dedup.runtime.lazy_sequence import LazySequence
from dedup.runtime.spill import MemoryBudget, SpillObjects

# Articles to store or load together.
_STEP = 256
# Approximate bytes of an article beside its text.
_ARTICLE_BYTES = 600


class Ledger:
    """All articles that a filter reads, by number: old articles first, each in order of arrival.

    Parameters
    ----------
    memory : MemoryBudget
        For the articles; the rest spills to a file.
    """

    def __init__(self, memory: MemoryBudget) -> None:
        self.candidates: list[Candidate] = []
        self.n_old = 0
        self._ids = UniqueIds()
        self._articles: SpillObjects[Article] = SpillObjects(memory)
        self._waiting: list[Article] = []
        self._by_text: dict[bytes, int | list[int]] = {}

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def old(self) -> set[str]:
        """Search ids of the old articles."""
        return {one.id for one in self.candidates[: self.n_old]}

    def add(self, article: Article, *, is_old: bool) -> Article:
        """Add an article, and return it with its id in the search."""
        number, id = len(self.candidates), self._ids.make(article.id)
        self.n_old += is_old
        published = article.published.timestamp() if article.published else math.inf
        self.candidates.append(Candidate(id, published, len(article.text), article.outlet))
        key = digest_text(article.text)
        before = self._by_text.setdefault(key, number)
        if isinstance(before, list):
            before.append(number)
        elif before != number:
            self._by_text[key] = [before, number]
        self._waiting.append(article)
        if len(self._waiting) == _STEP:
            self._store()
        return article if id == article.id else Article(**(article.to_dict() | {"id": id}))

    def texts(self) -> Iterator[list[int]]:
        """Yield the numbers of the articles of each text."""
        for group in self._by_text.values():
            yield group if isinstance(group, list) else [group]

    def load(self, numbers: Sequence[int]) -> list[Article]:
        """Return some articles as they were read."""
        self._store()
        return self._articles.take(np.array(numbers, np.int64))

    def find_names(self) -> dict[str, str]:
        """Return the name of each article whose id another text has, by its id in the search.

        The names are those of a report, see :func:`dedup.model.article.name_apart`.
        """
        own = [at for at, id in enumerate(self._ids.given) if id in self._ids.repeated]
        groups: dict[str, list[TextPlace]] = {}
        for first in range(0, len(own), _STEP):
            step = own[first : first + _STEP]
            for number, one in zip(step, self.load(step), strict=True):
                place = find_place(one, self.candidates[number].id, is_new=number >= self.n_old)
                groups.setdefault(one.id, []).append(place)
        return name_repeats(groups)

    def count_renamed(self, names: dict[str, str]) -> int:
        """Count the articles that are named otherwise than by their ids."""
        return sum(name not in self._ids.repeated for name in names.values())

    def _store(self) -> None:
        if self._waiting:
            n_bytes = sum(getsizeof(one.text) + _ARTICLE_BYTES for one in self._waiting)
            self._articles.append(self._waiting, n_bytes)
            self._waiting = []


class TextPlace(NamedTuple):
    """Place of an article among those of its id, whatever the order of arrival.

    Parameters
    ----------
    internal : str
        Its id in the search.
    apart : str
        Its name if an earlier one has another text.
    """

    is_new: bool
    outlet: str
    url: str
    head: str
    digest: bytes
    internal: str
    apart: str


def find_place(article: Article, internal: str, *, is_new: bool) -> TextPlace:
    """Return the place of an article among those of its id."""
    digest, outlet, url = digest_text(article.text), article.outlet or "", article.url or ""
    return TextPlace(
        is_new, outlet, url, article.text[:HEAD], digest, internal, name_apart(article)
    )


def name_repeats(groups: Mapping[str, Iterable[TextPlace]]) -> dict[str, str]:
    """Name the articles of each id that repeats, by their ids in the search."""
    names: dict[str, str] = {}
    for id, places in groups.items():
        by_text: dict[bytes, str] = {}
        for place in sorted(places):
            name = place.apart if by_text else id
            names[place.internal] = by_text.setdefault(place.digest, name)
    return names


class UniqueIds:
    """Ids of the search: those of the records, numbered where they repeat."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.repeated: set[str] = set()
        self._seen: set[str] = set()
        self._counts: dict[str, int] = {}

    def make(self, id: str) -> str:
        """Return an id that no article has yet."""
        self.given.append(id)
        if id not in self._seen:
            self._seen.add(id)
            return id
        self.repeated.add(id)
        number, new = self._counts.get(id, 1), id
        while new in self._seen:
            number += 1
            new = f"{id} ({number})"
        self._counts[id] = number
        self._seen.add(new)
        return new


class LedgerReader(ArticleReader):
    """Articles with unique ids, entered into a ledger as they are read."""

    def __init__(self, articles: Articles, ledger: Ledger, *, is_old: bool = False) -> None:
        super().__init__()
        self._reader, self._ledger, self._is_old = open_articles(articles), ledger, is_old
        self.skipped = self._reader.skipped

    def __next__(self) -> Article:
        article = next(self._reader)
        self.location = self._reader.location
        return self._ledger.add(article, is_old=self._is_old)


class KeptArticles(LazySequence[Article]):
    """Articles of a ledger, loaded on access."""

    def __init__(self, ledger: Ledger, numbers: Sequence[int]) -> None:
        self._ledger, self._numbers = ledger, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def load_places(self, places: range) -> list[Article]:
        """Return the articles at some places."""
        return self._ledger.load([self._numbers[at] for at in places])
