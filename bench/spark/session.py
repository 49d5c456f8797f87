"""Sessions of Spark on this machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from dedup.adapters.spark.session import LOCAL


class Setting(NamedTuple):
    """How Spark runs."""

    partitions: int
    is_adaptive: bool


@contextmanager
def open_session(setting: Setting, folder: str) -> Iterator[Any]:
    """Open a session on two cores, with its event log in a folder."""
    Path(folder, "events").mkdir()
    settings = {
        "spark.sql.shuffle.partitions": setting.partitions,
        "spark.sql.adaptive.enabled": json.dumps(setting.is_adaptive),
        "spark.driver.memory": "4g",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}/events",
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    with _open("local[2]", settings, "ERROR") as spark:
        yield spark


@contextmanager
def open_cluster(n_partitions: int) -> Iterator[Any]:
    """Open a session on two executors, each a process."""
    import pyspark

    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    settings = {
        "spark.sql.shuffle.partitions": n_partitions,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    with _open("local-cluster[2,1,1024]", settings, "OFF") as spark:
        yield spark


@contextmanager
def _open(master: str, settings: Mapping[str, Any], log_level: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("bench")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    for name, value in {**quiet, **LOCAL, **settings}.items():
        builder = builder.config(name, str(value))
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel(log_level)
    try:
        yield spark
    finally:
        spark.stop()
