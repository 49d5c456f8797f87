from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import dedup
from dedup.cli import main
from dedup.model.article import ArticleReader

TEXT = "The minister said on Monday that the bridge over the river will open next spring.\n"


@dataclass
class Engine:
    """Stands in for the detector: takes the articles, finds nothing, remembers the call."""

    articles: list[dedup.Article] = field(default_factory=list)
    call: dict[str, Any] = field(default_factory=dict)
    failure: BaseException | None = None

    def find_overlaps(
        self,
        articles: Iterable[dedup.Article],
        params: dedup.Params | None = None,
        *,
        progress: Callable[[str, int, int | None], None] | None = None,
        **options: Any,
    ) -> dedup.Report:
        self.articles = []
        self.call = {"params": params, **options}
        for n, article in enumerate(articles, 1):
            self.articles.append(article)
            if progress:
                progress("read", n, None)
        logging.getLogger("dedup").info("searching")
        if self.failure:
            raise self.failure
        if progress:
            progress("align", 1, 1)
        summaries = tuple(dedup.ArticleSummary(article, 0.0) for article in self.articles)
        assert isinstance(articles, ArticleReader)
        skipped = tuple(articles.skipped)
        return dedup.Report(summaries, (), (), (), (), skipped, {}, {"align": 0.25}, {})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setitem(vars(dedup), "find_overlaps", engine.find_overlaps)
    return engine


@pytest.fixture
def run() -> Callable[..., Result]:
    def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a folder with two articles that share a sentence, and one that shares none."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(f"A first paragraph of its own stands here.\n\n{TEXT}")
    (folder / "b.txt").write_text(f"{TEXT}\nSomething else entirely follows below.\n")
    (folder / "c.txt").write_text("Rain is expected in the north until the weekend.\n")
    return folder
