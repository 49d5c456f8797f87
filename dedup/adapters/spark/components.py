"""Connected components by alternating large star and small star (Kiveris et al. 2014).

Each round is a few joins and aggregates of narrow rows. No vertex is a group: the neighbors of one
are never together in memory.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

Keep = Callable[[str, Callable[[], DataFrame]], DataFrame]


def find_components(edges: DataFrame, keep: Keep) -> DataFrame:
    """Return the component of each vertex that has an edge.

    Parameters
    ----------
    edges : DataFrame
        Columns `a`, `b`: long.
    keep : callable
        Stores the result of a round, see :meth:`dedup.adapters.spark.store.StageStore.keep`.

    Returns
    -------
    DataFrame
        Columns `number`, and `root`: the least vertex of its component.
    """
    ordered = edges.select(F.least("a", "b").alias("u"), F.greatest("a", "b").alias("v"))
    stars = ordered.where("u != v").distinct()
    sums, number = None, 0
    while True:
        stars = keep(f"components-{number}", lambda stars=stars: _shrink(stars))  # type: ignore[misc]
        hashes = F.sum(F.xxhash64("u", "v").cast("decimal(20,0)"))
        now = tuple(stars.agg(F.count("*"), hashes).first() or ())
        if now == sums:
            break
        sums, number = now, number + 1
    leaves = stars.select(F.col("v").alias("number"), F.col("u").alias("root"))
    roots = stars.select(F.col("u").alias("number"), F.col("u").alias("root"))
    return leaves.union(roots).distinct()


def _shrink(edges: DataFrame) -> DataFrame:
    """Link the greater neighbors of each vertex, then the smaller ones, to the least of them."""
    both = edges.union(edges.select(F.col("v").alias("u"), F.col("u").alias("v")))
    least = both.groupBy("u").agg(F.least(F.min("v"), F.col("u")).alias("m"))
    large = both.join(least, "u").where("v > u").select(F.col("m").alias("u"), "v").distinct()
    least = large.groupBy("v").agg(F.min("u").alias("m"))
    joined = large.join(least, "v")
    to_vertex = joined.select(F.col("m").alias("u"), "v")
    to_others = joined.where("u != m").select(F.col("m").alias("u"), F.col("u").alias("v"))
    return to_vertex.union(to_others).distinct()
