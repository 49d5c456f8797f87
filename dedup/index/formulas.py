"""Formulas of each outlet: text that its unrelated articles share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.index.rows import name_outlet
from dedup.index.store import Store, Stored
from dedup.mask.boilerplate import Formulas, cover_formulas, learn_formulas
from dedup.mask.furniture import mark_furniture
from dedup.mask.mask import MIN_WORDS, mask, mask_credits
from dedup.params import BoilerplateParams
from dedup.text.tokenize import Tokens, tokenize


class OutletFormulas:
    """The formulas that an index knows, in memory and in its database."""

    def __init__(self, store: Store, params: BoilerplateParams) -> None:
        self._store = store
        self._params = params
        self._formulas: dict[bytes, Formulas] = {}
        # By outlet: digest of the stored row; number of articles when learned, and now.
        self._checks: dict[bytes, bytes] = {}
        self._n_learned: dict[bytes, int] = {}
        self._n_known: dict[bytes, int] = {}

    def load(self) -> None:
        """Reload the formulas of outlets that changed."""
        known = self._store.learned()
        for name in self._formulas.keys() - known.keys():
            del self._formulas[name], self._n_learned[name]
        for name in [name for name, check in known.items() if self._checks.get(name) != check]:
            self._n_learned[name], self._formulas[name] = self._store.load_learned(name)
        self._checks = known
        self._n_known.clear()

    def learn(self, outlet: bytes, most: int, least: int = 0, n_added: int = 0) -> None:
        """Learn the formulas of an outlet."""
        if least and not self._is_due(outlet, least, n_added):
            return
        n = self._store.count_outlet(outlet)
        # Set first: a failure is not repeated with each article.
        self._n_learned[outlet] = self._n_known[outlet] = n
        # Sorted by id, as in a report, so that the order of arrival does not matter.
        stored = sorted(
            self._store.load(self._store.of_outlet(outlet, most)), key=lambda one: one.article.id
        )
        articles, tokens = [one.article for one in stored], self._tokenize_whole(stored)
        formulas = learn_formulas(articles, tokens, self._params)
        with self._store.transaction():
            self._store.keep_learned(outlet, n, formulas)
        self._formulas[outlet] = formulas

    def _is_due(self, outlet: bytes, least: int, n_added: int) -> bool:
        """Return whether an outlet has enough more articles to learn from."""
        known = self._n_known.get(outlet)
        # Counting takes linear time, so count only once.
        n = self._store.count_outlet(outlet) if known is None else known + n_added
        self._n_known[outlet] = n
        return n >= max(2 * self._n_learned.get(outlet, 0), least)

    def tokenize(self, stored: Sequence[Stored]) -> Tokens:
        """Tokenize articles, and mask credit lines and the formulas of their outlets."""
        tokens = self._tokenize_whole(stored)
        # An article that is too short to compare gets no postings.
        covered = np.repeat(tokens.counts < MIN_WORDS, tokens.counts)
        names = [name_outlet(one.article.outlet) for one in stored]
        known = {name: self._formulas[name] for name in names if name in self._formulas}
        places = {name: at for at, name in enumerate(known)}
        outlets = [places.get(name, -1) for name in names]
        covered |= cover_formulas(tokens, outlets, list(known.values()))
        return mask(tokens, covered)

    def _tokenize_whole(self, stored: Sequence[Stored]) -> Tokens:
        """Tokenize articles, mark furniture, and mask only credit lines."""
        texts = [one.article.text for one in stored]
        tokens = mark_furniture(tokenize(texts), texts)
        if self._params.mask_credits:
            tokens = mask_credits(tokens, [one.credits for one in stored])
        return tokens
