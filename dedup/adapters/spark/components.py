"""Connected components by alternating large star and small star (Kiveris et al. 2014).

Each round is a few joins and aggregates of narrow rows. No vertex is a group: the neighbors of one
are never together in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from dedup.adapters.spark.columns import numbers
from dedup.adapters.spark.texts import fill_bins
from dedup.group import story

# Blocks of vertices, and the partitions that they need.
Placed = tuple[DataFrame, int]

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


def place_components(edges: Any, sizes: Any, most: int, n_parts: int) -> Any:
    """Put the articles of each component into one block.

    Parameters
    ----------
    most, n_parts : int
        Tokens of a block on average, at most; and blocks to make, see
        :func:`dedup.adapters.spark.texts.fill_bins`.
    """
    pairs = np.stack([numbers(edges, "a"), numbers(edges, "b")], axis=1)
    vertices, ends = np.unique(pairs, return_inverse=True)
    roots = story.find_components(ends.reshape(-1, 2), len(vertices))
    known, at, places = np.intersect1d(vertices, numbers(sizes, "number"), return_indices=True)
    roots = roots[at]
    own = np.bincount(roots, numbers(sizes, "size")[places], len(vertices)).astype(np.int64)
    block = np.zeros(len(vertices), np.int64)
    largest_first = np.argsort(-own, kind="stable")[: np.count_nonzero(own)]
    block[largest_first] = fill_bins(own[largest_first].tolist(), most, n_parts)
    return pa.table({"number": pa.array(known), "block": pa.array(block[roots])})
