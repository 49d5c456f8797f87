"""The index: every article as it arrives, on disk, and what it shares with all before it."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import BinaryIO, Literal

import numpy as np

from dedup.article import Article
from dedup.detector import compile_search
from dedup.errors import CorruptFile, LockedIndex, ParameterError, StoreError
from dedup.index.live import Live
from dedup.index.store import Fresh, Known, Store, digest, name_outlet
from dedup.matching import Matcher, cut_sources
from dedup.model import IndexStats, Matches, Status
from dedup.params import Params
from dedup.workers import Workers

_log = logging.getLogger("dedup")

# Articles that are added at once.
_BLOCK = 256
# A merge of another process may take files away while they are opened; it does so once.
_ATTEMPTS = 8
# Articles of an outlet, the latest, from which is learned what it repeats, and the least of them.
_LEARNED_FROM, _MIN_LEARNED = 256, 16


class Index:
    """Articles on disk, each compared with all that came before.

    One process writes at a time, and any number read; the threads of a process may share it.

    Parameters
    ----------
    path : str or path-like
        Directory of the index.
    params : Params or None
        Defaults to the preset ``news``. An index is bound to the recipe it was made with.
    mode : {"a", "r"}
        Whether to write, making the index if there is none, or to read only.
    timeout : float
        Seconds to wait for another process that writes.
    jobs : int or None
        Threads; all processors if None. Their number changes nothing.

    Raises
    ------
    ParameterError
        If `mode` is neither, or `jobs` less than 1.
    LockedIndex
        If another process goes on writing.
    IncompatibleFile
        If the index was made with another recipe, or by a newer version.
    CorruptFile
        If a file of it is damaged.
    StoreError
        If there is none and `mode` is ``"r"``.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> text = "The council voted nine to four to close the Elm Street library branch."
    >>> with Index(mkdtemp()) as index:
    ...     matches = index.add(Article("a", text))
    ...     [match.id for match in index.query(Article("b", "It was late. " + text))]
    ['a']
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        params: Params | None = None,
        *,
        mode: Literal["a", "r"] = "a",
        timeout: float = 60.0,
        jobs: int | None = None,
    ) -> None:
        if mode not in ("a", "r"):
            raise ParameterError(f"mode must be 'a' or 'r', not {mode!r}")
        compile_search()
        self.path = Path(path)
        self.params = params or Params()
        self._recipe = self.params.digest()
        self._lock = RLock()
        self._guard: BinaryIO | None = None
        self._to_learn: Counter[bytes] = Counter()
        self._opened = ExitStack()
        with self._opened, self._telling():
            if mode == "a":
                self.path.mkdir(parents=True, exist_ok=True)
                self._guard = self._opened.enter_context(_take_lock(self.path, timeout))
            self._store = Store(self.path, self._recipe, can_write=mode == "a")
            self._opened.callback(self._store.close)
            self._live = Live(self.path, self._store, self._recipe)
            pool = self._opened.enter_context(Workers(jobs))
            self._matcher = Matcher(self._store, self._live, self.params, pool)
            with self._reading():
                self._opened = self._opened.pop_all()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        params: Params | None = None,
        *,
        mode: Literal["a", "r"] = "a",
        timeout: float = 60.0,
        jobs: int | None = None,
    ) -> Index:
        """Open an index.

        Parameters
        ----------
        path, params, mode, timeout, jobs
            As the class takes them.

        Returns
        -------
        Index
            To be closed, or used as a context.
        """
        return cls(path, params, mode=mode, timeout=timeout, jobs=jobs)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files. Nothing is lost by not closing."""
        with self._lock:
            with self._putting_off():
                self._live.finish()
            self._opened.close()
            self._guard = None

    # Looking up

    def __len__(self) -> int:
        with self._reading():
            return len(self._store)

    def __contains__(self, id: object) -> bool:
        with self._reading():
            return isinstance(id, str) and self._store.find(id) is not None

    def __iter__(self) -> Iterator[Article]:
        """Yield the articles that are there now, in the order in which they came.

        What goes before its turn is left out.
        """
        with self._reading():
            first, end = 0, self._store.n_numbers()
        while first < end:
            with self._reading():
                numbers = self._store.numbers(first, _BLOCK)
                part = self._store.load([number for number in numbers if number < end])
            yield from (stored.article for stored in part)
            first = numbers[-1] + 1 if numbers else end

    def get(self, id: str) -> Article:
        """Return an article.

        Parameters
        ----------
        id : str
            Its id.

        Returns
        -------
        Article
            As it was added last.

        Raises
        ------
        KeyError
            If there is none.
        CorruptFile
            If what is stored of it is damaged.
        """
        with self._reading():
            known = self._store.find(id)
            if known is None:
                raise KeyError(id)
            return self._store.load([known.number])[0].article

    def query(self, article: Article) -> Matches:
        """Compare an article with all that are stored, and store nothing.

        Parameters
        ----------
        article : Article
            What to look up. What is stored under its id or its URL is another version of it,
            and no match.

        Returns
        -------
        Matches
            What it shares with each.

        Raises
        ------
        CorruptFile
            If what would have to be read is damaged.
        """
        with self._reading():
            known = self._store.find(article.id, article.url)
            own = [known.number] if known else []
            (found,) = self._matcher.match(self._matcher.prepare([article]), own)
            return Matches(article.id, "queried", found)

    # Changing

    def add(self, article: Article) -> Matches:
        """Compare an article with all that came before, then store it.

        Parameters
        ----------
        article : Article
            A new one; or, if its id or its URL is known, a new version of the one that is
            stored, which takes its place. If the text is the same, nothing happens.

        Returns
        -------
        Matches
            What it shares with each; when this returns, the article is on the disk.

        Raises
        ------
        StoreError
            If it cannot be stored; then nothing of it is.
        CorruptFile
            If what would have to be read is damaged.
        """
        return next(self.add_many([article]))

    def add_many(self, articles: Iterable[Article]) -> Iterator[Matches]:
        """Add articles as :meth:`add` does, some hundred with one commit.

        Parameters
        ----------
        articles : iterable of Article
            In the order in which they came.

        Yields
        ------
        Matches
            In the same order; when the first of a block comes, the block is on the disk.

        Raises
        ------
        StoreError, CorruptFile
            As :meth:`add`; of the block nothing is stored.
        """
        block: list[Article] = []
        names: set[str] = set()
        for article in articles:
            own = {name for name in (article.id, article.url) if name}
            if len(block) == _BLOCK or not names.isdisjoint(own):
                yield from self._add_block(block)
                block, names = [], set()
            block.append(article)
            names |= own
        if block:
            yield from self._add_block(block)

    def remove(self, id: str) -> None:
        """Take an article out.

        Parameters
        ----------
        id : str
            Its id.

        Raises
        ------
        KeyError
            If there is none.
        """
        with self._writing():
            known = self._store.find(id)
            if known:
                self._remove([known.number])
        if known is None:
            raise KeyError(id)

    def expire(self, before: datetime) -> int:
        """Take out all that was published before a moment.

        Parameters
        ----------
        before : datetime
            When; without a zone it is taken as UTC. Articles without a date stay.

        Returns
        -------
        int
            Articles taken out.
        """
        moment = before if before.tzinfo else before.replace(tzinfo=UTC)
        with self._writing():
            numbers = self._store.older_than(moment)
            self._remove(numbers)
            return len(numbers)

    def compact(self) -> None:
        """Make one segment of all, without what was removed."""
        with self._writing():
            for outlet in self._store.outlets():
                self._matcher.learn(outlet, None)
            self._live.merge_all()
            self._store.shrink()

    # Looking after it

    def snapshot(self) -> Index:
        """Return the index as it is now, for reading, whatever becomes of this one.

        Returns
        -------
        Index
            To be closed like any other; until then what it shows takes room on the disk.
        """
        with self._lock:
            other = Index(self.path, self.params, mode="r")
            # It begins to read and does not end until it is closed.
            other._opened.enter_context(other._at_one_moment())
        return other

    def stats(self) -> IndexStats:
        """Count what there is.

        Returns
        -------
        IndexStats
            Of this moment.
        """
        with self._reading():
            return IndexStats(
                n_articles=len(self._store),
                n_chars=self._store.n_chars(),
                n_segments=len(self._live.segments),
                n_fresh=len(self._store.fresh_numbers()),
                n_removed=len(self._store.removed()),
                n_postings=self._live.count_postings(),
                n_bytes=sum(path.stat().st_size for path in self.path.iterdir()),
                recipe=self._recipe,
            )

    def verify(self) -> list[CorruptFile]:
        """Read everything and compare it with its sums.

        Returns
        -------
        list of CorruptFile
            What is wrong, each with the file and, in a segment, the bytes; nothing is mended.
        """
        with self._reading():
            faults = list(self._store.check())
            for segment in self._live.segments:
                faults += segment.verify()
            return faults + self._find_astray()

    def _find_astray(self) -> list[CorruptFile]:
        """Find articles that are not in exactly one place with their postings."""
        numbers = [segment.articles.numbers for segment in self._live.segments]
        fresh = np.array(self._store.fresh_numbers(), np.int64)
        posted, n_times = np.unique(np.concatenate([*numbers, fresh]), return_counts=True)
        live = np.setdiff1d(posted, self._store.removed())
        stored = np.array(self._store.numbers(), np.int64)
        problems = {
            "has postings in two places": posted[n_times > 1],
            "is stored without postings": np.setdiff1d(stored, live),
            "has postings and is not stored": np.setdiff1d(live, stored),
        }
        return [
            CorruptFile(str(self._store.path), f"article number {number} {said}")
            for said, found in problems.items()
            for number in found.tolist()
        ]

    # What happens inside

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, self._telling(), self._at_one_moment():
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._telling():
            if self._guard is None:
                raise StoreError(str(self.path), "not open for writing")
            with self._at_one_moment():
                pass
            try:
                yield
            except BaseException:
                # It may have ended between the disk and the memory.
                self._live.is_stale = True
                raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Have errors of SQLite and of the system be of our tree."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
            raise StoreError(str(self.path), str(error)) from error
        except sqlite3.DatabaseError as error:
            raise CorruptFile(str(self._store.path), str(error)) from error
        except OSError as error:
            raise StoreError(str(self.path), error.strerror or str(error)) from error

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        """Have all that is read inside be of one moment, and what is in memory too."""
        missing = ""
        for _ in range(_ATTEMPTS):
            with self._store.reading():
                try:
                    if self._live.refresh(is_writer=self._guard is not None):
                        self._matcher.load()
                        self._live.is_stale = False
                except FileNotFoundError as error:
                    # A merge has ended meanwhile, and taken its sources away.
                    missing = str(error.filename)
                    continue
                yield
                return
        raise CorruptFile(missing, "no such file, though the index lists it")

    def _add_block(self, block: list[Article]) -> Iterator[Matches]:
        with self._writing():
            known = [self._store.find(article.id, article.url) for article in block]
            numbers = [one.number for one in known if one]
            is_one_by_one = len(set(numbers)) == len(numbers)
            found = self._add_known(block, known) if is_one_by_one else []
        yield from found
        if not is_one_by_one:
            # Two replace the same article: the later has to see the earlier.
            half = len(block) // 2
            yield from self._add_block(block[:half])
            yield from self._add_block(block[half:])

    def _add_known(self, block: list[Article], known: Sequence[Known | None]) -> list[Matches]:
        is_changed = [
            one is None or one.digest != digest(article.text)
            for one, article in zip(known, block, strict=True)
        ]
        changed = [article for article, is_new in zip(block, is_changed, strict=True) if is_new]
        earlier = [one for one, is_new in zip(known, is_changed, strict=True) if is_new]
        found = iter(self._store_changed(changed, earlier) if changed else ())
        return [
            next(found) if is_new else Matches(article.id, "unchanged")
            for article, is_new in zip(block, is_changed, strict=True)
        ]

    def _store_changed(
        self, articles: list[Article], earlier: Sequence[Known | None]
    ) -> list[Matches]:
        prepared = self._matcher.prepare(articles)
        old = [one.number for one in earlier if one]
        found = self._matcher.match(prepared, old)
        counts = prepared.loaded.tokens.counts.tolist()
        with self._store.transaction():
            self._store.remove(old)
            numbers = [
                self._store.add(stored, one.revision + 1 if one else 0)
                for stored, one in zip(prepared.stored, earlier, strict=True)
            ]
            fresh = [
                Fresh(number, n_tokens, cut_sources(prepared.sources, number))
                for number, n_tokens in zip(numbers, counts, strict=True)
            ]
            for one in fresh:
                self._store.add_fresh(one)
        self._live.is_dead[old] = True
        self._live.take(fresh)
        self._to_learn.update(name_outlet(article.outlet) for article in articles)
        self._tend(len(articles))
        statuses: list[Status] = ["revised" if one else "new" for one in earlier]
        return [
            Matches(article.id, status, matches)
            for article, status, matches in zip(articles, statuses, found, strict=True)
        ]

    def _remove(self, numbers: list[int]) -> None:
        with self._store.transaction():
            self._store.remove(numbers)
        self._live.is_dead[numbers] = True

    def _tend(self, n_added: int) -> None:
        """Do a bounded part of what keeps look-ups fast and boilerplate known.

        What fails is put off: what was added is stored, and look-ups only stay slower.
        """
        with self._putting_off():
            if self._live.tend(n_added) or not self._to_learn:
                return
        outlet = next(iter(self._to_learn), None)
        if outlet is not None and not self._live.is_stale:
            n_new = self._to_learn.pop(outlet)
            with self._putting_off(is_stale=False):
                self._matcher.learn(outlet, _LEARNED_FROM, _MIN_LEARNED, n_new)

    @contextmanager
    def _putting_off(self, *, is_stale: bool = True) -> Iterator[None]:
        """Say what fails and go on, with what is on the disk if memory may differ from it."""
        try:
            yield
        except (OSError, sqlite3.DatabaseError, StoreError) as error:
            _log.warning("%s: put off: %s", self.path, error)
            self._live.is_stale |= is_stale


def _take_lock(path: Path, timeout: float) -> BinaryIO:
    guard = (path / "lock").open("ab")
    end = time.monotonic() + timeout
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return guard
        if time.monotonic() >= end:
            guard.close()
            raise LockedIndex(str(path), f"another process writes to it, for {timeout:g} s now")
        time.sleep(min(0.05, max(end - time.monotonic(), 0.0)))
