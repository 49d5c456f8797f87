"""Formulas of each outlet: text that its unrelated articles share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dedup.index.rows import Stored, StoredText, name_outlet
from dedup.index.store import Store
from dedup.mask.boilerplate import Formulas, cover_formulas, learn_formulas
from dedup.mask.mask import MIN_WORDS, mask, mask_credits
from dedup.model.article import Article
from dedup.params import BoilerplateParams
from dedup.text.tokenize import Tokens, join_tokens, tokenize

# Starts a function in a thread, and returns one that waits for its result.
Start = Callable[[Callable[[], Formulas]], Callable[[], Formulas]]
# Articles to count after the last one is read, as many with each addition as were read. They fix
# the article from which new formulas count, however long the thread takes.
_N_OWED = 32


@dataclass(slots=True)
class Learning:
    """Formulas of an outlet that are being learned.

    `n` articles were there when it began; those of `waiting` are not read yet. All are sorted by
    id, as in a report, so that the order of arrival does not matter. `find` returns the formulas
    that a thread learns; it is called when `n_owed` more articles are counted.
    """

    outlet: bytes
    n: int
    waiting: list[int]
    articles: list[Article]
    tokens: list[Tokens]
    find: Callable[[], Formulas] | None = None
    n_owed: int = 0


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
        self._learning: Learning | None = None

    def load(self) -> None:
        """Reload the formulas of outlets that changed; what is being learned is given up."""
        if self._learning:  # the next article of the outlet begins it again
            self._n_learned.pop(self._learning.outlet, None)
        self._learning = None
        known = self._store.learned()
        for name in self._formulas.keys() - known.keys():
            del self._formulas[name]
            self._n_learned.pop(name, None)
        for name in [name for name, check in known.items() if self._checks.get(name) != check]:
            self._n_learned[name], self._formulas[name] = self._store.load_learned(name)
        self._checks = known
        self._n_known.clear()

    def learn(self, outlet: bytes, most: int) -> None:
        """Learn the formulas of an outlet from its latest articles, all at once."""
        self.begin(outlet, most)
        while self._learning:
            self.step(most)

    def begin(self, outlet: bytes, most: int) -> None:
        """Begin to learn the formulas of an outlet from its latest articles."""
        n = self._store.count_outlet(outlet)
        # Set first: a failure is not repeated with each article.
        self._n_learned[outlet] = self._n_known[outlet] = n
        self._learning = Learning(outlet, n, self._store.of_outlet(outlet, most), [], [])

    @property
    def is_learning(self) -> bool:
        """Whether formulas of an outlet are being learned."""
        return self._learning is not None

    def step(self, n: int, start: Start | None = None) -> int:
        """Read up to `n` articles or, after the last one, learn.

        Parameters
        ----------
        start : callable or None
            Runs the learning in a thread; None to learn at once.

        Returns
        -------
        int
            Articles read, or counted while a thread learns; 0 when that starts and ends.
        """
        learning, self._learning = self._learning, None
        assert learning is not None
        n = min(n, len(learning.waiting) or learning.n_owed)
        if learning.waiting:
            stored = self._store.load(learning.waiting[:n])
            learning.articles += (one.article for one in stored)
            whole = tokenize([one.text for one in stored])
            learning.tokens.append(self._mask_credits(whole, stored))
            learning.waiting = learning.waiting[n:]
        elif start and not learning.find:
            learning.find, learning.n_owed = start(partial(self._learn, learning)), _N_OWED
        elif learning.n_owed:
            learning.n_owed -= n
        else:
            self._keep(learning)
            return 0
        self._learning = learning  # unless that failed
        return n

    def _learn(self, learning: Learning) -> Formulas:
        tokens = join_tokens(learning.tokens) if learning.tokens else tokenize([])
        return learn_formulas(learning.articles, tokens, self._params)

    def _keep(self, learning: Learning) -> None:
        formulas = learning.find() if learning.find else self._learn(learning)
        with self._store.transaction():
            self._store.keep_learned(learning.outlet, learning.n, formulas)
        self._formulas[learning.outlet] = formulas

    def drop(self, numbers: Collection[int]) -> None:
        """Do not learn from removed articles that are not read yet."""
        if self._learning and numbers:
            gone = set(numbers)
            waiting = self._learning.waiting
            self._learning.waiting = [number for number in waiting if number not in gone]

    def is_due(self, outlet: bytes, least: int, n_added: int) -> bool:
        """Return whether an outlet has enough more articles to learn from."""
        known = self._n_known.get(outlet)
        # Counting takes linear time, so count only once.
        n = self._store.count_outlet(outlet) if known is None else known + n_added
        self._n_known[outlet] = n
        return n >= max(2 * self._n_learned.get(outlet, 0), least)

    def of_outlet(self, outlet: bytes) -> Formulas | None:
        """Return the formulas of an outlet; they are replaced by others, but never changed."""
        return self._formulas.get(outlet)

    def tokenize(self, stored: Sequence[Stored | StoredText]) -> tuple[Tokens, NDArray[np.bool_]]:
        """Tokenize articles, and mask credit lines and the formulas of their outlets.

        Returns
        -------
        tuple of (Tokens, ndarray of bool)
            The tokens, and whether each article has no masked text.
        """
        whole = tokenize([one.text for one in stored])
        tokens = self._mask_credits(whole, stored)
        # An article that is too short to compare gets no postings.
        covered = np.repeat(tokens.counts < MIN_WORDS, tokens.counts)
        names = [name_outlet(one.outlet) for one in stored]
        learned = ((name, self._formulas.get(name)) for name in dict.fromkeys(names))
        known = {name: formulas for name, formulas in learned if formulas is not None}
        places = {name: at for at, name in enumerate(known)}
        outlets = [places.get(name, -1) for name in names]
        covered |= cover_formulas(tokens, outlets, list(known.values()))
        masked = mask(tokens, covered)
        return masked, masked.counts == whole.counts

    def _mask_credits(self, tokens: Tokens, stored: Sequence[Stored | StoredText]) -> Tokens:
        if not self._params.mask_credits:
            return tokens
        return mask_credits(tokens, [one.credits for one in stored])
