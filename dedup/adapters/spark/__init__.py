"""Find overlaps and remove copies on Spark, for collections that do not fit one machine.

The answers are those of :func:`dedup.find_overlaps` and :func:`dedup.filter`, to the bit. Only
DataFrames are used, so a session of Spark Connect will do.
"""

from __future__ import annotations

try:
    import pyarrow  # noqa: F401
    import pyspark  # noqa: F401
except ImportError as _error:
    from dedup.errors import MissingExtra

    raise MissingExtra(str(_error.name), "spark") from None

from dedup.adapters.spark.filter import FilteredFrames, filter
from dedup.adapters.spark.found import Found
from dedup.adapters.spark.plan import find_overlaps

__all__ = ["FilteredFrames", "Found", "filter", "find_overlaps"]
