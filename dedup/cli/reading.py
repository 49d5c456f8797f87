"""Articles of the paths on the command line: of files and of indexes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from dedup.cli.inputs import check_present, is_index
from dedup.cli.options import Options
from dedup.model.article import Article, ArticleReader, Location
from dedup.text.scripts import count_mixed_words

_logger = logging.getLogger(__name__)
# Words of two scripts that a text has by chance, as a trademark or a unit.
_FEW_MIXED = 2


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
        self._n_mixed, self._mixed = 0, ""

    def __next__(self) -> Article:
        try:
            article = self._take()
        except StopIteration:
            self._warn()
            raise
        if count_mixed_words(article.text, _FEW_MIXED + 1) > _FEW_MIXED:
            self._n_mixed += 1
            self._mixed = self._mixed or article.id
        return article

    def _warn(self) -> None:
        if self._n_mixed:
            one = "1 article mixes" if self._n_mixed == 1 else f"{self._n_mixed:,} articles mix"
            _logger.warning(
                "%s letters of several scripts inside words, for example %s: such letters look "
                "alike and are compared as if they were the same",
                one,
                self._mixed,
            )
        self._n_mixed = 0

    def _take(self) -> Article:
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
