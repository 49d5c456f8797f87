"""Links of a filter from aligned passages, and the comparison of pairs that the search left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from dedup.align.overlap import Pieces
from dedup.group.keep import Link
from dedup.mask.credit import find_credits
from dedup.mask.furniture import mark_furniture
from dedup.mask.mask import mask_spans
from dedup.model import ArticleSummary, Overlap, Report
from dedup.model.article import Credit, Span
from dedup.model.census import Census
from dedup.params import Params
from dedup.pipeline.collection import LoadedArticles
from dedup.pipeline.search import overlap_pairs
from dedup.sketches.sketch import sketch
from dedup.text.tokenize import tokenize

# Articles to compare with a kept article in one call.
_STEP = 64


class LinkCollector:
    """Collects the overlaps that make one article a substitute for another."""

    def __init__(self, contained: bool, min_similarity: float = 0.0) -> None:
        self.links: list[Link] = []
        self._min_similarity = min_similarity
        self.relations = ("duplicate", "contains", "contained") if contained else ("duplicate",)

    def add(self, overlap: Overlap) -> None:
        """Collect the link of an overlap, if it is one."""
        self.links += self.read_links(overlap)

    def read_links(self, overlap: Overlap) -> Iterator[Link]:
        """Yield the link of an overlap, if it is one."""
        relation = overlap.relation
        if relation in self.relations and overlap.similarity >= self._min_similarity:
            yield Link(
                overlap.a,
                overlap.b,
                relation,
                overlap.similarity,
                overlap.jaccard,
                overlap.coverage_a,
                overlap.coverage_b,
                overlap.capped,
            )


class PairComparer:
    """Compares articles of a report as the search does: without masked text.

    Parameters
    ----------
    n_articles : int or None
        Articles that were searched; None for those of the report.
    """

    def __init__(
        self,
        report: Report,
        params: Params,
        found: LinkCollector,
        n_articles: int | None = None,
    ) -> None:
        self._report, self._params, self._found = report, params, found
        self._census = Census(len(report.articles) if n_articles is None else n_articles)

    def compare(self, kept: str, others: list[str]) -> Iterator[Link]:
        """Yield the links between a kept article and others."""
        for first in range(0, len(others), _STEP):
            ids = (kept, *others[first : first + _STEP])
            step = [self._report.articles[self._places[id]] for id in ids]
            for overlap in self._overlaps(step):
                yield from self._found.read_links(overlap)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {summary.article.id: at for at, summary in enumerate(self._report.articles)}

    @cached_property
    def _boilerplate(self) -> dict[str, list[Span]]:
        spans: dict[str, list[Span]] = {}
        for one in self._report.boilerplate:
            for id, span in one.occurrences:
                spans.setdefault(id, []).append(span)
        return spans

    def _masked(self, summary: ArticleSummary) -> list[Span]:
        credits: tuple[Credit, ...] = ()
        if self._params.boilerplate.mask_credits:
            # Those of agencies, as in the report; outlets of a collection do not mask.
            credits = find_credits(summary.article.text)
        of_outlet = self._boilerplate.get(summary.article.id, [])
        return [*(credit.span for credit in credits), *of_outlet]

    def _overlaps(self, summaries: Sequence[ArticleSummary]) -> Iterator[Overlap]:
        # Pair the first with each of the others.
        params, articles = self._params, [summary.article for summary in summaries]
        texts = [article.text for article in articles]
        tokens = mark_furniture(tokenize(texts), texts)
        tokens = mask_spans(tokens, [self._masked(summary) for summary in summaries])
        pairs = np.array([(0, number) for number in range(1, len(summaries))])
        sketches, pieces = sketch(tokens, params.sketch), Pieces.from_tokens(tokens)
        loaded = LoadedArticles(articles, tokens)
        table = overlap_pairs(loaded, pairs, pieces, sketches, self._census, params)
        return table.drop_empty()[0].read(articles)
