"""``dedup explain``: why two articles are reported, or not."""

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
    help="The collection of a report, a file, a directory or an index; A and B are then ids of "
    "articles in it. May be given more than once.",
)
@takes("format", "output", "preset", "sensitivity", "settings", "jobs", "strict", "quiet")
def command(a: str, b: str, among: tuple[str, ...], **options: Any) -> None:
    """Explain why two articles are reported, or not.

    Shows what every stage saw of the two, the limit that it was held against, and which value
    of which parameter would have changed the verdict.

    A and B are files that hold one article each; one of them may be -, a record of JSON
    on standard input. With --among they are ids, as a report on these paths names its
    articles: what many articles of a collection share counts less, and boilerplate is masked.
    """
    given = Options(**options)
    check_two(a, b)
    with Console(given.quiet), open_output(given.output, among or (a, b)) as output:
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
