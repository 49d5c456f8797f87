"""Choose the articles of a collection to keep: search, then keep one of each set of copies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from dedup.align.overlap import Pieces
from dedup.group.keep import Candidate, DroppedArticle, Link, Policy, drop_copies, drop_retold, rank
from dedup.mask.mask import mask_spans
from dedup.model import ArticleSummary, Overlap, Report
from dedup.model.article import Article, Span
from dedup.params import Params
from dedup.pipeline.collection import LoadedArticles
from dedup.pipeline.report import find_overlaps
from dedup.pipeline.search import overlap_pairs
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import tokenize

# Articles to compare with a kept article in one call.
_STEP = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """Selection rules."""

    by: Literal["duplicate", "story"] = "duplicate"
    keep: Policy = "earliest"
    outlets: tuple[str, ...] = ()
    contained: bool = False
    max_rounds: int = 8


class Filtered(NamedTuple):
    """Result of a filter."""

    report: Report
    dropped: dict[str, DroppedArticle]
    n_unsure: int = 0


def find_dropped(
    articles: Iterable[Article], choice: Choice, params: Params | None = None, **search: Any
) -> Filtered:
    """Find the articles to drop."""
    params = params or Params()
    found = _LinkCollector(choice.contained)
    report = find_overlaps(articles, params, emit=found.add, **search)
    if choice.by == "story":
        stories = {
            story.id: [member.article for member in story.members] for story in report.stories
        }
        told = {id for members in stories.values() for id in members}
        ranked = rank(_candidates(report, told, {}), choice.keep, choice.outlets)
        return Filtered(report, drop_retold(ranked, stories))
    places: dict[str, int] = {}
    linked = {id for link in found.links for id in link[:2]}
    ranked = rank(_candidates(report, linked, places), choice.keep, choice.outlets)
    comparing = _PairComparer(report, params, found, places)
    verdicts = drop_copies(ranked, found.links, comparing.compare, choice.max_rounds)
    return Filtered(report, *verdicts)


class _LinkCollector:
    """Collects the overlaps that make one article a substitute for another."""

    def __init__(self, contained: bool) -> None:
        self.links: list[Link] = []
        self.relations = ("duplicate", "contains", "contained") if contained else ("duplicate",)

    def add(self, overlap: Overlap) -> None:
        self.links += self.read_links(overlap)

    def read_links(self, overlap: Overlap) -> Iterator[Link]:
        if overlap.relation in self.relations:
            yield Link(
                overlap.a,
                overlap.b,
                overlap.relation,
                overlap.similarity,
                overlap.jaccard,
                overlap.coverage_a,
                overlap.coverage_b,
                overlap.capped,
            )


def _candidates(report: Report, ids: set[str], places: dict[str, int]) -> Iterator[Candidate]:
    """Yield the articles with some ids, and record their positions in the report."""
    for at, summary in enumerate(report.articles):
        one = summary.article
        if one.id in ids:
            places[one.id] = at
            published = one.published.timestamp() if one.published else math.inf
            yield Candidate(one.id, published, len(one.text), one.outlet)


class _PairComparer:
    """Compares articles of a report as the search does: without masked text."""

    def __init__(
        self, report: Report, params: Params, found: _LinkCollector, places: dict[str, int]
    ) -> None:
        self._report, self._params, self._found, self._places = report, params, found, places

    def compare(self, kept: str, others: list[str]) -> Iterator[Link]:
        """Yield the links between a kept article and others."""
        for first in range(0, len(others), _STEP):
            ids = (kept, *others[first : first + _STEP])
            step = [self._report.articles[self._places[id]] for id in ids]
            for overlap in self._overlaps(step):
                yield from self._found.read_links(overlap)

    @cached_property
    def _boilerplate(self) -> dict[str, list[Span]]:
        spans: dict[str, list[Span]] = {}
        for one in self._report.boilerplate:
            for id, span in one.occurrences:
                spans.setdefault(id, []).append(span)
        return spans

    def _masked(self, summary: ArticleSummary) -> list[Span]:
        credits = summary.credits if self._params.boilerplate.mask_credits else ()
        of_outlet = self._boilerplate.get(summary.article.id, [])
        return [*(credit.span for credit in credits), *of_outlet]

    def _overlaps(self, summaries: Sequence[ArticleSummary]) -> Iterator[Overlap]:
        # Pair the first with each of the others.
        params, articles = self._params, [summary.article for summary in summaries]
        tokens = tokenize([article.text for article in articles])
        tokens = mask_spans(tokens, [self._masked(summary) for summary in summaries])
        pairs = np.array([(0, number) for number in range(1, len(summaries))])
        sketches, n_articles = sketch(tokens, params.sketch), len(self._report.articles)
        loaded, pieces = LoadedArticles(articles, tokens), Pieces.from_tokens(tokens)
        table = overlap_pairs(loaded, pairs, pieces, sketches, params, n_articles)
        return table.drop_empty()[0].read(articles)
