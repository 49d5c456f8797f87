"""A session of Spark on two cores, with its event log."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """How Spark runs."""

    partitions: int
    is_adaptive: bool


@contextmanager
def open_session(setting: Setting, folder: str) -> Iterator[Any]:
    """Open a session on two cores, with its event log in a folder."""
    from pyspark.sql import SparkSession

    Path(folder, "events").mkdir()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.sql.shuffle.partitions": setting.partitions,
        "spark.sql.adaptive.enabled": json.dumps(setting.is_adaptive),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "4g",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}/events",
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("bench")
    for name, value in settings.items():
        builder = builder.config(name, str(value))
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()
