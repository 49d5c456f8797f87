"""The session of Spark of the command line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
from pyspark.errors import PySparkException, PySparkRuntimeError
from pyspark.sql import SparkSession

from dedup.errors import DedupError

_OPTIONS = "spark.driver.extraJavaOptions"
# Settings for a JVM on this machine: in a run of minutes its second compiler costs more than it
# gains. Longer runs were not measured.
LOCAL = {_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}


@contextmanager
def open_session(master: str | None = None) -> Iterator[SparkSession]:
    """Open a session for a run, and close it.

    Parameters
    ----------
    master : str or None
        Address of the cluster; None for that of ``spark-submit``, else all cores of this machine.

    Raises
    ------
    DedupError
        If there is no Java, or a job of the run failed.
    """
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise DedupError("Spark needs Java 17: install the package openjdk-17-jre-headless")
    # Else executors on this machine take the first python3 of the path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("dedup").config("spark.ui.showConsoleProgress", "false")
    if master is None and "SPARK_ENV_LOADED" not in os.environ:
        master = "local[*]"
    if master is not None:
        builder = builder.master(master)
        if master.startswith("local"):
            n = 2 * (os.cpu_count() or 1)
            builder = builder.config("spark.sql.shuffle.partitions", str(n))
            own = {} if _has_options() else LOCAL
            for name, value in {"spark.ui.enabled": "false", **own}.items():
                builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise DedupError(f"Spark does not start (it needs Java 17): {_first(error)}") from None
    try:
        yield spark
    except PySparkException as error:
        raise DedupError(f"Spark: {_first(error)}") from None
    finally:
        spark.stop()


def _first(error: Exception) -> str:
    """Return what an error of Spark says, without the traces of its processes."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line for line in lines if line.startswith("dedup.errors.")]
    return (named or lines or [type(error).__name__])[-1 if named else 0]


def _has_options() -> bool:
    """Return whether the user gave options for the JVM; only the JVM reads its defaults."""
    home = os.environ.get("SPARK_HOME") or str(Path(pyspark.__file__).parent)
    folder = os.environ.get("SPARK_CONF_DIR") or str(Path(home, "conf"))
    try:
        written = Path(folder, "spark-defaults.conf").read_text("utf-8", "replace")
    except OSError:
        written = ""
    return _OPTIONS in written or _OPTIONS in os.environ.get("PYSPARK_SUBMIT_ARGS", "")
