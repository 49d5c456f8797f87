"""Check the input of a run before any job, and tell it from others."""

from __future__ import annotations

from typing import Any, NamedTuple

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from dedup.errors import ParameterError
from dedup.params import Params

# Version of the stages: raised when one of them gives other rows.
_RECIPE = 5
_TEXT: tuple[type[T.DataType], ...] = (T.StringType,)
_DATE = (T.StringType, T.DateType, T.TimestampType, T.TimestampNTZType)
_COLUMNS = {
    "id": _TEXT,
    "text": _TEXT,
    "outlet": _TEXT,
    "url": _TEXT,
    "title": _TEXT,
    "extra": _TEXT,
    "published": _DATE,
}


class Source(NamedTuple):
    """The input of a run."""

    df: DataFrame
    against: DataFrame | None

    @classmethod
    def check(cls, df: DataFrame, against: DataFrame | None) -> Source:
        """Return the input.

        Raises
        ------
        ParameterError
            If a column is missing or has a wrong type; before any job.
        """
        for frame in (df, *([] if against is None else [against])):
            check_frame(frame)
        return cls(df, against)

    def name_run(self, params: Params) -> dict[str, Any]:
        """Return what the stages of a run follow from."""
        return {
            "recipe": _RECIPE,
            "params": params.to_dict(),
            "input": fingerprint(self.df),
            "against": None if self.against is None else fingerprint(self.against),
        }


def check_frame(df: DataFrame) -> None:
    """Check the columns of a frame.

    Raises
    ------
    ParameterError
        If one is missing or has a wrong type.
    """
    kinds = {field.name: field.dataType for field in df.schema.fields}
    for name in ("id", "text"):
        if name not in kinds:
            present = ", ".join(kinds) or "none"
            remedy = f'df.withColumnRenamed("...", "{name}")'
            raise ParameterError(f"no column {name!r} (columns: {present}); rename one: {remedy}")
    for name, allowed in _COLUMNS.items():
        if name in kinds and not isinstance(kinds[name], (*allowed, T.NullType)):
            known = " or ".join(one().simpleString() for one in allowed)
            kind = kinds[name].simpleString()
            raise ParameterError(f"column {name!r} must be {known}, not {kind}")


def fingerprint(df: DataFrame) -> dict[str, Any]:
    """Return what tells one input from another, whatever the order of its rows."""
    fields = [f for f in df.schema.fields if not isinstance(f.dataType, T.MapType | T.VariantType)]
    rows = F.sum(F.xxhash64(*(f.name for f in fields)).cast("decimal(20,0)"))
    n_rows, total = df.agg(F.count("*"), rows).first() or (0, None)
    return {"columns": sorted(df.columns), "n_rows": n_rows, "digest": str(total or 0)}
