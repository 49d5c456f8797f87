"""Kill executors and drivers of runs on Spark, and compare the tables with those of a report.

``python -m bench.spark.failures --articles FILE`` runs on a cluster of two executors on this
machine, and kills one in each of three stages. Then it kills a driver again and again, and resumes.
It fails if a table differs, if a process was not killed where it should be, or if a stage that was
whole was made again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.spark.drivers import lose_drivers
from bench.spark.processes import list_processes
from bench.spark.session import open_cluster
from bench.spark.tables import TABLES, digest_tables
from dedup import find_overlaps, read

# A shuffle of texts, the exchange of postings, and the alignment of blocks.
KILLED_IN = ("masked", "found", "aligned")
_EXECUTOR = "CoarseGrainedExecutorBackend"
_PARTS = 4
_POLL = 0.02


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; return 1 if it fails."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark.failures", description=__doc__)
    parser.add_argument("--articles", default=os.environ.get("DEDUP_ARTICLES"))
    parser.add_argument("--limit", type=int, default=1000)
    given = parser.parse_args(arguments)
    if not given.articles:
        parser.error("--articles FILE, or DEDUP_ARTICLES, names the articles")
    from dedup.adapters.spark.staging import stage_articles

    articles = list(islice(read(given.articles), given.limit))
    report = find_overlaps(articles)
    expected = digest_tables(report.to_arrow())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage_articles(articles, folder / "input")
        is_whole = _lose_executors(folder, expected)
        is_whole &= lose_drivers(folder, expected)
    return 0 if is_whole else 1


def _lose_executors(folder: Path, expected: dict[str, str]) -> bool:
    seconds = _start(_run, folder, "executors", KILLED_IN)
    told = json.loads((folder / "executors.json").read_text())
    different = [name for name in TABLES if told["digests"][name] != expected[name]]
    print(f"executors lost in {told['lost']}: differs in {different or 'nothing'}, {seconds:.0f} s")
    return not different and sorted(told["lost"]) == sorted(KILLED_IN)


def _start(target: Callable[..., None], *arguments: Any) -> float:
    """Run a function in a process of its own; return the seconds."""
    start = time.monotonic()
    process = get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join()
    return time.monotonic() - start


def _run(folder: Path, name: str, kill_in: Sequence[str]) -> None:
    from dedup.adapters.spark import find_overlaps as find_on_spark

    with open_cluster(_PARTS) as spark:
        df = spark.read.parquet(str(folder / "input"))
        with killed_executors(spark, kill_in) as lost:
            found = find_on_spark(df, work=str(folder / name))
        digests = digest_tables({one: getattr(found, one).toArrow() for one in TABLES})
    (folder / f"{name}.json").write_text(json.dumps({"digests": digests, "lost": lost}))


@contextmanager
def killed_executors(spark: Any, stages: Sequence[str]) -> Iterator[list[str]]:
    """Kill an executor in each of some stages, once its tasks run; yield these stages."""
    from dedup.adapters.spark.store import StageStore

    keep, lost = StageStore.keep, list[str]()

    def disturbed(self: StageStore, name: str, make: Callable[[], Any], **sums: str) -> Any:
        if name not in stages:
            return keep(self, name, make, **sums)
        done = threading.Event()
        killer = threading.Thread(target=_kill_one, args=(spark, name, done, lost))
        killer.start()
        try:
            return keep(self, name, make, **sums)
        finally:
            done.set()
            killer.join()

    StageStore.keep = disturbed  # type: ignore[method-assign]
    try:
        yield lost
    finally:
        StageStore.keep = keep  # type: ignore[method-assign]


def _kill_one(spark: Any, stage: str, done: threading.Event, lost: list[str]) -> None:
    tracker = spark.sparkContext.statusTracker()
    while not done.wait(_POLL):
        known = map(tracker.getStageInfo, tracker.getActiveStageIds())
        if any(one is not None and one.numActiveTasks for one in known):
            executors = [one for one in list_processes() if _EXECUTOR in one.command]
            if executors:
                os.kill(executors[0].id, signal.SIGKILL)
                lost.append(stage)
                return


if __name__ == "__main__":
    if not shutil.which("java"):
        sys.exit("bench.spark needs Java: install openjdk-17-jre-headless")
    sys.exit(main())
