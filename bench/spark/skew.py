"""Show how evenly postings are spread on Spark if a quarter of them have one key.

``python -m bench.spark.skew`` makes indexed articles that share a seed, exchanges their postings as
a run does, and shows the largest partition against the median, from Spark's event log. It fails if
that is over the limit.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.spark.session import Setting, open_session
from bench.spark.volumes import Volume, named_stages, read_volumes
from dedup import Params

MAX_SKEW = 2.0
_HOT = 0.25
_PARTS = 8
# Keys of an article in the exchange of a hot key.
_KEYS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the exchange; return 1 if a partition is too large."""
    parser = argparse.ArgumentParser(prog="python -m bench.spark.skew", description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    return 0 if _exchange_hot_key(given.postings) else 1


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
            posted = plan.post(indexed)
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
    for name, one in volumes.items():
        if one.skew:
            sent = f"{one.n_bytes / n:9,.0f} B {one.n_rows / n:7.1f} rows an article"
            print(f"    {name:12} {sent}  largest {one.skew:.2f} x median", flush=True)
    return all(one.skew <= MAX_SKEW for one in volumes.values())


if __name__ == "__main__":
    if not shutil.which("java"):
        sys.exit("bench.spark needs Java: install openjdk-17-jre-headless")
    sys.exit(main())
