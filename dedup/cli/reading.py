"""Articles of the paths on the command line: of files and of indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dedup.cli.inputs import check_present, is_index
from dedup.cli.options import Options
from dedup.model.article import Article, ArticleReader, Location


class ArticleInput(ArticleReader):
    """Reader of articles, first of indexes, then of files."""

    def __init__(self, paths: Sequence[str], given: Options) -> None:
        from dedup import read

        super().__init__()
        check_present(paths)
        stored = [path for path in paths if is_index(path)]
        self._stored = _load(stored) if stored else iter(())
        files = [path for path in paths if not is_index(path)]
        options: dict[str, Any] = {**given.fields, **given.reading}
        self._read = read(*files, strict=given.strict, **options)
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
        # A snapshot: concurrent writers do not change it.
        with Index(path, mode="r") as index, index.snapshot() as stored:
            for article in stored:
                yield path, article
