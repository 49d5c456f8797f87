"""The articles under the paths that were typed: those of files, and those of indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dedup.cli.inputs import is_index
from dedup.cli.options import Options
from dedup.model.article import Article, ArticleReader, Location


class ArticleInput(ArticleReader):
    """Articles of indexes, then of files.

    Parameters
    ----------
    paths : sequence of str
        What `dedup.read` takes, or directories that are indexes.
    given : Options
        Where records have their fields, and whether to stop at one that cannot be read.
    """

    def __init__(self, paths: Sequence[str], given: Options) -> None:
        from dedup import read

        super().__init__()
        stored = [path for path in paths if is_index(path)]
        self._stored = _load(stored) if stored else iter(())
        files = [path for path in paths if not is_index(path)]
        self._read = read(*files, strict=given.strict, **given.fields)
        self.skipped = self._read.skipped

    def __next__(self) -> Article:
        for path, article in self._stored:
            self.location = Location(path)
            return article
        article = next(self._read)
        self.location = self._read.location
        return article


def _load(paths: Sequence[str]) -> Iterator[tuple[str, Article]]:
    from dedup import Index

    for path in paths:
        # As it is now: whoever writes to it meanwhile takes nothing away.
        with Index(path, mode="r") as index, index.snapshot() as stored:
            for article in stored:
                yield path, article
