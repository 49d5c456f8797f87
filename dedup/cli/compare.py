"""``dedup compare``: every passage that two articles share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.options import Options, takes
from dedup.cli.output import open_output
from dedup.cli.speech import Voice
from dedup.errors import ReadError
from dedup.reports import json, terminal

if TYPE_CHECKING:
    from dedup.model import Article


@click.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@takes("format", "output", "preset", "sensitivity", "quiet")
def command(a: str, b: str, **options: Any) -> None:
    """Compare two articles: show every passage that they share.

    A and B are files that hold one article each; one of them may be -, a record of JSON
    on standard input.
    """
    given = Options(**options)
    if a == b == "-":
        raise click.UsageError("A and B cannot both be standard input")
    with Voice(given.quiet), open_output(given.output) as output:
        from dedup import compare  # numba loads here

        articles = _read_one(a, given), _read_one(b, given)
        overlap = compare(*articles, given.params)
        if given.format == "jsonl":
            output.write([json.line(overlap.to_dict())])
        else:
            output.write(terminal.overlap_lines(overlap, output.look, *articles))


def _read_one(path: str, given: Options) -> Article:
    from dedup import read

    articles = read(path, strict=True, **given.fields)
    article = next(articles)
    if next(articles, None) is not None:
        raise ReadError(path, "more than one article in it; compare takes one from each side")
    return article
