"""Choose the articles of a collection to keep: search, then keep one of each set of copies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

import numpy as np

from dedup.align.overlap import Pieces
from dedup.group.keep import Candidate, DroppedArticle, Link, Policy, drop_copies, drop_retold, rank
from dedup.mask.furniture import mark_furniture
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


class Copies:
    """Articles of exactly one text, however short.

    `old` has the ids of articles that are kept, and whose copies are dropped.
    """

    def __init__(self) -> None:
        self.old: set[str] = set()
        self._by_text: dict[bytes, Candidate | list[Candidate]] = {}

    def add(self, article: Article, *, is_old: bool) -> None:
        """Add an article of the search."""
        if is_old:
            self.old.add(article.id)
        text = article.text.encode("utf-8", "surrogatepass")
        key, own = blake2b(text, digest_size=16).digest(), _candidate(article)
        before = self._by_text.setdefault(key, own)
        if isinstance(before, list):
            before.append(own)
        elif before is not own:
            self._by_text[key] = [before, own]

    def groups(self, choice: Choice) -> Iterator[list[Candidate]]:
        """Yield the articles of each text, the one to keep first."""
        for group in self._by_text.values():
            if isinstance(group, list):
                ranked = rank(group, choice.keep, choice.outlets)
                yield sorted(ranked, key=lambda one: one.id not in self.old)


def find_dropped(
    articles: Iterable[Article],
    choice: Choice,
    params: Params | None = None,
    copies: Copies | None = None,
    **search: Any,
) -> Filtered:
    """Find the articles to drop; `copies` is complete once all articles are read."""
    params = params or Params()
    found = _LinkCollector(choice.contained)
    report = find_overlaps(articles, params, emit=found.add, **search)
    copies = copies or Copies()
    groups = list(copies.groups(choice))
    if choice.by == "story":
        stories = {
            story.id: [member.article for member in story.members] for story in report.stories
        }
        told = {id for members in stories.values() for id in members}
        ranked = rank(_candidates(report, told, {}), choice.keep, choice.outlets)
        dropped = drop_retold(sorted(ranked, key=lambda one: one.id not in copies.old), stories)
        for best, *others in groups:
            kept = dropped[best.id].duplicate_of if best.id in dropped else best.id
            for one in others:
                dropped.setdefault(one.id, DroppedArticle(kept, "duplicate", 1.0, 1.0, 1.0))
        return Filtered(report, dropped)
    places: dict[str, int] = {}
    linked = {id for link in found.links for id in link[:2]}
    candidates = {one.id: one for one in _candidates(report, linked, places)}
    for group in groups:
        candidates |= {one.id: one for one in group}
        best, *others = group
        found.links += [Link(best.id, one.id, "duplicate", 1.0, 1.0, 1.0, 1.0) for one in others]
    ranked = rank(candidates.values(), choice.keep, choice.outlets)
    comparing = _PairComparer(report, params, found, places)
    verdicts = drop_copies(ranked, found.links, comparing.compare, choice.max_rounds, copies.old)
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
            yield _candidate(one)


def _candidate(article: Article) -> Candidate:
    published = article.published.timestamp() if article.published else math.inf
    return Candidate(article.id, published, len(article.text), article.outlet)


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
        texts = [article.text for article in articles]
        tokens = mark_furniture(tokenize(texts), texts)
        tokens = mask_spans(tokens, [self._masked(summary) for summary in summaries])
        pairs = np.array([(0, number) for number in range(1, len(summaries))])
        sketches, n_articles = sketch(tokens, params.sketch), len(self._report.articles)
        loaded, pieces = LoadedArticles(articles, tokens), Pieces.from_tokens(tokens)
        table = overlap_pairs(loaded, pairs, pieces, sketches, params, n_articles)
        return table.drop_empty()[0].read(articles)
