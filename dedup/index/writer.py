"""Write articles to an index: decide new, revised or unchanged, and store each."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from dedup.errors import StoreError
from dedup.index.formulas import OutletFormulas, Start
from dedup.index.live import SegmentSet
from dedup.index.rows import DocumentRow, UnflushedPostings, check_extra, digest, name_outlet
from dedup.index.searcher import IndexSearcher, Prepared
from dedup.index.store import Store
from dedup.mask.boilerplate import Formulas
from dedup.model import Match, Matches, Status
from dedup.model.article import Article
from dedup.runtime.workers import Workers

_log = logging.getLogger("dedup")

# Latest articles of an outlet to learn formulas from, and the fewest of them.
_LEARNED_FROM, _MIN_LEARNED = 256, 16
# Articles read for this after each addition, besides one per added article; few, because the caller
# waits.
_READ = 8
# The same when all outlets are learned again; the limit bounds the memory.
_MOST_LEARNED = 8192
# Articles with the id of another that are named one by one.
_FEW = 5


def cut_blocks(articles: Iterable[Article], most: int) -> Iterator[list[Article]]:
    """Cut articles into blocks without two versions of an article.

    If the articles raise an error, the articles before it form a block; then the error is raised.

    Raises
    ------
    ParameterError
        If an article cannot be stored.
    """
    block: list[Article] = []
    names: set[str] = set()
    try:
        for article in articles:
            check_extra(article)
            own = {name for name in (article.id, article.url) if name}
            if not names.isdisjoint(own):
                yield block
                block, names = [], set()
            block.append(article)
            names |= own
            if len(block) == most:
                yield block
                block, names = [], set()
    except GeneratorExit:
        raise
    except BaseException:
        if block:
            yield block
        raise
    if block:
        yield block


class Changed(NamedTuple):
    """An article to store, and the stored versions that it replaces."""

    article: Article
    earlier: tuple[DocumentRow, ...]

    @property
    def status(self) -> Status:
        """Status of the article."""
        return "revised" if self.earlier else "new"

    @property
    def revision(self) -> int:
        """Number of earlier versions."""
        return max((one.revision + 1 for one in self.earlier), default=0)


class IndexWriter:
    """Adds articles to an index and removes them; the caller must lock out other readers."""

    def __init__(
        self,
        store: Store,
        live: SegmentSet,
        formulas: OutletFormulas,
        searcher: IndexSearcher,
        learner: Workers,
    ) -> None:
        self._store = store
        self._live = live
        self._formulas = formulas
        self._searcher = searcher
        self._learner = learner
        self._to_learn: Counter[bytes] = Counter()
        # Articles stored under another id than their own.
        self._n_apart = 0

    def add(self, block: Sequence[Article], *, compares: bool = True) -> list[Matches]:
        """Store articles with one commit; first compare them with all earlier ones, if asked.

        What is stored, learned and merged does not depend on whether they are compared.
        """
        told: list[Article] = []
        changed: list[Changed] = []
        with self._store.transaction():
            for one in block:
                article = self._store.name(one)
                if told and article is not one:
                    break  # an article of this block may free the id
                own = self._store.find_versions(article)
                is_same = len(own) == 1 and _is_same(own[0], article)
                is_renamed = is_same and not self._store.has(own[0].number, article)
                if told and own and (is_renamed or not is_same):
                    break
                if is_renamed:
                    self._store.rename(own[0].number, article)
                elif not is_same:
                    changed.append(Changed(article, tuple(own)))
                if article is not one:
                    self._say_apart(one, article)
                told.append(article)
            block = [one.article for one in changed]
            found: list[Matches] = []
            if changed:
                prepared = self._searcher.prepare(self._searcher.find_keys(block))
                found, fresh = self._store_changed(changed, prepared, compares)
        if changed:
            self._searcher.remember(prepared)
            self._take(changed, fresh)
        by_id = {one.id: one for one in found}
        return [by_id.get(article.id, Matches(article.id, "unchanged")) for article in told]

    def _say_apart(self, given: Article, article: Article) -> None:
        self._n_apart += 1
        if self._n_apart <= _FEW:
            _log.warning("the id %r is of another article: this one is %r", given.id, article.id)

    def _store_changed(
        self, changed: list[Changed], prepared: Prepared, compares: bool
    ) -> tuple[list[Matches], UnflushedPostings]:
        old = _replaced(changed)
        found: list[tuple[Match, ...]] = [()] * len(changed)
        if compares:
            found = self._searcher.match(prepared, self._live.live_docs_without(old))
        self._store.remove(old)
        revisions = [one.revision for one in changed]
        first = self._store.add(prepared.stored, revisions, self._searcher.run)
        counts = prepared.loaded.tokens.counts.tolist()
        numbers = list(range(first, first + len(changed)))
        fresh = UnflushedPostings(numbers, counts, prepared.sources)
        self._store.add_fresh(fresh)
        return [
            Matches(one.article.id, one.status, matches)
            for one, matches in zip(changed, found, strict=True)
        ], fresh

    def _take(self, changed: list[Changed], fresh: UnflushedPostings) -> None:
        """Reload memory to match the disk."""
        self._drop(_replaced(changed))
        self._live.take(fresh)
        self._to_learn.update(name_outlet(one.article.outlet) for one in changed)
        self._tend(len(changed))

    def _drop(self, numbers: list[int]) -> None:
        self._searcher.forget(numbers)
        self._live.drop(numbers)
        self._formulas.drop(numbers)

    def remove(self, numbers: list[int]) -> None:
        """Remove articles, and drop segments without live articles."""
        with self._store.transaction():
            self._store.remove(numbers)
        self._drop(numbers)
        with self.putting_off():
            self._live.drop_segments()

    def compact(self) -> None:
        """Merge all segments into one, and learn the formulas of all outlets again."""
        with self._store.transaction():
            self._store.forget_outlets()
        self._formulas.load()
        for outlet in self._store.outlets():
            self._formulas.learn(outlet, _MOST_LEARNED)
        self._live.merge_all()
        self._store.shrink()

    def finish(self) -> None:
        """Finish merges that are nearly complete, and what is being learned."""
        if self._n_apart > _FEW:
            _log.warning("%d more articles have the id of another", self._n_apart - _FEW)
        self._n_apart = 0
        with self.putting_off():
            self._live.finish()
        while self._formulas.is_learning and not self._live.is_stale:
            with self.putting_off(is_stale=False):
                self._formulas.step(_LEARNED_FROM)

    def _tend(self, n_added: int) -> None:
        """Do a bounded amount of maintenance: merges and formulas.

        A failure is postponed: the added articles are stored, and look-ups only stay slower.
        """
        with self.putting_off():
            if self._live.tend(n_added):
                return
        if not self._live.is_stale:
            with self.putting_off(is_stale=False):
                # A block takes longer than learning, which need not be put off.
                start = self._start if n_added == 1 else None
                self._learn(_READ + n_added, start)

    def _start(self, function: Callable[[], Formulas]) -> Callable[[], Formulas]:
        return self._learner.submit(function).result

    def _learn(self, n: int, start: Start | None) -> None:
        """Learn formulas of outlets with more articles, and read about `n` articles for it."""
        while n > 0 and (self._formulas.is_learning or self._to_learn):
            if self._formulas.is_learning:
                n -= self._formulas.step(n, start) or _READ
            else:
                outlet = next(iter(self._to_learn))
                if self._formulas.is_due(outlet, _MIN_LEARNED, self._to_learn.pop(outlet)):
                    self._formulas.begin(outlet, _LEARNED_FROM)

    @contextmanager
    def putting_off(self, *, is_stale: bool = True) -> Iterator[None]:
        """Log an error and continue; reload memory if it may differ from the disk."""
        try:
            yield
        except (OSError, sqlite3.DatabaseError, StoreError) as error:
            _log.warning("%s: put off: %s", self._store.path.parent, error)
            self._live.is_stale |= is_stale


def _is_same(known: DocumentRow, article: Article) -> bool:
    """Return whether the fields that determine postings are unchanged."""
    is_outlet = known.outlet == name_outlet(article.outlet)
    return is_outlet and known.digest == digest(article.text)


def _replaced(changed: Iterable[Changed]) -> list[int]:
    return [known.number for one in changed for known in one.earlier]
