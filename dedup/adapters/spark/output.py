"""Write what a run found as the tables of ``dedup report --format parquet``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from dedup import __version__
from dedup.adapters.spark.columns import schema_of
from dedup.adapters.spark.found import Found
from dedup.adapters.spark.store import N_ROWS, write_counted
from dedup.model import Report
from dedup.params import Params
from dedup.render.tables import ArrowTables


def write_tables(
    spark: SparkSession, found: Found, folder: str, params: Params, *, with_text: bool = False
) -> Mapping[str, int]:
    """Write the tables of a run, each as a folder of Parquet files in order.

    ``dedup render`` reads them.

    Parameters
    ----------
    folder : str
        On a file system that all executors know.
    with_text : bool
        Whether to write the texts and other fields of the articles.

    Returns
    -------
    mapping of str to int
        Rows of each table.
    """
    n_rows = {}
    for name, frame in _tables(found, with_text):
        n_rows[name] = write_counted(frame, f"{folder}/{name}.parquet", {})[N_ROWS]
    run = _make_run(spark, found, folder, params, n_rows)
    run.write.mode("overwrite").parquet(f"{folder}/run.parquet")
    return n_rows


def _tables(found: Found, with_text: bool) -> Iterator[tuple[str, DataFrame]]:
    articles = found.articles
    if not with_text:
        empty = F.lit(None).cast("string")
        articles = articles.withColumns({"text": empty, "extra": empty})
    yield "articles", articles
    yield "overlaps", found.overlaps
    yield "passages", found.passages
    yield "families", found.families
    yield "stories", found.stories
    yield "boilerplate", found.boilerplate
    yield "skipped", found.skipped


def _make_run(
    spark: SparkSession, found: Found, folder: str, params: Params, n_rows: Mapping[str, int]
) -> DataFrame:
    counts = {row["name"]: row["value"] for row in found.counts.collect()}
    report = Report((), (), (), (), (), (), params.to_dict(), {}, counts)
    row: dict[str, Any] = report.to_dict(n_overlaps=n_rows["overlaps"])
    for name in ("families", "stories"):
        ids = spark.read.parquet(f"{folder}/{name}.parquet").select("id")
        row[f"n_{name}"] = ids.distinct().count()
    row |= {f"n_{name}": n_rows[name] for name in ("articles", "boilerplate", "skipped")}
    tables = ArrowTables()
    tables.add_run(row | {"dedup": __version__})
    return spark.createDataFrame(tables.table("run"), schema_of("run"))
