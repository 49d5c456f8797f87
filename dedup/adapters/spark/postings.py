"""Exchange of postings on executors: each query gets the entries that it may read.

Postings are partitioned by ranges of (kind, key, rank), so that a key with many entries spreads
over partitions. Partitions tell the driver of their first and last key, and learn what precedes
them. Nothing is salted, and samples choose no more than the bounds of partitions.

Postings travel as arrays, a row for each partition that a batch of articles has some for: as a row
each, they would cost the JVM more than all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.adapters.spark.columns import numbers, pack, to_batch, unpack
from dedup.adapters.spark.texts import SEEDS, Stage
from dedup.errors import DedupError
from dedup.params import Params
from dedup.pipeline.collection import find_blocks
from dedup.sketches.seed import MAX_REPEATS

BANDS, SEEDED = 0, 1
KINDS = (BANDS, SEEDED)

SAMPLE = "kind byte, key long, rank long"
POSTINGS = "part int, kind byte, postings binary"
EDGES = "partition int, kind byte, key long, n long, head binary, tail binary"
ANSWERS = "block long, answers binary, entries binary"
# An entry of a bucket, its key, and which key of its article that is.
POSTING = np.dtype(
    [
        ("key", "u8"),
        ("rank", "i8"),
        ("seconds", "f8"),
        ("ordinal", "u4"),
        ("place", "u4"),
        ("length", "u4"),
        ("is_new", "?"),
    ]
)
# What a query reads of an entry.
READ = np.dtype([("rank", "i8"), ("place", "u4"), ("length", "u4")])
# A key of a query that has entries: their number, and how many more the query may not read.
ANSWER = np.dtype(
    [("rank", "i8"), ("absent", "i8"), ("n", "u4"), ("ordinal", "u4"), ("kind", "u1")]
)
# Postings of a partition, about.
MAX_POSTINGS = 1 << 20
# Postings for one that chooses bounds. It is prime, for an article has 64 bands: a divisor would
# see the same band of each.
STEP = 2039
# Prime to it: the tasks of neighboring ranks begin far from one another.
_SPREAD = 977
# Ranks of a block of queries, as a power of two: a part of the core.
BLOCK_BITS = 7
_DAY = 86_400.0
# Bytes of entries in one batch.
_MOST = 1 << 27


class Window(NamedTuple):
    """What a query may read: of a bucket, and of the days before it.

    Parameters
    ----------
    max_bucket : int
        Entries of a bucket that are all read.
    days : float
        Days before a query; 0 for any.
    max_old : float
        Date of the latest old article; infinite if one has no date, -infinite without any.
    """

    max_bucket: int
    days: float
    max_old: float

    @property
    def n_head(self) -> int:
        """Entries read from the start of a bucket with too many."""
        return (self.max_bucket + 1) // 2

    @property
    def n_tail(self) -> int:
        """Entries read from the end of a bucket with too many."""
        return self.max_bucket // 2


class Bounds(NamedTuple):
    """First posting of each partition but the first, ascending by kind, key and rank."""

    kinds: NDArray[np.int8]
    keys: NDArray[np.uint64]
    ranks: NDArray[np.int64]

    @classmethod
    def choose(cls, rows: Sequence[Any], n_parts: int) -> Bounds:
        """Return bounds between which about as many of some rows of `SAMPLE` lie."""
        kinds = np.array([row[0] for row in rows], np.int8)
        keys = np.array([row[1] for row in rows], np.int64).view(np.uint64)
        ranks = np.array([row[2] for row in rows], np.int64)
        order = np.lexsort((ranks, keys, kinds))
        chosen = order[np.arange(1, n_parts) * len(order) // n_parts] if len(order) else order
        return cls(kinds[chosen], keys[chosen], ranks[chosen])

    def place(
        self, kind: int, keys: NDArray[np.uint64], ranks: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the partition of each posting of a kind."""
        first, last = np.searchsorted(self.kinds, [kind, kind + 1])
        own, own_ranks = self.keys[first:last], self.ranks[first:last]
        lows, highs = np.searchsorted(own, keys), np.searchsorted(own, keys, "right")
        # A key at a bound is cut by ranks.
        cut = np.flatnonzero(lows < highs)
        starts = lows[cut]
        for low in np.unique(starts).tolist():
            at = cut[starts == low]
            lows[at] += np.searchsorted(own_ranks[low : highs[at[0]]], ranks[at], "right")
        found: NDArray[np.int64] = first + lows
        return found


def sample_postings(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield one of `STEP` postings, from another place of each task: tasks may be small."""
    before = None
    for batch in batches:
        for kind in KINDS:
            rows = _read_postings(batch, kind, 0.0)
            if before is None:
                before = int(rows["rank"][0]) * _SPREAD if len(rows) else 0
            chosen = rows[-before % STEP :: STEP]
            before += len(rows)
            kinds = np.full(len(chosen), kind, np.int8)
            columns = kinds, chosen["key"].view(np.int64), chosen["rank"]
            yield to_batch(SAMPLE, [pa.array(column) for column in columns])


def post(days: float, bounds: Bounds) -> Stage:
    """Return the stage that turns indexed articles into postings for partitions."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            for kind in KINDS:
                rows = _read_postings(batch, kind, days)
                parts = bounds.place(kind, rows["key"], rows["rank"])
                order = np.argsort(parts, kind="stable")
                own, counts = np.unique(parts, return_counts=True)
                columns = (
                    pa.array(own.astype(np.int32)),
                    pa.array(np.full(len(own), kind, np.int8)),
                    pack(rows[order], counts),
                )
                yield to_batch(POSTINGS, columns)

    return run


def _read_postings(batch: Any, kind: int, days: float) -> NDArray[Any]:
    """Return the postings of articles, article by article."""
    if kind == BANDS:
        keys, counts = unpack(batch.column("bands"), "u8")
        places = np.zeros(len(keys), "u4")
    else:
        seeds, counts = unpack(batch.column("seeds"), SEEDS)
        keys, places = seeds["key"], seeds["seed"]["position"]
    rows = np.empty(len(keys), POSTING)
    before = np.cumsum(counts) - counts
    rows["key"], rows["place"] = keys, places
    rows["ordinal"] = np.arange(len(keys)) - np.repeat(before, counts)
    for name in ("rank", "length", "is_new"):
        rows[name] = np.repeat(numbers(batch, name), counts)
    # Dates only matter to windows: without one they cost nothing in a shuffle.
    seconds = numbers(batch, "seconds") if days else np.zeros(len(counts))
    rows["seconds"] = np.repeat(np.where(np.isnan(seconds), np.inf, seconds), counts)
    return rows


class Run(NamedTuple):
    """Postings of one key: how many there are, and some from the start and the end."""

    kind: int
    key: int
    n: int
    head: NDArray[Any]
    tail: NDArray[Any]

    def add(self, later: Run, window: Window) -> Run:
        """Return the run with later postings of the same key."""
        head = np.concatenate([self.head, later.head])[: window.n_head]
        tail = _keep_tail(np.concatenate([self.tail, later.tail]), window)
        return Run(self.kind, self.key, self.n + later.n, head, tail)


def _keep_tail(entries: NDArray[Any], window: Window) -> NDArray[Any]:
    """Return the last entries that a query after them may read."""
    # The next posting may be of the same article, which reads none of its own.
    n = window.n_tail + MAX_REPEATS
    if window.days and window.max_old > -np.inf:
        n = len(entries)  # a window that begins among old articles has all new ones
    elif window.days and len(entries) and np.isfinite(entries["seconds"][-1]):
        least = entries["seconds"][-1] - window.days * _DAY
        n = max(n, int(np.count_nonzero(entries["seconds"] >= least)))
    return entries[max(len(entries) - n, 0) :]


class _Partition(NamedTuple):
    """Postings by kind, key, rank and ordinal, and the bounds of the runs of one key."""

    number: int
    kinds: NDArray[np.uint8]
    postings: NDArray[Any]
    bounds: NDArray[np.int64]

    @classmethod
    def read(cls, batches: Iterator[Any]) -> _Partition:
        parts, number = [(np.empty(0, "u1"), np.empty(0, POSTING))], -1
        for batch in batches:
            # That of the task will not do: a union numbers its tasks anew.
            number = int(numbers(batch, "part")[0]) if batch.num_rows else number
            rows, counts = unpack(batch.column("postings"), POSTING)
            parts.append((np.repeat(numbers(batch, "kind", "u1"), counts), rows))
        kinds, postings = (np.concatenate(column) for column in zip(*parts, strict=True))
        # Those of an article come together, by ordinals.
        order = np.lexsort((postings["rank"], postings["key"], kinds))
        kinds, postings = kinds[order], postings[order]
        changes = (postings["key"][1:] != postings["key"][:-1]) | (kinds[1:] != kinds[:-1])
        firsts = np.flatnonzero(np.append(True, changes))[: len(kinds)]
        return cls(number, kinds, postings, np.append(firsts, len(kinds)))

    def name(self, low: int) -> tuple[int, int]:
        return int(self.kinds[low]), int(self.postings["key"][low].view(np.int64))


def find_edges(window: Window) -> Stage:
    """Return the stage that tells of the first and the last key of a partition."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        own = _Partition.read(batches)
        bounds, rows = own.bounds.tolist(), []
        for low, high in sorted({*pairwise(bounds[:2]), *pairwise(bounds[-2:])}):
            entries = own.postings[low:high]
            head, tail = entries[: window.n_head], _keep_tail(entries, window)
            rows.append((own.number, *own.name(low), high - low, head.tobytes(), tail.tobytes()))
        columns = zip(*rows, strict=True) if rows else [[]] * 6
        types = pa.int32(), pa.int8(), pa.int64(), pa.int64(), pa.binary(), pa.binary()
        arrays = [pa.array(list(one), kind) for one, kind in zip(columns, types, strict=True)]
        yield to_batch(EDGES, arrays)

    return run


def join_edges(rows: Sequence[Any], window: Window) -> tuple[dict[int, Run], dict[int, Run]]:
    """Return what precedes the first key of each partition, and the first run of each."""
    before: dict[int, Run] = {}
    firsts: dict[int, Run] = {}
    last: Run | None = None
    for row in sorted(rows, key=itemgetter(0)):
        head, tail = (np.frombuffer(part, POSTING) for part in row[4:6])
        one = Run(row[1], row[2], row[3], head, tail)
        firsts.setdefault(row[0], one)
        if last is not None and last[:2] == one[:2]:
            before[row[0]] = last
            one = last.add(one, window)
        last = one
    return before, firsts


def answer(edges: tuple[dict[int, Run], dict[int, Run]], window: Window) -> Stage:
    """Return the stage that gives each posting the entries before it."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        own = _Partition.read(batches)
        before, first = edges[0].get(own.number), edges[1].get(own.number)
        if len(own.kinds) and (first is None or first[:2] != own.name(0)):
            raise DedupError(f"partition {own.number} of the postings is not what it was; retry")
        yield from _answer(own, before, window)

    return run


def _join_before(before: Run | None, window: Window) -> tuple[NDArray[Any], int]:
    """Return the known entries before a partition, and how many between them are not."""
    if before is None:
        return np.empty(0, POSTING), 0
    n_hidden = before.n - len(before.head) - len(before.tail)
    if n_hidden >= 0:
        return np.concatenate([before.head, before.tail]), n_hidden
    return np.concatenate([before.head[:n_hidden], before.tail]), 0


def _answer(part: _Partition, before: Run | None, window: Window) -> Iterator[Any]:
    prefix, n_hidden = _join_before(before, window)
    p, own = len(prefix), part.postings
    entries = np.concatenate([prefix, own])
    bounds = part.bounds + p
    bounds[0] = 0
    group = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))[p:]
    starts, stops = bounds[group], _find_stops(entries, bounds)[p:]
    lows = _find_lows(entries, starts, stops, own, window) if window.days else starts
    is_whole = lows == starts
    hidden = np.where((group == 0) & is_whole, n_hidden, 0)
    sizes = stops - lows
    asked = np.flatnonzero((sizes > 0) & own["is_new"])
    # Together in a row: what a block of queries gets.
    asked = asked[np.argsort(own["rank"][asked] >> BLOCK_BITS, kind="stable")]
    lows, stops, sizes, hidden = lows[asked], stops[asked], sizes[asked], hidden[asked]
    absent = np.maximum(sizes + hidden - window.max_bucket, 0)
    heads = np.where(absent > 0, window.n_head, sizes)
    counts = heads + np.where(absent > 0, window.n_tail, 0)
    answers = np.empty(len(asked), ANSWER)
    answers["absent"], answers["n"], answers["kind"] = absent, counts, part.kinds[asked]
    for name in ("rank", "ordinal"):
        answers[name] = own[name][asked]
    ranges = np.stack([lows, lows + heads, stops - counts + heads, stops], axis=1)
    for low, high in find_blocks(counts, _MOST // READ.itemsize):
        at = _join_ranges(ranges[low:high])
        read = np.empty(len(at), READ)
        for name in READ.names or ():
            read[name] = entries[name][at]
        yield _to_blocks(answers[low:high], read)


def _join_ranges(ranges: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of two half-open ranges a row, shape (n, 4), one after the other."""
    lows, highs = ranges.reshape(-1, 2).T
    counts = highs - lows
    before = np.cumsum(counts) - counts
    return np.repeat(lows - before, counts) + np.arange(int(counts.sum()))


def _to_blocks(answers: NDArray[Any], read: NDArray[Any]) -> Any:
    blocks = answers["rank"] >> BLOCK_BITS
    firsts = np.flatnonzero(np.diff(blocks, prepend=-1))
    n_answers = np.diff(np.append(firsts, len(blocks)))
    n_read = np.add.reduceat(answers["n"].astype(np.int64), firsts) if len(firsts) else n_answers
    columns = pa.array(blocks[firsts]), pack(answers, n_answers), pack(read, n_read)
    return to_batch(ANSWERS, columns)


def _find_stops(entries: NDArray[Any], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first entry of the same key and article, for each entry."""
    is_new = np.diff(entries["rank"], prepend=-1) != 0
    is_new[bounds[:-1]] = True
    firsts: NDArray[np.int64] = np.flatnonzero(is_new)[np.cumsum(is_new) - 1]
    return firsts


def _find_lows(
    entries: NDArray[Any],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    own: NDArray[Any],
    window: Window,
) -> NDArray[np.int64]:
    """Return the first entry in the window of each, see :func:`dedup.candidates.window.find_lows`.

    Old articles come first, each part in the order of dates with unknown ones last.
    """
    least = own["seconds"] - window.days * _DAY
    new = _bisect(entries["is_new"], starts, stops, np.ones(len(own), np.bool_))
    among_old = _bisect(entries["seconds"], starts, new, least)
    among_new = _bisect(entries["seconds"], new, stops, least)
    lows = np.where(least > window.max_old, among_new, among_old)
    return np.where(np.isinf(own["seconds"]), starts, lows)


def _bisect(
    values: NDArray[Any], lows: NDArray[np.int64], highs: NDArray[np.int64], least: NDArray[Any]
) -> NDArray[np.int64]:
    """Return the first place in each range whose value is at least some other, else its end."""
    lows, highs = lows.copy(), highs.copy()
    while (is_open := lows < highs).any():
        middle = (lows + highs) // 2
        is_less = is_open & (values[np.minimum(middle, len(values) - 1)] < least)
        lows = np.where(is_less, middle + 1, lows)
        highs = np.where(is_open & ~is_less, middle, highs)
    return lows


def make_window(params: Params, max_old: float) -> Window:
    """Return the window of a search."""
    return Window(params.candidate.max_bucket, params.candidate.days, max_old)
