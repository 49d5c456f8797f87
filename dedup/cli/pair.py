"""The two articles that a command is about, one from each side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dedup.cli.options import Options
from dedup.errors import ReadError

if TYPE_CHECKING:
    from dedup.article import Article


def check_two(a: str, b: str) -> None:
    """Refuse to read both sides from standard input."""
    if a == b == "-":
        raise click.UsageError("A and B cannot both be standard input")


def read_two(a: str, b: str, given: Options) -> tuple[Article, Article]:
    """Read two articles.

    Parameters
    ----------
    a, b : str
        Files that hold one article each; one of them may be "-".
    given : Options
        Where records have their fields.

    Returns
    -------
    tuple of (Article, Article)
        Both.

    Raises
    ------
    ReadError
        If a file cannot be read, or holds more than one article.
    """
    return _read_one(a, given), _read_one(b, given)


def _read_one(path: str, given: Options) -> Article:
    from dedup import read

    articles = read(path, strict=True, **given.fields)
    article = next(articles)
    if next(articles, None) is not None:
        command = click.get_current_context().info_name
        raise ReadError(path, f"more than one article in it; {command} takes one from each side")
    return article
