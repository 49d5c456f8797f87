"""What is said of a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dedup.model.article import Article, Credit, SkippedRecord, Span
from dedup.model.passage import Overlap
from dedup.model.story import Origin, Story

SCHEMA = 1
_NOT_TRACED = Origin(None, None, "unknown", 0.0)
Basis = Literal["outlet", "spread"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place of a family's passage.

    Parameters
    ----------
    article : str
        Id of the article.
    span : Span
        Code points in it.
    identity : float
        Words that equal the representative's, as a fraction of the words of the longer of the two,
        in [0, 1].
    """

    article: str
    span: Span
    identity: float

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "article": self.article,
            "span": list(self.span),
            "identity": round(self.identity, 4),
        }


@dataclass(frozen=True, slots=True)
class Family:
    """Every occurrence of one passage across articles.

    Parameters
    ----------
    id : str
        Digest of the words of the representative: the same in every run, and after further
        copies as long as they do not change which words represent the family.
    n_words : int
        Words of the representative.
    occurrences : tuple of Occurrence
        The representative, which resembles most others, then the others by article and span.
    origin : Origin
        The most likely source of the passage.
    earliest : tuple of str
        Ids of the articles with the first date, several for a tie; empty if no date is known.
    """

    id: str
    n_words: int
    occurrences: tuple[Occurrence, ...]
    origin: Origin = _NOT_TRACED
    earliest: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "type": "family",
            "id": self.id,
            "n_words": self.n_words,
            "occurrences": [occurrence.to_dict() for occurrence in self.occurrences],
            "origin": self.origin.to_dict(),
            "earliest": list(self.earliest),
        }


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A text that one outlet repeats across its own unrelated articles.

    Parameters
    ----------
    outlet : str or None
        Its publisher; None if the outlets of its articles are not known.
    text : str
        The text in most of the articles.
    n_articles : int
        Number of different articles with it.
    occurrences : tuple of (str, Span)
        Id of the article and code points in it, by id; with wordings that differ at the ends.
    basis : {"outlet", "spread"}
        ``outlet`` if one outlet repeats it; ``spread`` if outlets are not known and many unrelated
        articles have it.
    """

    outlet: str | None
    text: str
    n_articles: int
    occurrences: tuple[tuple[str, Span], ...] = field(repr=False)
    basis: Basis

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "type": "boilerplate",
            "outlet": self.outlet,
            "text": self.text,
            "n_articles": self.n_articles,
            "basis": self.basis,
            "occurrences": [
                {"article": name, "span": list(span)} for name, span in self.occurrences
            ],
        }


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """One article of a report.

    Parameters
    ----------
    article : Article
        The article itself.
    coverage : float
        Share of its characters inside any reported passage, in [0, 1]; masked text (boilerplate,
        credits) does not count.
    credits : tuple of Credit
        The sources that it names, in its order.
    """

    article: Article
    coverage: float
    credits: tuple[Credit, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        article = self.article
        return {
            "type": "article",
            "id": article.id,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
            "title": article.title,
            "url": article.url,
            "n_chars": len(article.text),
            "coverage": round(self.coverage, 4),
            "credits": [credit.to_dict() for credit in self.credits],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The reuse found in a collection of articles.

    Parameters
    ----------
    articles : sequence of ArticleSummary
        Every compared article, by id; a tuple, unless overlaps were emitted.
    overlaps : tuple of Overlap
        Every pair that shares a passage, by (a, b), where ``a < b``.
    families : tuple of Family
        Every passage once, with all its articles, by article and span of the representatives.
    stories : tuple of Story
        The stories, the most widely carried first.
    boilerplate : tuple of Boilerplate
        Text that outlets repeat across their own articles; it is in no passage.
    skipped : tuple of SkippedRecord
        Inputs that were not compared, with the reason.
    params : Mapping[str, Any]
        The parameters of the run, as plain values.
    timings : Mapping[str, float]
        Seconds by stage.
    counts : Mapping[str, int]
        Counts of each stage, with the candidates that a cap left out.
    """

    articles: Sequence[ArticleSummary]
    overlaps: tuple[Overlap, ...]
    families: tuple[Family, ...]
    stories: tuple[Story, ...]
    boilerplate: tuple[Boilerplate, ...]
    skipped: tuple[SkippedRecord, ...]
    params: Mapping[str, Any]
    timings: Mapping[str, float]
    counts: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the ``run`` object of schema 1, without the version of the package."""
        return {
            "type": "run",
            "schema": SCHEMA,
            "n_articles": len(self.articles),
            "n_skipped": len(self.skipped),
            "params": dict(self.params),
            "counts": dict(self.counts),
        }
