"""``dedup index load`` and ``rebuild``: store articles without comparing them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.console import Console, say
from dedup.cli.inputs import check_any, check_present, check_skipped
from dedup.cli.interrupts import Interrupts
from dedup.cli.opening import check_is_index, of_index, of_paths, open_index
from dedup.cli.options import Options, takes
from dedup.cli.reading import ArticleInput
from dedup.errors import DedupError
from dedup.render.naming import count

if TYPE_CHECKING:
    from dedup.model.article import Article


@click.command("load")
@of_index
@of_paths
@takes("preset", "sensitivity", "settings", "timeout", "strict", "quiet", "progress")
def load(path: str, paths: tuple[str, ...], **options: Any) -> None:
    """Store articles without comparing them.

    The result is the same as that of `dedup index add`, but articles are not compared, which is
    faster. Creates INDEX if it does not exist. PATH is as for `dedup report`.

    Ctrl-C keeps what is already stored; run the command again to continue.
    """
    given = Options(**options)
    check_present(paths)  # before an index is made for nothing
    with (
        Console(given.quiet, given.progress) as voice,
        open_index(path, given, "a", may_make=True, compares=True) as index,
    ):
        articles = _Counted(ArticleInput(paths, given), voice)
        try:
            with Interrupts() as interrupts:
                n_changed = index.load(interrupts.guard(articles))
        except BaseException:
            with suppress(DedupError):  # of an index that cannot be read any more
                say(f"stopped: {count(len(index), 'article')} in {path}")
            raise
        n_stored = len(index)
    skipped = articles.source.skipped
    check_any(articles.n, paths)
    if not given.quiet:
        told = [f"{n_changed:,} stored", f"{articles.n - n_changed:,} unchanged"]
        told += [f"{len(skipped):,} skipped"] if skipped else []
        say(f"{', '.join(told)}; {count(n_stored, 'article')} in {path}")
    check_skipped(articles.n, skipped)


@click.command("rebuild")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@takes("preset", "sensitivity", "settings", "quiet", "progress", reads=False)
def rebuild(old: str, new: str, **options: Any) -> None:
    """Make a new index of the articles of an index.

    For other parameters, or for an index that another version of dedup made. OLD is only read. NEW
    must be missing or an empty directory; it appears when it is complete.
    """
    given = Options(**options)
    check_is_index(old)
    if not new:
        raise click.UsageError("the path of the new index is empty")
    if Path(new).resolve().is_relative_to(Path(old).resolve()):
        raise click.UsageError(f"{new!r} lies in {old!r}, which is only read")
    from dedup.index.building import whole_index

    with (
        Console(given.quiet, given.progress) as voice,
        whole_index(Path(new), given.params) as index,
    ):
        articles = _Counted(ArticleInput([old], given), voice)
        index.load(articles)
    if not given.quiet:
        say(f"{count(articles.n, 'article')} in {new}")


class _Counted(Iterator["Article"]):
    """Articles of a source, counted as they are read."""

    def __init__(self, source: ArticleInput, voice: Console) -> None:
        self.source = source
        self.n = 0
        self._voice = voice

    def __next__(self) -> Article:
        article = next(self.source)
        self.n += 1
        if self._voice.has_bars:
            self._voice.progress("articles", self.n, None)
        return article
