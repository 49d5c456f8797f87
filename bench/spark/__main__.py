"""Compare runs on Spark with a report, table by table, and count what they cost.

``python -m bench.spark --articles FILE`` reads the first articles of a file, in random order, with
several numbers of partitions and with adaptive execution on and off. It fails if any table differs
from that of a report, and shows what each stage shuffles. CPU seconds are those of this process,
the JVM and the Python workers.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from bench.spark.processes import measure_cpu
from bench.spark.session import Setting, open_session
from bench.spark.tables import TABLES
from dedup import find_overlaps, read
from dedup.model.article import Article

SETTINGS = (Setting(3, True), Setting(1, True), Setting(17, True), Setting(3, False))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; return 1 if a table differs."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark", description=__doc__)
    parser.add_argument("--articles", default=os.environ.get("DEDUP_ARTICLES"))
    parser.add_argument("--limit", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--settings", type=int, default=len(SETTINGS), help="the first so many")
    given = parser.parse_args(arguments)
    if not given.articles:
        parser.error("--articles FILE, or DEDUP_ARTICLES, names the articles")
    is_same = True
    for n in given.limit:
        articles = list(islice(read(given.articles), n))
        start = time.process_time()
        report = find_overlaps(articles)
        print(f"{n:,} articles: one machine {time.process_time() - start:.1f} CPU s", flush=True)
        expected = {name: table.to_pylist() for name, table in report.to_arrow().items()}
        random.Random(n).shuffle(articles)
        for setting in SETTINGS[: given.settings]:
            is_same &= _compare(articles, expected, dict(report.counts), setting)
    return 0 if is_same else 1


def _compare(
    articles: Sequence[Article],
    expected: dict[str, list[dict[str, Any]]],
    counts: dict[str, int],
    setting: Setting,
) -> bool:
    from bench.spark.volumes import describe, named_stages, read_volumes
    from dedup.adapters.spark import find_overlaps as find_on_spark
    from dedup.adapters.spark.staging import stage_articles

    with tempfile.TemporaryDirectory() as folder, open_session(setting, folder) as spark:
        stage_articles(articles, Path(folder, "input"))
        df = spark.read.parquet(f"{folder}/input")
        before, wall = measure_cpu(), time.monotonic()
        with named_stages(spark):
            found = find_on_spark(df, work=f"{folder}/stages")
        got = {name: getattr(found, name).toArrow().to_pylist() for name in TABLES}
        cpu, wall = measure_cpu() - before, time.monotonic() - wall
        different = [name for name in TABLES if got[name] != expected[name]]
        found_counts = {row["name"]: row["value"] for row in found.counts.collect()}
        spark.stop()  # ends the event log
        volumes = read_volumes(Path(folder, "events"))
        different += [name for name in counts if found_counts.get(name) != counts[name]]
    said = f"differs in {', '.join(different)}" if different else "same"
    print(f"  {setting}: {said}, {cpu:.0f} CPU s after {before:.0f}, {wall:.0f} s", flush=True)
    print(*describe(volumes, len(articles)), sep="\n", flush=True)
    return not different


if __name__ == "__main__":
    if not shutil.which("java"):
        sys.exit("bench.spark needs Java: install openjdk-17-jre-headless")
    sys.exit(main())
