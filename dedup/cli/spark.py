"""``dedup spark``: every passage that any two articles share, found on Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.console import say
from dedup.cli.inputs import check_any, check_present
from dedup.cli.options import Options, takes
from dedup.cli.reading import ArticleInput

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@click.command("spark")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--output",
    metavar="DIR",
    required=True,
    help="Folder for the tables and the results of stages, which all executors know.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Master of the cluster, e.g. local[4] or spark://host:7077 (default: that of "
    "spark-submit, else local[*]).",
)
@click.option("--fresh", is_flag=True, help="Start afresh; do not resume the run in the output.")
@takes("against", "preset", "sensitivity", "settings", "days", "quiet", "with_text")
def command(paths: tuple[str, ...], master: str | None, fresh: bool, **options: Any) -> None:
    """Report every passage that any two articles share, found on Spark.

    PATH is as for dedup report. Parquet files, folders of them and addresses such as s3a://...
    are read by Spark, and have columns id and text; other files are read on this machine.
    The output has the tables of dedup report --format parquet, which dedup render reads, and the
    result of each stage, with which the same command continues after a failure.
    """
    given = Options(**options)
    params = given.params
    check_present([path for path in (*paths, *given.against) if "://" not in path])
    from dedup.adapters.spark import find_overlaps
    from dedup.adapters.spark.output import write_tables
    from dedup.adapters.spark.session import open_session

    with open_session(master) as spark:
        old = _read(spark, given.against, given, "against") if given.against else None
        found = find_overlaps(
            _read(spark, paths, given, "input"),
            params,
            work=f"{given.output}/stages",
            against=old,
            resume=not fresh,
        )
        n_rows = write_tables(spark, found, given.output, params, with_text=given.with_text)
    check_any(n_rows["articles"], paths)
    if not given.quiet:
        say(f"{n_rows['articles']:,} articles, {n_rows['overlaps']:,} overlaps: {given.output}")
        if n := n_rows["skipped"]:
            say(f"{n:,} notes on records: {given.output}/skipped.parquet")


def _read(spark: SparkSession, paths: Sequence[str], given: Options, name: str) -> DataFrame:
    """Return articles as a DataFrame; those of files that Spark does not read go to Parquet."""
    if all("://" in path or _is_parquet(Path(path)) for path in paths):
        return spark.read.parquet(*paths)
    from dedup.adapters.spark.staging import stage_articles

    folder = Path(given.output, name)
    stage_articles(ArticleInput(paths, given), folder)
    return spark.read.parquet(str(folder))


def _is_parquet(path: Path) -> bool:
    if path.is_dir():
        files = [one for one in path.iterdir() if one.name[0] not in "._"]
        return bool(files) and all(map(_is_parquet, files))
    return path.suffix == ".parquet"
