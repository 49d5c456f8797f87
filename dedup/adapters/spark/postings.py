"""Exchange of postings on executors: each query gets the entries that it may read.

Postings are partitioned by ranges of (kind, key, rank), so that a key with many entries spreads
over partitions. Partitions tell the driver of their first and last key, and learn what precedes
them. Nothing is sampled or salted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import TaskContext

from dedup.adapters.spark.columns import numbers, pack, read_runs, to_batch, unpack
from dedup.adapters.spark.texts import SEEDS, Stage
from dedup.errors import DedupError
from dedup.params import Params
from dedup.pipeline.collection import find_blocks
from dedup.sketches.seed import MAX_REPEATS

BANDS, SEEDED = 0, 1
# Kind of the row with the seeds of a query.
HEAD = -1

POSTINGS = (
    "kind byte, key long, rank long, ordinal int, place int, length int, "
    "seconds double, is_new boolean"
)
EDGES = "partition int, kind byte, key long, n long, head binary, tail binary"
ANSWERS = "query long, kind byte, ordinal int, absent long, entries binary"
# An entry of a bucket, and what of it a query reads.
_ENTRY = np.dtype(
    [("rank", "i8"), ("place", "u4"), ("length", "u4"), ("seconds", "f8"), ("is_new", "?")]
)
READ = np.dtype([("rank", "i8"), ("place", "u4"), ("length", "u4")])
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


def post(days: float) -> Stage:
    """Return the stage that turns indexed articles into postings."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            bands, seeds = unpack(batch.column("bands"), "u8"), unpack(batch.column("seeds"), SEEDS)
            keys = bands.rows, np.ascontiguousarray(seeds.rows["key"])
            places = np.zeros(len(bands.rows), "u4"), seeds.rows["seed"]["position"]
            for kind, counts in enumerate((bands.counts, seeds.counts)):
                before = np.cumsum(counts) - counts
                n = int(counts.sum())
                # Dates only matter to windows: without one they cost nothing in a shuffle.
                seconds = numbers(batch, "seconds") if days else np.zeros(len(counts))
                columns = (
                    np.full(n, kind, np.int8),
                    keys[kind].view(np.int64),
                    np.repeat(numbers(batch, "rank"), counts),
                    (np.arange(n) - np.repeat(before, counts)).astype(np.int32),
                    places[kind].astype(np.int32),
                    np.repeat(numbers(batch, "length"), counts).astype(np.int32),
                    np.repeat(np.where(np.isnan(seconds), np.inf, seconds), counts),
                    np.repeat(numbers(batch, "is_new"), counts),
                )
                yield to_batch(POSTINGS, [pa.array(column) for column in columns])

    return run


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


def find_edges(window: Window) -> Stage:
    """Return the stage that tells of the first and the last key of a partition."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        edges: list[Run] = []
        for batch in batches:
            if not batch.num_rows:
                continue
            entries, bounds = _entries(batch), _bounds(batch)
            kinds, keys = numbers(batch, "kind"), numbers(batch, "key")
            for low, high in dict.fromkeys([tuple(bounds[:2]), tuple(bounds[-2:])]):
                own = entries[low:high]
                tail = _keep_tail(own, window)
                one = Run(int(kinds[low]), int(keys[low]), high - low, own[: window.n_head], tail)
                if edges and edges[-1][:2] == one[:2]:
                    edges[-1] = edges[-1].add(one, window)
                else:
                    edges = [*edges[:1], one]
        number = TaskContext.get().partitionId()
        rows = [(number, *one[:3], one.head.tobytes(), one.tail.tobytes()) for one in edges]
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
    for row in sorted(rows, key=lambda row: (row[0], row[1], row[2])):
        head, tail = (np.frombuffer(part, _ENTRY) for part in row[4:6])
        one = Run(row[1], row[2], row[3], head, tail)
        firsts.setdefault(row[0], one)
        if last is not None and last[:2] == one[:2]:
            before[row[0]] = last
            one = last.add(one, window)
        last = one
    return before, firsts


def _entries(batch: Any) -> NDArray[Any]:
    entries = np.zeros(batch.num_rows, _ENTRY)
    for name in _ENTRY.names or ():
        entries[name] = numbers(batch, name)
    return entries


def _bounds(table: Any) -> list[int]:
    """Return the bounds of the runs of one key."""
    keys, kinds = numbers(table, "key"), numbers(table, "kind")
    changes = np.flatnonzero((np.diff(keys) != 0) | (np.diff(kinds) != 0)) + 1
    return [0, *changes.tolist(), len(keys)] if len(keys) else []


def answer(edges: tuple[dict[int, Run], dict[int, Run]], window: Window) -> Stage:
    """Return the stage that gives each posting the entries before it."""

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        number = TaskContext.get().partitionId()
        before, first = edges[0].get(number), edges[1].get(number)
        for table in read_runs(batches, "key", 1 << 16):
            if first is not None and (first.kind, first.key) != _name(table):
                raise DedupError(f"partition {number} of the postings is not what it was; retry")
            yield from _answer(table, before, window)
            before = first = None

    return run


def _name(table: Any) -> tuple[int, int]:
    return int(numbers(table.slice(0, 1), "kind")[0]), int(numbers(table.slice(0, 1), "key")[0])


def _join_before(before: Run | None, window: Window) -> tuple[NDArray[Any], int]:
    """Return the known entries before a partition, and how many between them are not."""
    if before is None:
        return np.empty(0, _ENTRY), 0
    n_hidden = before.n - len(before.head) - len(before.tail)
    if n_hidden >= 0:
        return np.concatenate([before.head, before.tail]), n_hidden
    return np.concatenate([before.head[:n_hidden], before.tail]), 0


def _answer(table: Any, before: Run | None, window: Window) -> Iterator[Any]:
    prefix, n_hidden = _join_before(before, window)
    p, own = len(prefix), _entries(table)
    entries = np.concatenate([prefix, own])
    bounds = np.array(_bounds(table)) + p
    bounds[0] = 0
    group = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))[p:]
    starts, stops = bounds[group], _find_stops(entries, bounds)[p:]
    lows = _find_lows(entries, starts, stops, own, window) if window.days else starts
    is_whole = lows == starts
    hidden = np.where((group == 0) & is_whole, n_hidden, 0)
    sizes = stops - lows
    asked = np.flatnonzero((sizes > 0) & own["is_new"])
    lows, stops, sizes, hidden = lows[asked], stops[asked], sizes[asked], hidden[asked]
    absent = np.maximum(sizes + hidden - window.max_bucket, 0)
    heads = np.where(absent > 0, window.n_head, sizes)
    counts = heads + np.where(absent > 0, window.n_tail, 0)
    keys = [numbers(table, name)[asked] for name in ("rank", "kind", "ordinal")]
    for low, high in find_blocks(counts, _MOST // READ.itemsize):
        part = slice(low, high)
        owners = np.repeat(np.arange(low, high), counts[part])
        steps = np.arange(len(owners)) - np.repeat(
            np.cumsum(counts[part]) - counts[part], counts[part]
        )
        is_head = steps < heads[owners]
        at = np.where(is_head, lows[owners] + steps, stops[owners] - counts[owners] + steps)
        read = np.empty(len(at), READ)
        for name in READ.names or ():
            read[name] = entries[name][at]
        columns = [pa.array(key[part]) for key in keys]
        yield to_batch(ANSWERS, [*columns, pa.array(absent[part]), pack(read, counts[part])])


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
