"""What is said of a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dedup.model.article import Article, Credit, Skipped, Span
from dedup.model.passage import Overlap
from dedup.model.story import Cluster, Origin

SCHEMA = 1
_NOT_TRACED = Origin(None, None, "unknown", 0.0)
Basis = Literal["outlet", "spread"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the passage of a family stands.

    Parameters
    ----------
    article : str
        Id of the article.
    span : Span
        Where in it.
    identity : float
        Words aligned to an equal word of the representative, as a fraction of the longer of
        the two, in [0, 1].
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
        The representative, which most are most like, then all others by article and span.
    origin : Origin
        Where the passage most likely comes from.
    earliest : tuple of str
        Ids of the articles in which it was seen first, several if their dates are a tie; none
        if no date is known.
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
        Whose articles; None for articles whose outlet is not known.
    text : str
        The text as most of the articles have it.
    n_articles : int
        Different articles that have it.
    occurrences : tuple of (str, Span)
        Id of the article and where in it, by id. Wordings that differ at the ends are
        among them.
    basis : {"outlet", "spread"}
        Whether one outlet repeats it, or, without knowing outlets, it is merely spread over
        many unrelated articles.
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
    """What a report says of one article.

    Parameters
    ----------
    article : Article
        The article itself.
    coverage : float
        Share of its characters inside any reported passage, in [0, 1]. What is masked, as
        boilerplate or a credit, does not count.
    credits : tuple of Credit
        Whom it says it has its text from, in its order.
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
    """What was found among a collection of articles.

    Parameters
    ----------
    articles : sequence of ArticleSummary
        Every article that was compared, by id; a tuple, unless overlaps were emitted.
    overlaps : tuple of Overlap
        Every pair that shares a passage, by (a, b), where ``a < b``.
    families : tuple of Family
        What more than one article has, each passage once, by article and span of the
        representatives.
    clusters : tuple of Cluster
        The stories, those first that most articles carry.
    boilerplate : tuple of Boilerplate
        What outlets repeat across their own articles; it is in no passage.
    skipped : tuple of Skipped
        Inputs that were not compared, and why.
    params : Mapping[str, Any]
        The parameters of the run, as plain values.
    timings : Mapping[str, float]
        Seconds by stage.
    counts : Mapping[str, int]
        What the stages saw and did, candidates left aside by a cap among them.
    """

    articles: Sequence[ArticleSummary]
    overlaps: tuple[Overlap, ...]
    families: tuple[Family, ...]
    clusters: tuple[Cluster, ...]
    boilerplate: tuple[Boilerplate, ...]
    skipped: tuple[Skipped, ...]
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
