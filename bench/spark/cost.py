"""CPU seconds of runs on Spark, against those of a report on one machine.

``python -m bench.spark.cost --articles FILE`` runs both on the first articles of a file, each in a
process of its own, and shows what Spark takes after its session is up: on any number of articles,
and for each article more. CPU seconds are those of this process, the JVM and the Python workers.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from bench.spark.processes import measure_cpu
from bench.spark.session import Setting, open_session
from bench.spark.volumes import Volume, count_tasks, describe, named_stages, read_volumes
from dedup import Params, read
from dedup.adapters.spark.staging import stage_articles

_PARTS = 4


class Cost(NamedTuple):
    """CPU seconds of a run on Spark, the jobs and tasks in it, and what its stages sent."""

    session: float
    search: float
    tables: float
    n_jobs: int
    n_tasks: int
    volumes: dict[str, Volume]


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what runs cost."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark.cost", description=__doc__)
    parser.add_argument("--articles", default=os.environ.get("DEDUP_ARTICLES"))
    parser.add_argument("--limit", type=int, nargs="+", default=[1000, 5000])
    given = parser.parse_args(arguments)
    if not given.articles:
        parser.error("--articles FILE, or DEDUP_ARTICLES, names the articles")
    costs = []
    for n in given.limit:
        local = _run(measure_local, given.articles, n)
        cost = _run(measure_spark, given.articles, n)
        costs.append((n, local, cost.search + cost.tables))
        print(
            f"{n:,} articles: one machine {local:.1f} CPU s; Spark {cost.search:.1f} and for "
            f"tables {cost.tables:.1f}, after {cost.session:.1f}; {cost.n_jobs} jobs, "
            f"{cost.n_tasks:,} tasks",
            *describe(cost.volumes, n),
            sep="\n",
            flush=True,
        )
    for (n, local, spark), (n_more, local_more, spark_more) in pairwise(costs):
        slope = (spark_more - spark) / (n_more - n)
        own = (local_more - local) / (n_more - n)
        print(
            f"{n:,} to {n_more:,}: {1000 * slope:.1f} CPU ms an article, one machine "
            f"{1000 * own:.1f}; {spark - n * slope:.1f} CPU s on any number"
        )
    return 0


def _run(measure: Callable[[str, int], Any], path: str, n: int) -> Any:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, path, n).result()


def measure_local(path: str, n: int) -> float:
    """Return the CPU seconds of ``dedup report`` with one process."""
    with tempfile.TemporaryDirectory() as name:
        stage_articles(islice(read(path), n), Path(name, "input"))
        command = [sys.executable, "-m", "dedup", "report", f"{name}/input"]
        command += ["--jobs", "1", "--format", "parquet", "--output", f"{name}/tables", "--quiet"]
        start = measure_cpu()
        subprocess.run(command, check=True)
        return measure_cpu() - start


def measure_spark(path: str, n: int) -> Cost:
    """Return what a run on Spark takes."""
    from dedup.adapters.spark import find_overlaps
    from dedup.adapters.spark.output import write_tables

    with tempfile.TemporaryDirectory() as name:
        stage_articles(islice(read(path), n), Path(name, "input"))
        start = measure_cpu()
        with open_session(Setting(_PARTS, True), name) as spark:
            session = measure_cpu()
            with named_stages(spark):
                found = find_overlaps(spark.read.parquet(f"{name}/input"), work=f"{name}/stages")
            searched = measure_cpu()
            write_tables(spark, found, f"{name}/tables", Params())
            end = measure_cpu()
        n_jobs, n_tasks = count_tasks(Path(name, "events"))
        volumes = read_volumes(Path(name, "events"))
    return Cost(session - start, searched - session, end - searched, n_jobs, n_tasks, volumes)


if __name__ == "__main__":
    if not shutil.which("java"):
        sys.exit("bench.spark needs Java: install openjdk-17-jre-headless")
    sys.exit(main())
