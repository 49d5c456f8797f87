"""``dedup compare``: every passage that two articles share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from dedup import __version__
from dedup.cli.console import Console
from dedup.cli.options import Options, takes
from dedup.cli.output import open_output
from dedup.cli.pair import check_two, read_two
from dedup.render import json, terminal


@click.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@takes(
    "page_format", "output", "preset", "sensitivity", "settings", "show_all", "strict",
    "quiet",
)  # fmt: skip
def command(a: str, b: str, **options: Any) -> None:
    """Show every passage that two articles share.

    A and B are files with one article each. One of them may be - for a JSON record on standard
    input.
    """
    given = Options(**options)
    check_two(a, b)
    with (
        Console(given.quiet),
        open_output(given.output, (a, b), written=given.format) as output,
    ):
        from dedup import compare

        articles = read_two(a, b, given)
        overlap = compare(*articles, given.params)
        if given.format == "jsonl":
            output.write([json.line(overlap.to_dict())])
        elif given.format == "html":
            from dedup.render.html import page  # jinja2 loads here

            output.write(page.page_parts(page.facts_of_pair(overlap, articles, __version__)))
        else:
            look = replace(output.look, shows_all=given.show_all)
            output.write(terminal.pair_lines(overlap, look, *articles))
