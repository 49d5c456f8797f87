"""Reading of the two articles of a command."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import click

from dedup.cli.inputs import check_present
from dedup.cli.options import Options
from dedup.errors import ReadError

if TYPE_CHECKING:
    from dedup.model.article import Article

_logger = logging.getLogger(__name__)


def check_two(a: str, b: str) -> None:
    """Refuse to read both sides from standard input."""
    if a == b == "-":
        raise click.UsageError("A and B cannot both be standard input")


def read_two(a: str, b: str, given: Options) -> tuple[Article, Article]:
    """Read two articles.

    Raises
    ------
    ReadError
        If a file cannot be read or holds more than one article; with ``--strict``, if a record
        cannot be read.
    """
    return _read_one(a, given), _read_one(b, given)


def _read_one(path: str, given: Options) -> Article:
    from dedup.readers import RecordReader, find_inputs, make_options, read_inputs
    from dedup.readers.records import Fields

    paths = [path]
    check_present(paths)
    fields = Fields(**{name.removesuffix("_field"): to for name, to in given.fields.items()})
    records = read_inputs(find_inputs(paths, make_options(**given.reading)), paths, fields)
    articles = RecordReader(records, given.strict, is_silent=True)
    article = next(articles, None)
    if next(articles, None) is not None:
        command = click.get_current_context().info_name
        raise ReadError(path, f"has more than one article; {command} takes files with one")
    if article is None:  # the skipped record says why
        first = articles.skipped[0]
        raise ReadError(first.path, first.reason, first.line)
    for skipped in articles.skipped:
        _logger.warning("skipped %s", skipped)
    return article
