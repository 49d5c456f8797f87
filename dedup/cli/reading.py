"""The articles under the paths that were typed: those of files, and those of indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dedup.cli.inputs import is_index
from dedup.cli.options import Options
from dedup.model.article import Article, Skipped


class ArticleInput(Iterator[Article]):
    """Articles of indexes, then of files, with an account of what could not be read.

    Parameters
    ----------
    paths : sequence of str
        What `dedup.read` takes, or directories that are indexes.
    given : Options
        Where records have their fields, and whether to stop at one that cannot be read.

    Attributes
    ----------
    place : tuple of (str, int or None)
        File and line of the article that came last, or its index.
    """

    def __init__(self, paths: Sequence[str], given: Options) -> None:
        from dedup import read

        self.place: tuple[str, int | None] = ("", None)
        stored = [path for path in paths if is_index(path)]
        self._stored = _load(stored) if stored else iter(())
        files = [path for path in paths if not is_index(path)]
        self._read = read(*files, strict=given.strict, **given.fields)

    @property
    def skipped(self) -> list[Skipped]:
        """What could not be read so far."""
        return self._read.skipped

    def __next__(self) -> Article:
        for path, article in self._stored:
            self.place = path, None
            return article
        article = next(self._read)
        self.place = self._read.place
        return article


def _load(paths: Sequence[str]) -> Iterator[tuple[str, Article]]:
    from dedup import Index

    for path in paths:
        # As it is now: whoever writes to it meanwhile takes nothing away.
        with Index.open(path, mode="r") as index, index.snapshot() as stored:
            for article in stored:
                yield path, article
