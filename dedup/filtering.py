"""Which articles of a collection to keep: the search, then one of each set of copies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.model import Overlap, Report
from dedup.params import Params
from dedup.stages.align import align
from dedup.stages.credit import find_credits
from dedup.stages.keep import Candidate, Dropped, Link, Policy, drop_copies, drop_retold, rank
from dedup.stages.mask import mask_credits
from dedup.stages.overlap import Pieces, make_overlaps
from dedup.stages.sketch import sketch
from dedup.stages.tokenize import tokenize

# Articles that are compared with a kept one in one call.
_STEP = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """What to keep.

    Parameters
    ----------
    by : {"duplicate", "story"}
        One of all near-duplicates of one another, or one of each story.
    keep : {"earliest", "longest", "outlet"}
        Which one; see :func:`dedup.stages.keep.rank`.
    outlets : tuple of str
        Preferred outlets, the most preferred first.
    contained : bool
        Whether an article that is contained in a longer one is dropped, too.
    """

    by: Literal["duplicate", "story"] = "duplicate"
    keep: Policy = "earliest"
    outlets: tuple[str, ...] = ()
    contained: bool = False


class Filtered(NamedTuple):
    """What is not kept.

    Parameters
    ----------
    report : Report
        Of the search, without overlaps.
    dropped : dict of str to Dropped
        By id; everything else is kept.
    """

    report: Report
    dropped: dict[str, Dropped]


def find_dropped(
    articles: Iterable[Article], choice: Choice, params: Params | None = None, **search: Any
) -> Filtered:
    """Find the articles that need not be kept.

    Parameters
    ----------
    articles : iterable of Article
        The collection; ids are unique.
    choice : Choice
        What to keep.
    params : Params or None
        Of the search.
    **search
        What else `find_overlaps` takes, but for ``emit``.

    Returns
    -------
    Filtered
        What is not kept, and why. An article that cannot be compared is not in it.
    """
    params = params or Params()
    found = _Found(choice.contained)
    report = find_overlaps(articles, params, emit=found.add, **search)
    ranked = rank(_candidates(report), choice.keep, choice.outlets)
    if choice.by == "story":
        stories = {
            story.id: [member.article for member in story.members] for story in report.clusters
        }
        return Filtered(report, drop_retold(ranked, stories))
    return Filtered(report, drop_copies(ranked, found.links, _comparing(report, params, found)))


@dataclass(slots=True)
class _Found:
    """Of the overlaps, what makes one article stand for another."""

    contained: bool
    links: list[Link] = field(default_factory=list)

    def add(self, overlap: Overlap) -> None:
        self.links += self.of(overlap)

    def of(self, overlap: Overlap) -> Iterator[Link]:
        of = ("duplicate", "contains", "contained") if self.contained else ("duplicate",)
        if overlap.relation in of:
            yield Link(
                overlap.a,
                overlap.b,
                overlap.relation,
                overlap.jaccard,
                overlap.coverage_a,
                overlap.coverage_b,
                overlap.abridged,
            )


def _candidates(report: Report) -> Iterator[Candidate]:
    for summary in report.articles:
        one = summary.article
        published = one.published.timestamp() if one.published else math.inf
        yield Candidate(one.id, published, len(one.text), one.outlet)


def _comparing(
    report: Report, params: Params, found: _Found
) -> Callable[[str, list[str]], Iterator[Link]]:
    places: dict[str, int] = {}

    def load(id: str) -> Article:
        if not places:  # only widely carried texts need it
            places.update((summary.article.id, at) for at, summary in enumerate(report.articles))
        return report.articles[places[id]].article

    def compare(kept: str, others: list[str]) -> Iterator[Link]:
        for first in range(0, len(others), _STEP):
            step = [load(id) for id in (kept, *others[first : first + _STEP])]
            for overlap in _overlaps(step, params, len(report.articles)):
                yield from found.of(overlap)

    return compare


def _overlaps(articles: Sequence[Article], params: Params, n_articles: int) -> Sequence[Overlap]:
    # As `compare` would, the first with each of the others.
    texts = [article.text for article in articles]
    tokens = tokenize(texts)
    if params.boilerplate.mask_credits:
        tokens = mask_credits(tokens, [find_credits(text) for text in texts])
    pairs = np.array([(0, number) for number in range(1, len(articles))])
    aligned = align(texts, tokens, pairs, params, n_articles)
    jaccards = sketch(tokens, params.sketch).jaccard(pairs[:, 0], pairs[:, 1])
    ids = [(articles[0].id, articles[number].id) for _, number in pairs.tolist()]
    pieces = Pieces.of(tokens)
    return make_overlaps(ids, pairs, aligned.passages, pieces, jaccards, params.overlap)
