"""Stages of a run as Parquet folders, and the manifest that says which of them are whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from dedup.errors import DedupError

# The row of the manifest that says what the run is of.
_RUN = "run"
N_ROWS = "n_rows"


class StageStore:
    """Results of stages below a folder of any file system that Spark knows.

    Parameters
    ----------
    folder : str
        The folder of the run.
    run : Mapping
        What the stages follow from: recipe, parameters, input.
    resume : bool
        Whether to use the stages that are there.

    Raises
    ------
    DedupError
        If the folder has another run, and `resume`.
    """

    def __init__(
        self, spark: SparkSession, folder: str, run: Mapping[str, Any], *, resume: bool
    ) -> None:
        self._spark, self._folder = spark, folder.rstrip("/")
        self._known: dict[str, DataFrame] = {}
        # As it is read back.
        run = json.loads(json.dumps(run))
        self._whole = self._read() if resume else {}
        if _RUN in self._whole:
            self._check(run)
        else:
            self._whole = {}
            self._write(_RUN, run, "overwrite")

    def keep(self, name: str, make: Callable[[], DataFrame], **sums: str) -> DataFrame:
        """Return the result of a stage: that of an earlier run, or write it now, once.

        Parameters
        ----------
        sums : str
            Expressions to sum over the rows, see :meth:`total`.
        """
        if name not in self._known:
            self._known[name] = self._find(name, make, sums)
        return self._known[name]

    def total(self, name: str, column: str = N_ROWS) -> int:
        """Return a sum over the rows of a stage that is whole, or their number."""
        total: int = self._whole[name][column]
        return total

    def _find(self, name: str, make: Callable[[], DataFrame], sums: Mapping[str, str]) -> DataFrame:
        path = f"{self._folder}/{name}"
        if name in self._whole:
            found = self._spark.read.parquet(path)
            n, n_whole = found.count(), self.total(name)
            if n != n_whole:
                what = f"stage {name!r} has {n:,} of {n_whole:,} rows"
                raise DedupError(f"{self._folder}: {what}; start afresh (resume=False, --fresh)")
            return found
        made = make()
        self._whole[name] = write_counted(made, path, sums)
        self._write(name, self._whole[name], "append")
        # A query costs more to plan than a small stage to run: the schema is not read back.
        return self._spark.read.schema(made.schema).parquet(path)

    def _read(self) -> dict[str, Any]:
        path = f"{self._folder}/manifest"
        try:
            # Twice: Spark logs the trace of an error if a single path is not there.
            rows = self._spark.read.text([path, path]).collect()
        except AnalysisException as error:
            if error.getCondition() != "PATH_NOT_FOUND":
                raise
            return {}
        try:
            return dict(json.loads(row["value"]) for row in rows)
        except (ValueError, TypeError):
            raise DedupError(
                f"{path} cannot be read, as if another version of dedup wrote it; name another "
                "folder, or start afresh (resume=False, --fresh)"
            ) from None

    def _write(self, stage: str, content: Any, mode: str) -> None:
        line = json.dumps([stage, content])
        row = self._spark.sql("SELECT :line AS value", args={"line": line})
        row.write.mode(mode).text(f"{self._folder}/manifest")

    def _check(self, run: Mapping[str, Any]) -> None:
        """Compare with the run that the folder has."""
        different = _compare(self._whole[_RUN], run)
        if different:
            changes = ", ".join(
                f"{name} was {there} and is {now}" for name, (there, now) in different.items()
            )
            raise DedupError(
                f"{self._folder} holds stages of another run: {changes}; name another folder, or "
                "start afresh (resume=False, --fresh)"
            )


def write_counted(frame: DataFrame, path: str, sums: Mapping[str, str]) -> dict[str, int]:
    """Write a frame as Parquet; return sums over its rows, and their number as `N_ROWS`."""
    observed = Observation()
    totals = [F.sum(F.expr(sums[column])).alias(column) for column in sums]
    made = frame.observe(observed, F.count(F.lit(1)).alias(N_ROWS), *totals)
    made.write.mode("overwrite").parquet(path)
    return {column: n or 0 for column, n in observed.get.items()}


def _compare(there: Any, now: Any, name: str = "") -> dict[str, tuple[Any, Any]]:
    """Return the values that differ, by their path."""
    if not isinstance(there, dict) or not isinstance(now, dict):
        return {} if there == now else {name: (there, now)}
    found: dict[str, tuple[Any, Any]] = {}
    for key in sorted(there.keys() | now.keys()):
        path = f"{name}.{key}" if name else key
        found |= _compare(there.get(key), now.get(key), path)
    return found
