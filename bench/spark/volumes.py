"""Shuffled bytes and rows of each stage of a run, from Spark's own event log."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession

from dedup.adapters.spark.store import StageStore


class Volume(NamedTuple):
    """What a stage sent, and how evenly: the largest partition against the median."""

    n_bytes: int
    n_rows: int
    seconds: float
    skew: float


@contextmanager
def named_stages(spark: SparkSession) -> Iterator[None]:
    """Name the jobs of a run by its stages."""
    keep = StageStore.keep

    def named(self: StageStore, name: str, make: Callable[[], DataFrame], **sums: str) -> DataFrame:
        spark.sparkContext.setJobDescription(name)
        return keep(self, name, make, **sums)

    StageStore.keep = named  # type: ignore[method-assign]
    try:
        yield
    finally:
        StageStore.keep = keep  # type: ignore[method-assign]
        spark.sparkContext.setJobDescription("")


def read_volumes(folder: Path) -> dict[str, Volume]:
    """Return what each stage sent to others, by the name of the stage that sent it.

    Skew counts stages that read more than 1 MB of shuffles, by what their tasks read.
    """
    names: dict[int, str] = {}
    written: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    reads: defaultdict[int, list[int]] = defaultdict(list)
    seconds: defaultdict[int, float] = defaultdict(float)
    for event in _read_events(folder):
        if event["Event"] == "SparkListenerJobStart":
            name = event.get("Properties", {}).get("spark.job.description") or "?"
            names |= dict.fromkeys(event["Stage IDs"], name)
        elif event["Event"] == "SparkListenerTaskEnd" and "Task Metrics" in event:
            stage, metrics = event["Stage ID"], event["Task Metrics"]
            sent = metrics["Shuffle Write Metrics"]
            got = metrics["Shuffle Read Metrics"]
            written[stage].append((sent["Shuffle Bytes Written"], sent["Shuffle Records Written"]))
            reads[stage].append(got["Local Bytes Read"] + got["Remote Bytes Read"])
            seconds[stage] += metrics["Executor Run Time"] / 1000
    found: dict[str, Volume] = {}
    for stage, name in sorted(names.items()):
        n_bytes, n_rows = (
            sum(column) for column in zip(*(written[stage] or [(0, 0)]), strict=True)
        )
        largest = max(reads[stage], default=0)
        skew = largest / max(median(reads[stage]), 1) if sum(reads[stage]) > 1 << 20 else 0.0
        old = found.get(name, Volume(0, 0, 0.0, 0.0))
        found[name] = Volume(
            old.n_bytes + n_bytes,
            old.n_rows + n_rows,
            old.seconds + seconds[stage],
            max(old.skew, skew),
        )
    return found


def describe(volumes: Mapping[str, Volume], n: int) -> Iterator[str]:
    """Yield a line for each stage that sent something, of so many articles."""
    for name, one in volumes.items():
        if one.n_bytes or one.skew:
            sent = f"{one.n_bytes / n:9,.0f} B {one.n_rows / n:7.1f} rows an article"
            skew = f"largest {one.skew:.2f} x median" if one.skew else ""
            yield f"    {name:12} {sent} {one.seconds:6.1f} s {skew}"


def count_tasks(folder: Path) -> tuple[int, int]:
    """Return how many jobs and tasks ended."""
    ended = Counter(event["Event"] for event in _read_events(folder))
    return ended["SparkListenerJobEnd"], ended["SparkListenerTaskEnd"]


def _read_events(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "appstatus")):
            with path.open() as lines:
                yield from map(json.loads, lines)
