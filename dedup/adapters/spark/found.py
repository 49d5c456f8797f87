"""What a run found, as the tables of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from dedup.adapters.spark import texts
from dedup.adapters.spark.columns import schema_of
from dedup.render.tables import TABLES


class Found(NamedTuple):
    """The reuse found in a DataFrame, as DataFrames below the folder of the run.

    Their columns are those of ``dedup report --format parquet``. `skipped` has ``id`` and
    ``reason``, `counts` has ``name`` and ``value``.
    """

    articles: DataFrame
    overlaps: DataFrame
    passages: DataFrame
    families: DataFrame
    stories: DataFrame
    boilerplate: DataFrame
    skipped: DataFrame
    counts: DataFrame


class Stages(NamedTuple):
    """Results of stages that the tables are made of."""

    read: DataFrame
    masked: DataFrame
    indexed: DataFrame
    aligned: DataFrame
    gathered: DataFrame


def make_found(stages: Stages, counts: Mapping[str, int]) -> Found:
    """Make the tables, each in the order of a report."""
    read, masked, indexed, aligned, gathered = stages
    found = aligned.orderBy("a_number", "b_number")
    members = F.col("n_outlets").desc(), F.col("n_members").desc(), "dates", "place"
    first = F.col("families")[0]
    occurrences = first["article"], first["start"], first["end"], "place"
    return Found(
        _tell_articles(indexed, gathered),
        found.select(*(one.name for one in TABLES["overlaps"])),
        found.select(F.inline("passages")),
        gathered.where("size(families) > 0").orderBy(*occurrences).select(F.inline("families")),
        gathered.where("size(stories) > 0").orderBy(*members).select(F.inline("stories")),
        make_boilerplate(masked).orderBy(
            F.col("outlet").asc_nulls_last(), F.col("n_articles").desc(), "text"
        ),
        read.where("reason IS NOT NULL").select("id", "reason"),
        make_counts(read.sparkSession, counts),
    )


def _tell_articles(indexed: DataFrame, gathered: DataFrame) -> DataFrame:
    coverages = gathered.where("number IS NOT NULL").select("number", "coverage")
    known = indexed.select("number", "text", "extra", "summary")
    columns = {one.name: F.col(f"summary.{one.name}") for one in TABLES["articles"]}
    columns |= {
        "coverage": F.coalesce("coverage", F.lit(0.0)),
        "text": F.col("text"),
        "extra": F.col("extra"),
    }
    joined = known.join(coverages, "number", "left").orderBy("number")
    return joined.select(*(column.alias(name) for name, column in columns.items()))


def make_boilerplate(masked: DataFrame) -> DataFrame:
    """Make the table of the texts that outlets repeat, in any order."""
    parts = masked.where("boilerplate IS NOT NULL").select("outlet", "text", "boilerplate")
    together = parts.repartition("outlet", "text")
    return together.mapInArrow(texts.join_boilerplate, schema_of("boilerplate"))


def make_counts(spark: SparkSession, counts: Mapping[str, int]) -> DataFrame:
    """Make the table of counts."""
    pairs = ", ".join(f"('{name}', {n}L)" for name, n in counts.items())
    return spark.sql(f"SELECT * FROM VALUES {pairs} AS counts(name, value)")
