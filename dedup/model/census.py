"""What stages know of the whole collection. All else is of one article, query or block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

# If fewer of the articles that share text name another one, credits and links are no grounds: so
# few are false as often as they are true. A collection of a hundred such articles needs one.
_MIN_NAMING = 0.01


def _no_keys() -> NDArray[np.uint64]:
    return np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """What stages know of the whole collection.

    A stage is a function of one article, one query, one block of pairs or one block of components,
    and of this. Each field comes from sums or unions over the blocks of an earlier stage.

    Parameters
    ----------
    n_articles : int
        Number of articles, which thresholds grow with.
    outlets : tuple of str
        Names of the outlets, ascending, without repeats.
    formulas : ndarray of uint64, shape (n_shingles,)
        Keys of the shingles of formulas, ascending; a union over the parts of the collection.
    n_sharing, n_naming : int
        Articles that share text with another one, and those of them that name such an article;
        sums over the components.
    """

    n_articles: int
    outlets: tuple[str, ...] = ()
    formulas: NDArray[np.uint64] = field(default_factory=_no_keys)
    n_sharing: int = 0
    n_naming: int = 0

    @classmethod
    def of_outlets(cls, outlets: Iterable[str | None], n_articles: int) -> Census:
        """Return what is known before the first stage."""
        return cls(n_articles, tuple(sorted({name for name in outlets if name})))

    def with_formulas(self, parts: Iterable[NDArray[np.uint64]]) -> Census:
        """Add the formulas of all parts of the collection."""
        return replace(self, formulas=np.unique(np.concatenate([_no_keys(), *parts])))

    def with_naming(self, counts: Iterable[tuple[int, int]]) -> Census:
        """Add `n_sharing` and `n_naming` of all blocks of components."""
        n_sharing, n_naming = map(sum, zip((0, 0), *counts, strict=True))
        return replace(self, n_sharing=n_sharing, n_naming=n_naming)

    @property
    def is_naming_trusted(self) -> bool:
        """Whether enough articles name another for credits and links to be grounds."""
        return self.n_naming >= _MIN_NAMING * self.n_sharing
