"""Data of the page: articles, pairs and stories as short rows; texts and passages in chunks.

The page contains all rows, and loads chunks on demand. Articles are numbered by their position in
the report, so that no id becomes a key or a path.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from dedup.model import (
    KINDS,
    OPS,
    RELATIONS,
    ROLES,
    ArticleSummary,
    Family,
    Origin,
    Overlap,
    Passage,
    Story,
)
from dedup.model.article import Span
from dedup.model.headline import find_headline
from dedup.model.passage import LEAST_COUNTED
from dedup.render.columns import visible_in_place as visible
from dedup.render.naming import count_same_words

# Target size of a chunk in characters: fast to parse, and few requests per view.
CHUNK = 200_000
_MAX_SNIPPET = 150
_MAX_CARRIED = 3


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
        summary.n_chars,
        summary.coverage,
    )


def pair_row(overlap: Overlap, size: int) -> PairRow:
    """Return the row of an overlap."""
    strongest = max(overlap.passages, key=_strength, default=None)
    return PairRow(
        overlap.a,
        overlap.b,
        len(RELATIONS) if overlap.version else RELATIONS.index(overlap.relation),
        overlap.similarity,
        overlap.coverage_a,
        overlap.coverage_b,
        overlap.capped,
        tuple(_code(passage) for passage in overlap.passages),
        _cut(strongest.text_a, _MAX_SNIPPET) if strongest else "",
        size,
    )


def passage_rows(overlap: Overlap) -> list[list[Any]]:
    """Return the passages of an overlap, with their changes."""
    return [
        [
            *passage.a,
            *passage.b,
            _code(passage),
            passage.identity,
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
        origin.confidence,
        [numbers[rival] for rival in origin.rivals if rival in numbers],
    ]


def member_rows(story: Story, numbers: Mapping[str, int]) -> list[list[Any]]:
    """Return a row per member: number, origin, lag, coverage, shares, credit."""
    return [
        [
            numbers[member.article],
            origin_row(member.origin, numbers),
            member.lag,
            member.coverage,
            [
                [numbers[share.article], share.coverage, share.n_edits]
                for share in member.taken
                if share.article in numbers
            ],
            visible(member.credit or ""),
            [numbers[one] for one in member.versions if one in numbers],
        ]
        for member in story.members
        if member.article in numbers
    ]


def most_carried(
    stories: Sequence[Story], families: Iterable[Family]
) -> list[list[tuple[int, Family]]]:
    """Return for each story its most carried passages, and how many of its articles have each."""
    homes = stories_of(stories)
    of_version = _members_of(stories)
    none: frozenset[int] = frozenset()
    found: list[list[tuple[int, Family]]] = [[] for _ in stories]
    for family in families:
        names = {of_version.get(one.article, one.article) for one in family.occurrences}
        counts = Counter(number for name in names for number in homes.get(name, none))
        for number in homes.get(family.occurrences[0].article, none):
            if counts[number] > 1:
                found[number].append((counts[number], family))
    return [_without_parts(some) for some in found]


def _members_of(stories: Iterable[Story]) -> Mapping[str, str]:
    """Return the member that stands for each other version."""
    return {
        one: member.article for story in stories for member in story.members
        for one in member.versions
    }  # fmt: skip


def _without_parts(carried: list[tuple[int, Family]]) -> list[tuple[int, Family]]:
    """Choose the most carried passages, none of them mostly inside of those before it."""
    chosen: list[tuple[int, Family]] = []
    seen: defaultdict[str, list[Span]] = defaultdict(list)
    for n, family in sorted(carried, key=lambda one: (-one[0], -one[1].n_words)):
        if len(chosen) == _MAX_CARRIED:
            break
        first = family.occurrences[0]
        start, end = first.span
        n_seen = sum(
            max(0, min(end, span.end) - max(start, span.start)) for span in seen[first.article]
        )
        if 2 * n_seen < end - start:
            chosen.append((n, family))
            for one in family.occurrences:
                seen[one.article].append(one.span)
    return chosen


def carried_rows(
    families: Sequence[tuple[int, Family]],
    story: Story,
    numbers: Mapping[str, int],
    articles: Sequence[ArticleSummary],
) -> list[list[int]]:
    """Return a row per passage.

    It has the article, the span, the number of articles, how many of them have the same words, and
    the number of words, 0 if unknown.
    """
    names = {one.article for _, family in families for one in family.occurrences}
    of_version = _members_of([story])
    names &= {*of_version, *(member.article for member in story.members)}
    texts = {name: articles[numbers[name]].article.text for name in names}
    rows = []
    for n, family in families:
        own: defaultdict[str, list[str]] = defaultdict(list)
        for one in family.occurrences:
            if one.article in texts:
                member = of_version.get(one.article, one.article)
                own[member].append(texts[one.article][slice(*one.span)])
        first = family.occurrences[0]
        said = texts[first.article][slice(*first.span)]
        n_same = count_same_words(said, own.values())
        # The number is that of the representative, which may have other words.
        n_words = family.n_words if first.identity == 1 else 0
        rows.append([numbers[first.article], *first.span, n, n_same, n_words])
    return rows


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
            for name in (member.article, *member.versions):
                carried[name].add(number)
    return {name: frozenset(numbers) for name, numbers in carried.items()}


def is_counted(code: int) -> bool:
    """Return whether a passage with this code counts as shared text."""
    return not code & 16 and code >> 5 & 127 >= round(100 * LEAST_COUNTED)


def _code(passage: Passage) -> int:
    """Return bits of a passage: kind (2), quote (1), role (2), confidence in % (7), words."""
    role = ROLES.index(passage.role)
    # Nothing uncertain is 100 % sure, and what does not count is below the least percentage.
    most = 99 if passage.confidence >= LEAST_COUNTED else round(100 * LEAST_COUNTED) - 1
    sure = min(round(100 * passage.confidence), most)
    flags = KINDS.index(passage.kind) + 4 * passage.quote + 8 * role + 32 * sure
    return 4096 * passage.n_words + flags


def _strength(passage: Passage) -> tuple[bool, float]:
    return passage.is_counted, passage.confidence * passage.identity * passage.n_words


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
