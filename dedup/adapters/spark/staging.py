"""Articles of any files as Parquet, for Spark to read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dedup.adapters.spark.columns import write_article
from dedup.model.article import Article

# Articles of a file: cores read whole files.
_ARTICLES = 1024
_COLUMNS = ("id", "text", "outlet", "published", "url", "title", "extra")


def stage_articles(articles: Iterable[Article], folder: Path) -> None:
    """Write articles to a folder of Parquet files, in place of what it has.

    A lone surrogate, which Parquet cannot hold, becomes a question mark.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    waiting = iter(articles)
    number = 0
    while (rows := [write_article(one) for one in islice(waiting, _ARTICLES)]) or not number:
        columns = {
            name: pa.array([_to_utf8(row[name]) for row in rows], pa.string()) for name in _COLUMNS
        }
        pq.write_table(pa.table(columns), folder / f"{number:06}.parquet")
        number += 1


def _to_utf8(text: str | None) -> str | None:
    return text if text is None else text.encode(errors="replace").decode()
