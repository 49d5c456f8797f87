"""``dedup explain``: why two articles are reported, or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dedup.cli.console import Console
from dedup.cli.options import Options, takes
from dedup.cli.output import open_output
from dedup.cli.pair import check_two, read_two
from dedup.cli.reading import ArticleInput
from dedup.render import explanation, json

if TYPE_CHECKING:
    from dedup.model.article import Article


@click.command("explain")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--among",
    multiple=True,
    metavar="PATH",
    help="Collection of the report: a file, a directory or an index. A and B are then ids of its "
    "articles. Repeatable.",
)
@takes("format", "output", "preset", "sensitivity", "settings", "jobs", "strict", "quiet")
def command(a: str, b: str, among: tuple[str, ...], **options: Any) -> None:
    """Explain why two articles are reported, or why not.

    Shows what each stage measured, its limit, and which parameter value would change the verdict.

    A and B are files with one article each. One of them may be - for a JSON record on standard
    input. With --among, A and B are ids of articles in a collection: text that many of its
    articles share then counts less, and boilerplate is masked.
    """
    given = Options(**options)
    check_two(a, b)
    with (
        Console(given.quiet),
        open_output(given.output, among or (a, b), written=given.format) as output,
    ):
        from dedup import explain

        articles: tuple[Article, ...]
        if among:
            articles = tuple(ArticleInput(among, given))
            found = explain(a, b, given.params, among=articles, jobs=given.jobs)
        else:
            one, other = articles = read_two(a, b, given)
            found = explain(one, other, given.params, jobs=given.jobs)
        if given.format == "jsonl":
            output.write([json.line(found.to_dict())])
        else:
            output.write(explanation.explanation_lines(found, output.look, articles))
