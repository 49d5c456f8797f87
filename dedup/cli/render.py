"""``dedup render``: another format of a finished run."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from dedup import DedupError
from dedup.cli.console import Console
from dedup.cli.found import Emitters
from dedup.cli.inputs import check_present
from dedup.cli.options import Options, takes
from dedup.cli.reading import ArticleInput
from dedup.cli.writing import Result, shows_text, write_report

if TYPE_CHECKING:
    from dedup.model import Overlap


@click.command("render")
@click.argument("run", metavar="RUN")
@takes(
    "articles", "report_format", "output", "overwrite", "show_all", "quiet", "progress",
    "with_text",
)  # fmt: skip
def command(run: str, **options: Any) -> None:
    """Write a finished run in another format.

    RUN is the JSON Lines of `dedup report`, also compressed as .gz, .zst, .bz2 or .xz, or the
    directory of its Parquet tables. Nothing is computed again. Text and HTML need the texts of the
    articles: write the run with --with-text, or name the articles with --articles.
    """
    given = Options(**options)
    check_present((run,))
    if run == "-" and "-" in given.articles:
        raise click.UsageError("RUN and --articles cannot both be standard input")

    def find(_: Console, emit: Emitters) -> Result:
        return _read(run, given, emit.overlap)

    write_report(find, (run, *given.articles), given, keeps_partial=False)


def _read(run: str, given: Options, emit: Callable[[Overlap], None]) -> Result:
    from dedup.readers.run import read_run

    def find_texts(digests: Mapping[str, str]) -> dict[str, str]:
        return _find_texts(digests, given)

    # Results have no reference cycles; searching for them takes a fourth of Python's time.
    gc.disable()
    click.get_current_context().call_on_close(gc.enable)
    stored = read_run(run, emit, find_texts if given.articles else None)
    if shows_text(given) and not stored.has_text:
        what = "--with-text stores" if given.with_text else f"--format {given.format} shows"
        raise DedupError(
            f"{run} has no texts, which {what}: name its articles with --articles PATH, or write "
            "the run with dedup report --with-text"
        )
    return Result(stored.report, stored.version)


def _find_texts(digests: Mapping[str, str], given: Options) -> dict[str, str]:
    """Return the texts of articles by digest."""
    from dedup.model.article import record_text

    wanted = set(digests.values())
    found: dict[str, str] = {}
    for article in ArticleInput(given.articles, given):
        digest = record_text(article.text).digest
        if digest in wanted:
            found[digest] = article.text
    return found
