"""The index: every article as it arrives, on disk, and what it shares with all before it."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import IO, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.collection import Loaded
from dedup.detector import compile_search
from dedup.errors import CorruptFile, DedupError, LockedIndex, ParameterError, StoreError
from dedup.index.fresh import FreshPostings
from dedup.index.lookup import IndexPostings
from dedup.index.segments import (
    KINDS,
    Articles,
    Merge,
    Segment,
    Source,
    join_sources,
    write_segment,
)
from dedup.index.store import Fresh, Known, Listed, Store, Stored, digest, name_outlet
from dedup.model import IndexStats, Match, Matches, Overlap, Status
from dedup.params import Params
from dedup.search import overlap_pairs
from dedup.stages.boilerplate import Formulas, cover_formulas, learn_formulas
from dedup.stages.candidates import Asking, PairSearch, find_candidates
from dedup.stages.credit import find_credits
from dedup.stages.mask import mask, mask_credits
from dedup.stages.overlap import Pieces
from dedup.stages.seed import find_seeds
from dedup.stages.sketch import sketch
from dedup.stages.tokenize import Tokens, tokenize

_log = logging.getLogger("dedup")

# Articles whose postings wait in memory until they become a segment; segments that become one.
_FRESH, _FANOUT = 4096, 8
# Articles of an outlet, the latest, from which is learned what it repeats.
_LEARNED_FROM = 256
_MIN_LEARNED = 16
# Articles that are added at once.
_BLOCK = 256
_SUFFIX = ".seg"


class _Prepared(NamedTuple):
    """Articles with what is searched and stored of them."""

    stored: list[Stored]
    loaded: Loaded
    sources: dict[str, Source]
    asking: Asking


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

    Raises
    ------
    ParameterError
        If `mode` is neither.
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
    ) -> None:
        if mode not in ("a", "r"):
            raise ParameterError(f"mode must be 'a' or 'r', not {mode!r}")
        compile_search()
        self.path = Path(path)
        self.params = params or Params()
        self._recipe = self.params.digest()
        self._lock = RLock()
        self._guard: IO[bytes] | None = None
        self._merge: Merge | None = None
        if mode == "a":
            self.path.mkdir(parents=True, exist_ok=True)
            self._guard = _take_lock(self.path, timeout)
        try:
            self._store = Store(self.path, self._recipe, can_write=mode == "a")
            self._is_held = False
            self._load()
        except BaseException:
            self._let_go()
            raise
        if mode == "a":
            self._sweep()

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        params: Params | None = None,
        *,
        mode: Literal["a", "r"] = "a",
        timeout: float = 60.0,
    ) -> Index:
        """Open an index; see the class."""
        return cls(path, params, mode=mode, timeout=timeout)

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
            if self._merge:
                self._merge.abandon()
                self._merge = None
            self._store.close()
            self._let_go()

    def _let_go(self) -> None:
        if self._guard:
            self._guard.close()
            self._guard = None

    # Looking up

    def __len__(self) -> int:
        with self._reading():
            return len(self._store)

    def __contains__(self, id: object) -> bool:
        with self._reading():
            return isinstance(id, str) and self._store.find(id) is not None

    def __iter__(self) -> Iterator[Article]:
        """Yield all articles, in the order in which they came."""
        with self._reading():
            numbers = self._store.numbers()
        for low in range(0, len(numbers), _BLOCK):
            with self._reading():
                part = self._store.load(numbers[low : low + _BLOCK])
            yield from (stored.article for stored in part)

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
            prepared = self._prepare([article], self._lengths_used)
            return self._match(prepared, ["queried"], own)[0]

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
            own = {article.id, article.url} - {None}
            if len(block) == _BLOCK or not names.isdisjoint(own):
                yield from self._add_block(block)
                block, names = [], set()
            block.append(article)
            names |= own  # type: ignore[arg-type]  # no None is left
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
            if known is None:
                raise KeyError(id)
            self._remove([known.number])

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
            if self._merge:
                self._merge.abandon()
                self._merge = None
            for outlet in self._store.outlets():
                self._learn(outlet, None)
            self._flush()
            if len(self._segments) > 1 or self._store.removed():
                self._begin_merge(self._segments)
                while self._merge:
                    self._go_on()
            self._store.shrink()

    # Looking after it

    def snapshot(self) -> Index:
        """Return the index as it is now, for reading, whatever becomes of this one.

        Returns
        -------
        Index
            To be closed like any other; until then what it shows takes room on the disk.
        """
        other = Index(self.path, self.params, mode="r")
        with other._lock:
            other._store.hold()
            other._load()
            other._is_held = True
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
                n_segments=len(self._segments),
                n_fresh=len(self._store.fresh_numbers()),
                n_removed=len(self._store.removed()),
                n_postings=sum(segment.count(kind) for segment in self._segments for kind in KINDS)
                + sum(len(fresh) for fresh in self._fresh.values()),
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
            for segment in self._segments:
                faults += segment.verify()
            return faults + self._find_astray()

    def _find_astray(self) -> list[CorruptFile]:
        """Find articles that are not in exactly one place with their postings."""
        numbers = [segment.articles.numbers for segment in self._segments]
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
        with self._lock:
            try:
                with self._store.reading():
                    if self._guard is None and not self._is_held:
                        self._refresh()
                    yield
            except sqlite3.DatabaseError as error:
                raise CorruptFile(str(self._store.path), str(error)) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._guard is None:
                raise StoreError(str(self.path), "opened for reading only")
            try:
                yield
            except sqlite3.OperationalError as error:
                raise StoreError(str(self.path), f"nothing was stored: {error}") from error
            except sqlite3.DatabaseError as error:
                raise CorruptFile(str(self._store.path), str(error)) from error

    def _load(self) -> None:
        """Read what there is."""
        with self._store.reading():
            self._version = self._store.version()
            self._segments = [
                Segment(self.path / listed.name, self._recipe) for listed in self._store.segments()
            ]
            self._lengths = np.zeros(1024, np.int64)
            self._is_dead = np.ones(1024, np.bool_)
            self._lengths_used = 0
            self._grow(self._store.n_numbers())
            for segment in self._segments:
                numbers, lengths = segment.articles
                self._lengths[numbers], self._is_dead[numbers] = lengths, False
            self._is_dead[self._store.removed()] = True
            self._fresh = {kind: FreshPostings() for kind in KINDS}
            self._fresh_numbers: list[int] = []
            self._flush_at = _FRESH
            self._take_fresh(list(self._store.fresh()))
            self._formulas: dict[bytes, Formulas] = {}
            self._n_learned: dict[bytes, int] = {}
            for name, n_learned, formulas in self._store.learned():
                self._formulas[name], self._n_learned[name] = Formulas(*formulas), n_learned
            self._to_learn: dict[bytes, None] = {}
        self._search = PairSearch(self._lengths, self.params.candidate)

    def _refresh(self) -> None:
        if self._store.version() != self._version:
            self._load()

    def _grow(self, n: int) -> None:
        if n > len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros(n, np.int64)])
            self._is_dead = np.concatenate([self._is_dead, np.ones(n, np.bool_)])
        self._lengths_used = max(n, self._lengths_used)

    def _take_fresh(self, found: Sequence[Fresh]) -> None:
        for one in found:
            self._grow(one.number + 1)
            self._lengths[one.number], self._is_dead[one.number] = one.n_tokens, False
            self._fresh_numbers.append(one.number)
        if found:
            for kind in KINDS:
                self._fresh[kind].add(join_sources([one.sources[kind] for one in found]))

    def _prepare(self, articles: list[Article], first: int) -> _Prepared:
        stored = [Stored(article, find_credits(article.text)) for article in articles]
        loaded = self._tokenize(stored)
        tokens = loaded.tokens
        numbers = np.arange(first, first + len(articles), dtype=np.uint32)
        seeds = find_seeds(tokens, self.params.seed)
        bands = sketch(tokens, self.params.sketch).bands(self.params.band)
        has_words = tokens.counts > 0
        of_bands = np.repeat(numbers[has_words], self.params.band.n_bands)
        sources = {
            "bands": Source(
                bands[has_words].reshape(-1), of_bands, np.zeros(len(of_bands), np.uint32)
            ),
            "seeds": Source(
                seeds.keys, np.repeat(numbers, np.diff(seeds.offsets)), seeds.positions
            ),
        }
        return _Prepared(stored, loaded, sources, Asking(first, bands, seeds))

    def _tokenize_whole(self, stored: Sequence[Stored]) -> Tokens:
        tokens = tokenize([one.article.text for one in stored])
        if self.params.boilerplate.mask_credits:
            tokens = mask_credits(tokens, [one.credits for one in stored])
        return tokens

    def _tokenize(self, stored: Sequence[Stored]) -> Loaded:
        """Tokenize articles without what their outlets are known to repeat."""
        tokens, articles = self._tokenize_whole(stored), [one.article for one in stored]
        covered = np.zeros(len(tokens.hashes), np.bool_)
        names = [name_outlet(article.outlet) for article in articles]
        for name in dict.fromkeys(names):
            formulas = self._formulas.get(name)
            if formulas and len(formulas.keys):
                own = np.array([k for k, other in enumerate(names) if other == name])
                covered[tokens.places(own)] = cover_formulas(
                    tokens.select(own), formulas, self.params.boilerplate
                )
        return Loaded(articles, mask(tokens, covered))

    def _match(
        self, prepared: _Prepared, statuses: Sequence[Status], hidden: Sequence[int]
    ) -> list[Matches]:
        """Compare a block with what is stored and with its own earlier articles."""
        first, articles = prepared.asking.first, prepared.loaded.articles
        self._grow_for(prepared)
        was_dead = self._is_dead[hidden].copy()
        self._is_dead[hidden] = True
        try:
            pairs, is_cut = self._find_pairs(prepared)
        finally:
            self._is_dead[hidden] = was_dead
        found: list[list[tuple[int, Match]]] = [[] for _ in articles]
        for (old, new), match in self._align(prepared, pairs, is_cut):
            found[new - first].append((old, match))
        return [
            Matches(article.id, status, tuple(match for _, match in sorted(own, key=_rank)))
            for article, status, own in zip(articles, statuses, found, strict=True)
        ]

    def _grow_for(self, prepared: _Prepared) -> None:
        first, counts = prepared.asking.first, prepared.loaded.tokens.counts
        used = self._lengths_used
        self._grow(first + len(counts))
        self._lengths_used = used
        self._lengths[first : first + len(counts)] = counts
        self._search.lengths = self._lengths[: first + len(counts)]

    def _find_pairs(self, prepared: _Prepared) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        first = prepared.asking.first
        bands, seeds = (
            IndexPostings(
                kind, self._segments, self._fresh[kind], self._is_dead, prepared.sources[kind]
            )
            for kind in KINDS
        )
        found = find_candidates([prepared.asking], bands, seeds, self._search)
        others = found.pairs[:, 0]
        is_live = (others >= first) | ~self._is_dead[others]
        return found.pairs[is_live], found.is_cut[is_live]

    def _align(
        self, prepared: _Prepared, pairs: NDArray[np.int64], is_cut: NDArray[np.bool_]
    ) -> Iterator[tuple[tuple[int, int], Match]]:
        if not len(pairs):
            return
        first, own = prepared.asking.first, prepared.stored
        numbers, at = np.unique(pairs, return_inverse=True)
        stored = self._store.load(numbers[numbers < first].tolist())
        stored += [own[number - first] for number in numbers[numbers >= first].tolist()]
        loaded = self._tokenize(stored)
        rows = at.reshape(-1, 2)[:, ::-1]  # the later article is a
        kept, _, overlaps = overlap_pairs(
            loaded,
            rows,
            Pieces.of(loaded.tokens),
            sketch(loaded.tokens, self.params.sketch),
            self.params,
            len(self._search.lengths),
        )
        for k, overlap in zip(kept, overlaps, strict=True):
            old, new = pairs[k].tolist()
            yield (old, new), _make_match(loaded.articles[rows[k, 1]], overlap, bool(is_cut[k]))

    def _add_block(self, block: list[Article]) -> list[Matches]:
        with self._writing():
            known = [self._store.find(article.id, article.url) for article in block]
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
        first = self._lengths_used
        prepared = self._prepare(articles, first)
        statuses: list[Status] = ["revised" if one else "new" for one in earlier]
        old = [one.number for one in earlier if one]
        matches = self._match(prepared, statuses, old)
        counts = prepared.loaded.tokens.counts.tolist()
        fresh = [
            Fresh(first + k, counts[k], _cut_sources(prepared.sources, first + k))
            for k in range(len(articles))
        ]
        with self._store.transaction():
            self._store.remove(old)
            for stored, one, new in zip(prepared.stored, earlier, fresh, strict=True):
                number = self._store.add(stored, one.revision + 1 if one else 0)
                if number != new.number:
                    raise DedupError(f"article number {number} was given, not {new.number}")
                self._store.add_fresh(new)
        self._is_dead[old] = True
        self._take_fresh(fresh)
        self._to_learn |= dict.fromkeys(name_outlet(article.outlet) for article in articles)
        self._maintain()
        return matches

    def _remove(self, numbers: list[int]) -> None:
        with self._store.transaction():
            self._store.remove(numbers)
        self._is_dead[numbers] = True

    # Segments

    def _maintain(self) -> None:
        """Do a bounded part of what keeps look-ups fast."""
        try:
            if len(self._fresh_numbers) >= self._flush_at:
                self._flush_at = len(self._fresh_numbers) + _FRESH // _FANOUT  # if this fails
                self._flush()
            elif self._merge:
                self._go_on()
            elif self._to_learn:
                self._learn(next(iter(self._to_learn)), _LEARNED_FROM)
        except (OSError, sqlite3.OperationalError, StoreError) as error:
            # What was added is stored; that look-ups stay slower is no reason to say it is not.
            _log.warning("the index %s could not be tended: %s", self.path, error)
            if self._merge:
                self._merge.abandon()
                self._merge = None

    def _learn(self, outlet: bytes, most: int | None) -> None:
        """Learn what an outlet repeats, if it has twice the articles of the last time."""
        self._to_learn.pop(outlet, None)
        n = self._store.count_outlet(outlet)
        if most is not None and n < max(2 * self._n_learned.get(outlet, 0), _MIN_LEARNED):
            return
        stored = self._store.load(self._store.of_outlet(outlet, most))
        articles, tokens = [one.article for one in stored], self._tokenize_whole(stored)
        formulas = learn_formulas(articles, tokens, self.params.boilerplate)
        with self._store.transaction():
            self._store.keep_learned(outlet, n, formulas)
        self._formulas[outlet], self._n_learned[outlet] = formulas, n

    def _flush(self) -> None:
        """Make a segment of the postings in memory."""
        numbers = np.array([n for n in self._fresh_numbers if not self._is_dead[n]], np.int64)
        if len(numbers):
            articles = Articles(numbers, self._lengths[numbers])
            sources = {kind: self._live(self._fresh[kind].to_source()) for kind in KINDS}
            path = self._new_path()
            write_segment(path, self._recipe, articles, sources)
            segment = Segment(path, self._recipe)
            with self._store.transaction():
                self._store.replace_segments((), Listed(path.name, int(numbers[0]), len(numbers)))
                self._store.clear_fresh()
                self._store.learn()
            self._segments.append(segment)
        self._fresh = {kind: FreshPostings() for kind in KINDS}
        self._fresh_numbers = []
        self._flush_at = _FRESH
        self._plan_merge()

    def _live(self, source: Source) -> Source:
        return source.take(~self._is_dead[source.articles])

    def _plan_merge(self) -> None:
        """Begin to merge the latest segments, if enough of them are of one size."""
        if self._merge:
            return
        tiers = [_tier(len(segment.articles.numbers)) for segment in self._segments]
        n = 0
        while n < len(tiers) and tiers[-1 - n] <= tiers[-1]:
            n += 1
        if n >= _FANOUT:
            self._begin_merge(self._segments[-n:])

    def _begin_merge(self, segments: Sequence[Segment]) -> None:
        self._merge = Merge(self._new_path(), self._recipe, segments, self._is_dead)

    def _go_on(self) -> None:
        merge = self._merge
        if merge is None or not merge.step():
            return
        self._merge = None
        new = merge.articles
        listed = (
            Listed(merge.path.name, int(new.numbers[0]), len(new.numbers))
            if len(new.numbers)
            else None
        )
        with self._store.transaction():
            names = [segment.path.name for segment in merge.segments]
            self._store.replace_segments(names, listed, merge.dropped.tolist())
        at = self._segments.index(merge.segments[0])
        segment = [Segment(merge.path, self._recipe)] if listed else []
        self._segments[at : at + len(merge.segments)] = segment
        for old in merge.segments:
            old.path.unlink(missing_ok=True)
        self._plan_merge()

    def _new_path(self) -> Path:
        return self.path / f"{secrets.token_hex(8)}{_SUFFIX}"

    def _sweep(self) -> None:
        """Delete what a process left that died before its files were listed."""
        listed = {one.name for one in self._store.segments()}
        for path in self.path.glob(f"*{_SUFFIX}"):
            if path.name not in listed:
                path.unlink(missing_ok=True)


def _take_lock(path: Path, timeout: float) -> IO[bytes]:
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


def _make_match(article: Article, overlap: Overlap, is_cut: bool) -> Match:
    if is_cut:
        overlap = replace(overlap, abridged=True)
    return Match(article.id, article.outlet, article.published, article.url, article.title, overlap)


def _rank(numbered: tuple[int, Match]) -> tuple[float, int]:
    return -numbered[1].overlap.coverage_a, numbered[0]


def _cut_sources(sources: dict[str, Source], number: int) -> dict[str, Source]:
    """Take the postings of one article out of those of a block."""
    cut = {}
    for kind, source in sources.items():
        low, high = np.searchsorted(source.articles, [number, number + 1])
        cut[kind] = source.take(slice(low, high))
    return cut


def _tier(n_articles: int) -> int:
    tier = 0
    while n_articles > _FRESH:
        n_articles //= _FANOUT
        tier += 1
    return tier
