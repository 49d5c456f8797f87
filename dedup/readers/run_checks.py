"""Check what a stored run says of its articles: ids, spans, texts, order. Time is linear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dedup.model import ArticleSummary, Boilerplate, Family, Member, Origin, Overlap, Story
from dedup.model.article import Span
from dedup.model.dates import find_first, who_was_first
from dedup.model.decode import FieldError
from dedup.model.figures import N_DIGITS
from dedup.model.page_url import find_page, is_one_page
from dedup.model.passage import Passage, kind_of

# Rounding of figures.
_MAX_ROUNDED = 0.01


class RunChecker:
    """Articles of a run, and checks of all else against them."""

    def __init__(self) -> None:
        self._articles: dict[str, ArticleSummary] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._stories: set[str] = set()
        # Least share of words of an article that the other one contains, of the run's parameters.
        self.min_contained = 0.0

    def add(self, summary: ArticleSummary) -> None:
        """Check an article and keep it."""
        id = summary.article.id
        if id in self._articles:
            raise FieldError("id", f"{shorten(id)} is the id of two articles")
        self._articles[id] = summary
        for at, credit in enumerate(summary.credits):
            self._check_span(id, credit.span, f"credits[{at}].span")

    def replace(self, summary: ArticleSummary) -> None:
        """Keep an article with its text instead of the one without."""
        self._articles[summary.article.id] = summary

    def check(self, value: Overlap | Family | Story | Boilerplate) -> None:
        """Raise `FieldError` if a value contradicts the articles or itself."""
        if isinstance(value, Overlap):
            self._check_overlap(value)
        elif isinstance(value, Family):
            self._check_family(value)
        elif isinstance(value, Story):
            self._check_story(value)
        else:
            self._check_boilerplate(value)

    def _check_overlap(self, overlap: Overlap) -> None:
        a, b = overlap.a, overlap.b
        self._check_ids("a", [a])
        self._check_ids("b", [b])
        if a == b:
            raise FieldError("b", f"{shorten(b)} is also 'a'")
        if (min(a, b), max(a, b)) in self._pairs:
            raise FieldError("b", f"the pair of {shorten(a)} and {shorten(b)} has two overlaps")
        self._pairs.add((min(a, b), max(a, b)))
        self._check_relation(overlap)
        self._check_coverage(overlap)
        for at, passage in enumerate(overlap.passages):
            where = f"passages[{at}]"
            for side in "ab":
                self._check_side(getattr(overlap, side), passage, side, where)
            _check_words(passage.n_words, [passage.a, passage.b], f"{where}.n_words")
            _check_kind(passage, f"{where}.kind")
            for number, edit in enumerate(passage.edits):
                for side in "ab":
                    own, whole = getattr(edit, side), getattr(passage, side)
                    if not whole.start <= own.start <= own.end <= whole.end:
                        field = f"{where}.edits[{number}]"
                        raise FieldError(field, f"span {list(own)} is outside the passage's {side}")

    def _check_relation(self, overlap: Overlap) -> None:
        """Check a relation against the passages, the URLs and the similarity."""
        relation, is_counted = overlap.relation, overlap.is_counted
        pages = (find_page(self._articles[id].article) for id in (overlap.a, overlap.b))
        if (relation == "none") == is_counted:
            raise FieldError("relation", f"{relation!r} does not fit the passages")
        if overlap.version != (is_counted and is_one_page(*pages)):
            raise FieldError("version", "does not fit the URLs of the articles")
        # The mean share of words that are in the other article is at most twice the similarity.
        least = {"duplicate": 2, "contains": 1, "contained": 1}.get(relation, 0)
        if 4 * overlap.similarity < least * self.min_contained - _MAX_ROUNDED:
            said = f"{relation!r} does not fit similarity {overlap.similarity}"
            raise FieldError("relation", f"{said}: too few words are in both")

    def _check_coverage(self, overlap: Overlap) -> None:
        """Check a coverage against the passages and against that of the article by all pairs."""
        for side, id in (("coverage_a", overlap.a), ("coverage_b", overlap.b)):
            found, whole = getattr(overlap, side), self._articles[id].coverage
            if found and not overlap.is_counted:
                raise FieldError(side, f"{found} does not fit the passages: none counts")
            if found > whole + 10**-N_DIGITS and not overlap.version:
                raise FieldError(
                    side, f"{found} is more than {whole} of {shorten(id)} by all pairs"
                )

    def _check_side(self, id: str, passage: Passage, side: str, where: str) -> None:
        span, text = getattr(passage, side), getattr(passage, f"text_{side}")
        self._check_span(id, span, f"{where}.{side}")
        field = f"{where}.text_{side}"
        if len(text) != span.end - span.start:
            raise FieldError(field, f"is not as long as span {side}")
        if self._has_text(id) and self._cut(id, span) != text:
            raise FieldError(field, f"is not the text of span {side} in {shorten(id)}")

    def _check_family(self, family: Family) -> None:
        _check_filled("occurrences", family.occurrences)
        for at, one in enumerate(family.occurrences):
            self._check_span(one.article, one.span, f"occurrences[{at}]")
        spans = [one.span for one in family.occurrences]
        _check_words(family.n_words, spans, "n_words")
        names = list(dict.fromkeys(one.article for one in family.occurrences))
        if len(names) < 2:
            raise FieldError("occurrences", "must be of two or more articles")
        self._check_ids("earliest", [family.earliest] if family.earliest is not None else [])
        first = self._find_first(names)
        if family.earliest != (first[0] if len(first) == 1 else None):
            raise _not_first(family.earliest, first)
        if family.earliest not in (None, names[0]):
            raise FieldError("occurrences[0]", "must be of the earliest article")

    def _check_story(self, story: Story) -> None:
        _check_filled("provenance", story.members)
        names = [member.article for member in story.members]
        for at, name in enumerate(names):
            self._check_ids(f"provenance[{at}].article", [name])
        self._check_ids("earliest", story.earliest)
        members = frozenset(names)
        if len(members) < max(len(names), 2):
            raise FieldError("provenance", "must be of two or more articles, each one once")
        if story.id in self._stories:
            raise FieldError("id", f"{shorten(story.id)} is the id of two stories")
        self._stories.add(story.id)
        first = self._find_first(names)
        if set(story.earliest) != set(first):
            raise _not_first(", ".join(story.earliest) or None, first)
        self._check_origin(story.origin, "", members)
        for at, member in enumerate(story.members):
            self._check_member(member, f"provenance[{at}].", members)

    def _check_member(self, member: Member, prefix: str, members: frozenset[str]) -> None:
        self._check_origin(member.origin, prefix, members)
        if member.origin.source == member.article:
            raise FieldError(f"{prefix}source", f"{shorten(member.article)} is the article itself")
        field = f"{prefix}taken"
        self._check_members(field, [share.article for share in member.taken], members)
        own = self._articles[member.article].article.published
        for share in member.taken:
            if share.article == member.article:
                raise FieldError(field, f"{shorten(share.article)} is the article itself")
            if who_was_first(own, self._articles[share.article].article.published) == 0:
                raise FieldError(field, f"{shorten(share.article)} is later than the article")
        if sum(share.coverage for share in member.taken) > 1 + _MAX_ROUNDED:
            raise FieldError(field, "has more than the whole article")

    def _check_origin(self, origin: Origin, prefix: str, members: frozenset[str]) -> None:
        named = [origin.source] if origin.source is not None else []
        self._check_members(f"{prefix}source", named, members)
        self._check_members(f"{prefix}rivals", origin.rivals, members)
        if origin != Origin():
            _check_filled(f"{prefix}basis", origin.basis)
            if (origin.source is None) == (origin.agency is None):
                raise FieldError(f"{prefix}source", "needs either a source or an agency")

    def _check_boilerplate(self, boilerplate: Boilerplate) -> None:
        for at, (id, span) in enumerate(boilerplate.occurrences):
            self._check_span(id, span, f"occurrences[{at}]")
            if boilerplate.outlet not in (None, self._articles[id].article.outlet):
                raise FieldError(f"occurrences[{at}]", "is of another outlet")
        n_articles = len({id for id, _ in boilerplate.occurrences})
        if n_articles != boilerplate.n_articles:
            raise FieldError(
                "n_articles", f"must be {n_articles:,}, the number of articles of the occurrences"
            )

    def _check_members(self, field: str, ids: Sequence[str], members: frozenset[str]) -> None:
        self._check_ids(field, ids)
        for id in ids:
            if id not in members:
                raise FieldError(field, f"{shorten(id)} is no article of the story")

    def _check_ids(self, field: str, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self._articles:
                raise FieldError(field, f"{shorten(id)} is no article of the run")

    def _check_span(self, id: str, span: Span, field: str) -> None:
        self._check_ids(field, [id])
        n_chars = self._articles[id].n_chars
        if span.end > n_chars:
            raise FieldError(
                field,
                f"span {list(span)} is outside the {n_chars} code points of article {shorten(id)}",
            )

    def _find_first(self, names: Sequence[str]) -> list[str]:
        found = find_first([self._articles[name].article.published for name in names])
        return [names[at] for at in found]

    def _has_text(self, id: str) -> bool:
        return self._articles[id].record is None

    def _cut(self, id: str, span: Span) -> str:
        return self._articles[id].article.text[slice(*span)]


def _not_first(earliest: str | None, first: Sequence[str]) -> FieldError:
    dated = "no single article" if len(first) != 1 else shorten(first[0])
    named = shorten(earliest) if earliest is not None else "null"
    return FieldError("earliest", f"{named} does not fit the dates: {dated} is the first")


def _check_words(n_words: int, spans: Iterable[Span], field: str) -> None:
    """Check a number of words: each has a code point or more."""
    most = max(span.end - span.start for span in spans)
    if not 0 < n_words <= most:
        raise FieldError(field, f"must be in [1, {most}], the code points of the passage")


def _check_kind(passage: Passage, field: str) -> None:
    """Check that a kind follows from the identity and the edits; the identity is rounded."""
    near = (passage.identity - 10**-N_DIGITS, passage.identity, passage.identity + 10**-N_DIGITS)
    kinds = dict.fromkeys(kind_of(identity, passage.edits) for identity in near)
    if passage.kind not in kinds:
        raise FieldError(
            field, f"{passage.kind!r} does not fit identity {passage.identity} and the edits"
        )


def _check_filled(field: str, values: Sequence[Any]) -> None:
    if not values:
        raise FieldError(field, "must not be empty")


def shorten(id: str) -> str:
    """Quote an id for a message, at most 40 characters of it."""
    return repr(id if len(id) <= 40 else f"{id[:37]}...")
