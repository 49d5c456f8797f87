"""Show how evenly the work of a run on Spark is spread if its articles are not.

``python -m bench.spark.skew`` exchanges postings with a quarter of one key, and runs on articles
that are copies of one, and on articles most of which are of one outlet. It shows the largest
partition against the median, from Spark's event log, and fails if that is over the limit.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.spark.session import Setting, open_session
from bench.spark.volumes import Volume, describe, named_stages, read_volumes
from bench.texts import write
from corpus.synthesize import synthesize
from dedup import Params
from dedup.model.article import Article

MAX_SKEW = 2.0
_HOT = 0.25
_PARTS = 8
# Keys of an article in the exchange of a hot key.
_KEYS = 10
_ARTICLES, _COPIES = 5000, 2000
_OUTLETS, _ONE_OUTLET = 40, 0.6
# A year.
_MINUTES = 365 * 24 * 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the exchange; return 1 if a partition is too large."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark.skew", description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    is_even = _exchange_hot_key(given.postings)
    is_even &= _run_articles("2,000 copies of one text in 5,000 articles", make_copies())
    is_even &= _run_articles("5,000 articles, 60 % of one outlet", make_outlets())
    return 0 if is_even else 1


def make_copies() -> list[Article]:
    """Return synthetic articles, and copies of one text among them."""
    records, _ = synthesize(_ARTICLES)
    copied = write("plain", 1, seed=5)[0]
    copies = [(f"copy-{at}", copied) for at in range(_COPIES)]
    return _place([(one["id"], one["text"]) for one in records[_COPIES:]] + copies, 0.0)


def make_outlets() -> list[Article]:
    """Return synthetic articles, most of them of one outlet."""
    records, _ = synthesize(_ARTICLES)
    return _place([(one["id"], one["text"]) for one in records], _ONE_OUTLET)


def _place(texts: list[tuple[str, str]], of_one: float) -> list[Article]:
    """Give texts outlets and dates, and shuffle them."""
    rng, start = Random(7), datetime(2026, 1, 1, tzinfo=UTC)
    articles = [
        Article(
            id,
            text,
            "The Post" if rng.random() < of_one else f"Outlet {rng.randrange(_OUTLETS)}",
            start + timedelta(minutes=rng.randrange(_MINUTES)),
        )
        for id, text in texts
    ]
    rng.shuffle(articles)
    return articles


def _run_articles(name: str, articles: list[Article]) -> bool:
    from dedup.adapters.spark import find_overlaps
    from dedup.adapters.spark.staging import stage_articles

    with (
        tempfile.TemporaryDirectory() as folder,
        open_session(Setting(_PARTS, True), folder) as spark,
    ):
        stage_articles(articles, Path(folder, "input"))
        with named_stages(spark):
            find_overlaps(spark.read.parquet(f"{folder}/input"), work=f"{folder}/stages")
        spark.stop()
        volumes = read_volumes(Path(folder, "events"))
    print(name)
    return _show(volumes, len(articles))


def _exchange_hot_key(n: int) -> bool:
    """Exchange postings of which one key has a quarter; a query reads up to 16 of a key."""
    from dedup.adapters.spark.inputs import Source
    from dedup.adapters.spark.plan import Plan
    from dedup.adapters.spark.store import StageStore
    from dedup.model.census import Census

    params = Params()
    params = replace(params, candidate=replace(params.candidate, max_bucket=16))
    with (
        tempfile.TemporaryDirectory() as folder,
        open_session(Setting(_PARTS, True), folder) as spark,
    ):
        _write_indexed(n // _KEYS, f"{folder}/indexed.parquet")
        store = StageStore(spark, f"{folder}/stages", {}, resume=False)
        indexed = spark.read.parquet(f"{folder}/indexed.parquet")
        plan = Plan(spark, params, store, Source(indexed, None))
        with named_stages(spark):
            posted = plan.post(indexed, _PARTS)
            census = Census(n // _KEYS)
            store.keep("found", lambda: plan.search(posted, indexed, census, -math.inf))
        spark.stop()
        volumes = read_volumes(Path(folder, "events"))
    print(f"{n:,} postings, a quarter of one key")
    return _show(volumes, n // _KEYS)


def _write_indexed(n: int, path: str) -> None:
    """Write indexed articles of `_KEYS` seeds, a quarter of one key and the others of few."""
    from dedup.adapters.spark.columns import pack
    from dedup.adapters.spark.texts import SEEDS

    rng = np.random.default_rng(3)
    rows = np.zeros((n, _KEYS), SEEDS)
    keys = rng.integers(1, 1 << 20, (n, _KEYS)).astype("u8") << np.uint64(40)
    # An article has a key at most four times.
    n_hot = 2 + (rng.random(n) < _HOT * _KEYS - 2)
    keys[np.arange(_KEYS) < n_hot[:, None]] = 1 << 63
    rows["key"] = keys
    rows["seed"]["position"] = np.arange(_KEYS) * 30
    rows["seed"]["evidence"] = 8
    table = {
        "rank": np.arange(n),
        "length": np.full(n, 30 * _KEYS),
        "bands": pack(np.empty(0, "u8"), np.zeros(n, np.int64)),
        "seeds": pack(rows.reshape(-1), np.full(n, _KEYS)),
        "seconds": np.zeros(n),
        "is_new": np.ones(n, np.bool_),
    }
    pq.write_table(pa.table(table), path, row_group_size=n // _PARTS)


def _show(volumes: Mapping[str, Volume], n: int) -> bool:
    """Print what each stage sent; return whether all partitions are even."""
    print(*describe(volumes, n), sep="\n", flush=True)
    return all(one.skew <= MAX_SKEW for one in volumes.values())


if __name__ == "__main__":
    if not shutil.which("java"):
        sys.exit("bench.spark needs Java: install openjdk-17-jre-headless")
    sys.exit(main())
