"""Read the source clues and the credits of the articles of a collection, each once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.mask.outlet import OutletNames
from dedup.model.article import Article, Credit
from dedup.model.census import Census
from dedup.pipeline.collection import Collection, find_blocks
from dedup.provenance.clues import SourceClues, find_credits_of, read_clues
from dedup.runtime.workers import Workers

# Articles whose texts are read together.
_BLOCK = 1 << 11


class ClueReader:
    """Source clues and credits by article number, read on demand and kept.

    Threads may share it: what two of them read at once is equal.

    Parameters
    ----------
    census : Census
        With `outlets`.

    Attributes
    ----------
    clues : list of (SourceClues or None)
        Of each article; None if not read.
    """

    def __init__(self, collection: Collection, census: Census) -> None:
        self.clues: list[SourceClues | None] = [None] * len(collection)
        self._collection = collection
        self._outlets = OutletNames(census.outlets)
        self._credits: dict[int, tuple[Credit, ...]] = {}

    def read(self, numbers: NDArray[np.int64], articles: Sequence[Article]) -> None:
        """Read the clues of some articles that are loaded."""
        clues, found = self.clues, self.find_credits(numbers, articles)
        for number, article, credits in zip(numbers.tolist(), articles, found, strict=True):
            if clues[number] is None:
                clues[number] = read_clues(article, credits, self._outlets)

    def read_all(self, numbers: NDArray[np.int64], pool: Workers) -> None:
        """Read the clues of some articles that were not read."""
        new = numbers[[self.clues[number] is None for number in numbers.tolist()]]

        def run(block: tuple[int, int]) -> None:
            own = new[slice(*block)]
            self.read(own, self._collection.load_articles(own))

        for _ in pool.map(run, find_blocks(np.ones(len(new), np.int64), _BLOCK)):
            pass

    def forget_clues(self) -> None:
        """Keep only the credits, which the report tells."""
        self.clues = []

    def find_credits(
        self, numbers: NDArray[np.int64], articles: Sequence[Article]
    ) -> list[tuple[Credit, ...]]:
        """Return the credits of some articles that are loaded, with those of outlets."""
        new = [at for at, number in enumerate(numbers.tolist()) if number not in self._credits]
        unread = numbers[new].tolist()
        of_agencies = [self._collection.credits[number] for number in unread]
        found = find_credits_of([articles[at] for at in new], of_agencies, self._outlets)
        self._credits.update(zip(unread, found, strict=True))
        return [self._credits[number] for number in numbers.tolist()]
