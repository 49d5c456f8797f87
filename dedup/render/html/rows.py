"""Data of the page: articles, pairs and stories as short rows; texts and passages in chunks.

The page contains all rows, and loads chunks on demand. Articles are numbered by their position in
the report, so that no id becomes a key or a path.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dedup.model import OPS, RELATIONS, ArticleSummary, Origin, Overlap, Passage, Story
from dedup.model.article import Span
from dedup.model.headline import find_headline
from dedup.render.columns import visible_in_place as visible

# Target size of a chunk in characters: fast to parse, and few requests per view.
CHUNK = 200_000
_MAX_SNIPPET = 150


class ArticleRow(NamedTuple):
    """An article without its text."""

    id: str
    headline: str
    outlet: str | None
    published: datetime | None
    url: str | None
    n_chars: int
    coverage: float


class PairRow(NamedTuple):
    """An overlap without its passages."""

    a: str
    b: str
    relation: int
    similarity: float
    coverage_a: float
    coverage_b: float
    is_capped: bool
    codes: tuple[int, ...]
    snippet: str
    size: int


def article_row(summary: ArticleSummary) -> ArticleRow:
    """Return the row of an article."""
    article = summary.article
    return ArticleRow(
        visible(article.id),
        visible(find_headline(article)),
        None if article.outlet is None else visible(article.outlet),
        article.published,
        _web_address(article.url),
        len(article.text),
        round(summary.coverage, 4),
    )


def pair_row(overlap: Overlap, size: int) -> PairRow:
    """Return the row of an overlap."""
    longest = max(overlap.passages, key=lambda one: one.n_words, default=None)
    return PairRow(
        overlap.a,
        overlap.b,
        RELATIONS.index(overlap.relation),
        round(overlap.similarity, 4),
        round(overlap.coverage_a, 4),
        round(overlap.coverage_b, 4),
        overlap.capped,
        tuple(_code(passage) for passage in overlap.passages),
        _cut(longest.text_a, _MAX_SNIPPET) if longest else "",
        size,
    )


def passage_rows(overlap: Overlap) -> list[list[Any]]:
    """Return the passages of an overlap, with their changes."""
    return [
        [
            *passage.a,
            *passage.b,
            _code(passage),
            round(passage.identity, 3),
            [
                [OPS.index(edit.op), *edit.a, *edit.b, int(edit.is_fact)]
                for edit in passage.edits
                if edit.op != "kept"
            ],
            visible(passage.speaker_a or ""),
            visible(passage.speaker_b or ""),
            passage.same_speaker,
        ]
        for passage in overlap.passages
    ]


def text_row(summary: ArticleSummary, masked: Sequence[Span]) -> list[Any]:
    """Return the text of an article, and its spans of boilerplate and credits."""
    return [
        visible(summary.article.text),
        [list(span) for span in masked],
        [list(credit.span) for credit in summary.credits],
    ]


def origin_row(origin: Origin, numbers: Mapping[str, int]) -> list[Any]:
    """Return the origin of a text, with article numbers."""
    return [
        -1 if origin.source is None else numbers.get(origin.source, -1),
        visible(origin.agency or ""),
        origin.basis[0] if origin.basis else "",
        round(origin.confidence, 3),
        [numbers[rival] for rival in origin.rivals if rival in numbers],
    ]


def member_rows(story: Story, numbers: Mapping[str, int]) -> list[list[Any]]:
    """Return a row per member: number, origin, lag, coverage, shares, credit."""
    return [
        [
            numbers[member.article],
            origin_row(member.origin, numbers),
            member.lag,
            round(member.coverage, 4),
            [
                [numbers[share.article], round(share.coverage, 4), share.n_edits]
                for share in member.taken
                if share.article in numbers
            ],
            visible(member.credit or ""),
        ]
        for member in story.members
        if member.article in numbers
    ]


def chunk_numbers(sizes: Iterable[int]) -> Iterator[int]:
    """Yield the chunk of each item; chunks are about `CHUNK` characters long."""
    number = filled = 0
    for size in sizes:
        if filled and filled + size > CHUNK:
            number, filled = number + 1, 0
        filled += size
        yield number


def stories_of(stories: Sequence[Story]) -> Mapping[str, frozenset[int]]:
    """Return the stories of each article."""
    carried: defaultdict[str, set[int]] = defaultdict(set)
    for number, story in enumerate(stories):
        for member in story.members:
            carried[member.article].add(number)
    return {name: frozenset(numbers) for name, numbers in carried.items()}


def _code(passage: Passage) -> int:
    return 4 * passage.n_words + (passage.kind == "edited") + 2 * passage.quote


def _cut(text: str, width: int) -> str:
    words = visible(" ".join(text[: 4 * width].split()))
    if len(words) <= width:
        return words
    whole = words[:width].rpartition(" ")[0]
    return (whole or words[: width - 1]) + "…"


def _web_address(url: str | None) -> str | None:
    if url is None or visible(url) != url or re.search(r'[\s"<>\\]', url):
        return None
    return url if re.match(r"https?://[^/\s]", url, re.IGNORECASE) else None
