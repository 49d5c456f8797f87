"""``dedup index``: store articles on disk and compare new ones with them."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from dedup import DedupError
from dedup.cli import NearestGroup
from dedup.cli.console import Console, say
from dedup.cli.inputs import STANDARD_OUTPUT, check_any, check_present, check_skipped
from dedup.cli.interrupts import Interrupts
from dedup.cli.loading import load, rebuild
from dedup.cli.opening import check_is_index, of_index, of_paths, open_index
from dedup.cli.options import Options, takes
from dedup.cli.output import Output, open_output
from dedup.cli.reading import ArticleInput
from dedup.model import Status
from dedup.render import json, matches
from dedup.render.columns import visible
from dedup.render.naming import count

if TYPE_CHECKING:
    from dedup.index.index import Index
    from dedup.model import IndexStats, Matches
    from dedup.model.article import Article


class _Moment(click.ParamType):  # type: ignore[type-arg]  # generic in new versions only
    """A date, or a date and time."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the date."""
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO 8601 date, e.g. 2024-05-01.", param, ctx)


@click.group("index", cls=NearestGroup)
def command() -> None:
    """Store articles on disk and compare new ones with them.

    INDEX is a directory. One process at a time can write to it; any number can read.
    """


command.add_command(load)
command.add_command(rebuild)


@command.command("add")
@of_index
@of_paths
@takes(
    "format", "output", "preset", "sensitivity", "settings", "days", "timeout", "show_all",
    "strict", "quiet", "progress",
)  # fmt: skip
def add(path: str, paths: tuple[str, ...], **options: Any) -> None:
    """Store articles and show the text they share with earlier ones.

    Creates INDEX if it does not exist. PATH is as for `dedup report`. An article replaces a stored
    one with the same id or URL; if its text is unchanged, it is not compared again.

    Ctrl-C keeps what is already stored; run the command again to continue.
    """
    given = Options(**options)
    tally: Counter[str] = Counter()
    check_present(paths)  # before an index is made for nothing
    with (
        Console(given.quiet, _wants_bars(given)) as voice,
        open_output(given.output, (path, *paths), written=given.format) as output,
        open_index(path, given, "a", may_make=True, compares=True) as index,
    ):
        articles = ArticleInput(paths, given)
        try:
            with Interrupts() as interrupts:
                pairs = _add(index, interrupts.guard(articles))
                _tell(_count(pairs, tally, voice), output, given)
            n_stored = len(index)
        except BaseException as error:
            # A second run does not compare stored articles again, so keep their results.
            output.is_partial = tally.total() > 0
            if output.is_partial and not isinstance(error, BrokenPipeError):
                _say_kept(tally, output)
            raise
    check_any(tally.total(), paths)
    if not given.quiet:
        say(f"{_sum_up(tally, articles, given)}; {count(n_stored, 'article')} in {path}")
    check_skipped(_n_read(tally), articles.skipped)


@command.command("query")
@of_index
@of_paths
@takes(
    "format", "output", "preset", "sensitivity", "settings", "days", "show_all", "strict",
    "quiet", "progress",
)  # fmt: skip
def query(path: str, paths: tuple[str, ...], **options: Any) -> None:
    """Show the text that articles share with stored ones.

    Stores nothing. PATH is as for `dedup report`. A stored article with the same id or URL counts
    as another version, not as a match.
    """
    given = Options(**options)
    tally: Counter[str] = Counter()
    with (
        Console(given.quiet, _wants_bars(given)) as voice,
        open_output(given.output, (path, *paths), written=given.format) as output,
        open_index(path, given, "r", compares=True) as index,
    ):
        articles = ArticleInput(paths, given)
        pairs = ((article, index.query(article)) for article in articles)
        _tell(_count(pairs, tally, voice), output, given)
    check_any(tally.total(), paths)
    if not given.quiet:
        say(_sum_up(tally, articles, given))
    check_skipped(_n_read(tally), articles.skipped)


@command.command("remove")
@of_index
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@takes("timeout", "quiet", reads=False)
def remove(path: str, ids: tuple[str, ...], **options: Any) -> None:
    """Remove articles by their ids.

    If any id is unknown, nothing is removed.
    """
    given = Options(**options)
    with Console(given.quiet), open_index(path, given, "a") as index:
        wanted = dict.fromkeys(ids)
        unknown = [repr(id_) for id_ in wanted if id_ not in index]
        if unknown:
            raise DedupError(f"{path}: no article with id {', '.join(unknown)}")
        for id_ in wanted:
            index.remove(id_)
        _say_removed(len(wanted), len(index), given)


@command.command("expire")
@of_index
@click.option(
    "--before",
    type=_Moment(),
    required=True,
    metavar="DATE",
    help="ISO 8601 date or time; UTC if it has no time zone.",
)
@takes("timeout", "quiet", reads=False)
def expire(path: str, before: datetime, **options: Any) -> None:
    """Remove articles published before a date.

    Articles without a date are kept.
    """
    given = Options(**options)
    with Console(given.quiet), open_index(path, given, "a") as index:
        n_removed = index.expire(before)
        _say_removed(n_removed, len(index), given)


@command.command("stats")
@of_index
@takes("format", "output", "quiet", reads=False)
def stats(path: str, **options: Any) -> None:
    """Show the size of an index."""
    given = Options(**options)
    with (
        Console(given.quiet),
        open_output(given.output, (path,), written=given.format) as output,
        open_index(path, given, "r") as index,
    ):
        found = index.stats()
        if given.format == "jsonl":
            output.write([json.line(found.to_dict())])
        else:
            output.write(matches.stats_lines(found, output.look))


@command.command("verify")
@of_index
@takes("format", "output", "quiet", reads=False)
def verify(path: str, **options: Any) -> None:
    """Check an index against its checksums.

    Prints one line per fault, with the file and the bytes. Repairs nothing.
    """
    given = Options(**options)
    with (
        Console(given.quiet),
        open_output(given.output, (path,), written=given.format) as output,
        open_index(path, given, "r") as index,
    ):
        faults = index.verify()
        if given.format == "jsonl":
            lines = ({"type": "fault", "path": one.path, "reason": one.reason} for one in faults)
            output.write(map(json.line, lines))
        else:
            output.write(visible(str(fault)) for fault in faults)
    if faults:
        raise DedupError(f"{path}: {count(len(faults), 'fault')}")
    if not given.quiet:
        say(f"{path}: no faults")


@command.command("compact")
@of_index
@takes("timeout", "quiet", reads=False)
def compact(path: str, **options: Any) -> None:
    """Merge all segments into one, without removed articles."""
    given = Options(**options)
    with Console(given.quiet), open_index(path, given, "a") as index:
        before = index.stats()
        index.compact()
        after = index.stats()
        if not given.quiet:
            say(f"{_size(before)}, now {_size(after)}")


@command.command("export")
@of_index
@takes("output", "quiet", reads=False)
def export(path: str, **options: Any) -> None:
    """Write all articles as JSON Lines.

    Articles come in the order in which they were added. `dedup report` and `dedup index add` can
    read the output.
    """
    given = Options(**options)
    with Console(given.quiet), open_output(given.output, (path,), written="jsonl") as output:
        check_is_index(path)
        output.write(json.line(article.to_dict()) for article in ArticleInput([path], given))


def _wants_bars(given: Options) -> bool | None:
    """Show no bars among results in a terminal, unless asked."""
    is_shared = given.output == STANDARD_OUTPUT and sys.stdout.isatty()
    return False if given.progress is None and is_shared else given.progress


def _add(index: Index, articles: Iterator[Article]) -> Iterator[tuple[Article, Matches]]:
    waiting: deque[Article] = deque()

    def keep() -> Iterator[Article]:
        for article in articles:
            waiting.append(article)
            yield article

    for found in index.add_many(keep()):
        yield waiting.popleft(), found


def _count(
    pairs: Iterable[tuple[Article, Matches]], tally: Counter[str], voice: Console
) -> Iterator[tuple[Article, Matches]]:
    for n, (article, found) in enumerate(pairs, 1):
        tally[found.status] += 1
        n_counted = sum(match.overlap.is_counted for match in found)
        tally["sharing"] += n_counted > 0
        tally["hidden"] += len(found) - n_counted
        if voice.has_bars:
            voice.progress("articles", n, None)
        yield article, found


def _tell(pairs: Iterable[tuple[Article, Matches]], output: Output, given: Options) -> None:
    """Write the result of each article at once."""
    if given.format == "jsonl":
        for _, found in pairs:
            output.write([json.line(found.to_dict())])
    else:
        look = replace(output.look, shows_all=given.show_all)
        for lines in matches.matches_parts(pairs, look):
            output.write(lines)


def _n_read(tally: Counter[str]) -> int:
    return sum(tally[status] for status in get_args(Status))


def _sum_up(tally: Counter[str], articles: ArticleInput, given: Options) -> str:
    told = [f"{tally[status]:,} {status}" for status in get_args(Status) if tally[status]]
    if n_skipped := len(articles.skipped):
        told.append(f"{n_skipped:,} skipped")
    if n := tally["sharing"]:
        told.append(f"{n:,} {'shares' if n == 1 else 'share'} text with stored articles")
    elif tally["queried"]:
        told.append("no text shared with stored articles")
    if n := tally["hidden"]:
        what = "an uncertain match" if n == 1 else f"{n:,} uncertain matches"
        is_shown = given.show_all or given.format == "jsonl"
        told.append(what + ("" if is_shown else " not shown (--show-all)"))
    return ", ".join(told)


def _say_kept(tally: Counter[str], output: Output) -> None:
    n_stored = count(_n_read(tally), "article")
    say(f"stored {n_stored} before stopping; results are in {output.partial}")


def _say_removed(n_removed: int, n_left: int, given: Options) -> None:
    if not given.quiet:
        say(f"{count(n_removed, 'article')} removed, {n_left:,} left")


def _size(found: IndexStats) -> str:
    return f"{count(found.n_segments, 'segment')}, {count(found.n_bytes, 'byte')}"
