"""The report on a collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dedup.errors import MissingExtra
from dedup.model.article import Article, Credit, SkippedRecord, Span, TextRecord, record_text
from dedup.model.figures import round_fields
from dedup.model.passage import Overlap
from dedup.model.story import Story

SCHEMA = 2
Basis = Literal["outlet", "spread"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a family's passage.

    Parameters
    ----------
    article : str
        Id of the article.
    span : Span
        Span in the article.
    identity : float
        Words equal to the representative's, as a fraction of the longer text's words, in [0, 1].
    """

    article: str
    span: Span
    identity: float

    def __post_init__(self) -> None:
        round_fields(self, "identity")

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "article": self.article,
            "span": list(self.span),
            "identity": self.identity,
        }


@dataclass(frozen=True, slots=True)
class Family:
    """Every occurrence of one passage across articles.

    Parameters
    ----------
    id : str
        Digest of the representative's words. It is the same in every run and changes only with the
        representative.
    n_words : int
        Words of the representative.
    occurrences : tuple of Occurrence
        First that of the earliest article, or, if it is not known, the representative, which
        resembles the most others; then the rest by article and span.
    earliest : str or None
        Id of the article with the first date; None if several are tied or no date is known.
    """

    id: str
    n_words: int
    occurrences: tuple[Occurrence, ...]
    earliest: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        return {
            "type": "family",
            "id": self.id,
            "n_words": self.n_words,
            "occurrences": [occurrence.to_dict() for occurrence in self.occurrences],
            "earliest": self.earliest,
        }


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Text that one outlet repeats across its own unrelated articles.

    Parameters
    ----------
    outlet : str or None
        The publisher; None if unknown.
    text : str
        Its most frequent wording.
    n_articles : int
        Number of articles that contain it.
    occurrences : tuple of (str, Span)
        Article ids and spans, by id; the wording may differ at the ends.
    basis : {"outlet", "spread"}
        ``outlet`` if one outlet repeats it; ``spread`` if outlets are unknown and many unrelated
        articles contain it.
    """

    outlet: str | None
    text: str
    n_articles: int
    occurrences: tuple[tuple[str, Span], ...] = field(repr=False)
    basis: Basis

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
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
        The article.
    coverage : float
        Share of its characters inside reported passages, in [0, 1], without masked text
        (boilerplate, credits).
    credits : tuple of Credit
        The sources that it names, in text order.
    record : TextRecord or None
        Length and digest of its text if `article` lacks it, as in a run that stores no texts.
    """

    article: Article
    coverage: float
    credits: tuple[Credit, ...] = ()
    record: TextRecord | None = None

    def __post_init__(self) -> None:
        round_fields(self, "coverage")

    @property
    def n_chars(self) -> int:
        """Code points of the text."""
        return self.record.n_chars if self.record else len(self.article.text)

    def to_dict(self, *, with_text: bool = False) -> dict[str, Any]:
        """Return the JSON object of schema 2.

        Parameters
        ----------
        with_text : bool
            Whether it has the text and the other fields of the record.
        """
        article = self.article
        record = self.record or record_text(article.text)
        text = {"text": article.text, "extra": dict(article.extra)} if with_text else {}
        return {
            "type": "article",
            "id": article.id,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
            "title": article.title,
            "url": article.url,
            "n_chars": record.n_chars,
            "digest": record.digest,
            "coverage": self.coverage,
            "credits": [credit.to_dict() for credit in self.credits],
            **text,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The reuse found in a collection of articles.

    Parameters
    ----------
    articles : sequence of ArticleSummary
        All compared articles, by id; a tuple unless overlaps were emitted.
    overlaps : tuple of Overlap
        All pairs that share a passage, by (a, b), where ``a < b``.
    families : tuple of Family
        Each shared passage with all its articles, sorted by representative.
    stories : tuple of Story
        The stories: those of most outlets first, then of most articles.
    boilerplate : tuple of Boilerplate
        Text that outlets repeat across their own articles. Passages exclude it.
    skipped : tuple of SkippedRecord
        Inputs that were skipped, with reasons.
    params : Mapping[str, Any]
        Parameters of the run, as plain values.
    timings : Mapping[str, float]
        Seconds by stage.
    counts : Mapping[str, int]
        Counts by stage, including candidates skipped by a limit.
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

    def to_dict(self, *, n_overlaps: int | None = None, with_text: bool = False) -> dict[str, Any]:
        """Return the ``run`` object of schema 2, without the version of the package.

        Parameters
        ----------
        n_overlaps : int or None
            Number of overlaps, if they were emitted.
        with_text : bool
            Whether to list what was skipped, as in a run that stores the texts.
        """
        skipped = {"skipped": [one.to_dict() for one in self.skipped]} if with_text else {}
        return {
            "type": "run",
            "schema": SCHEMA,
            "n_articles": len(self.articles),
            "n_skipped": len(self.skipped),
            "n_overlaps": len(self.overlaps) if n_overlaps is None else n_overlaps,
            "n_families": len(self.families),
            "n_stories": len(self.stories),
            "n_boilerplate": len(self.boilerplate),
            "params": dict(self.params),
            "counts": dict(self.counts),
            **skipped,
        }

    def to_arrow(self) -> dict[str, Any]:
        """Return the report as tables; ``docs/reference/tables.md`` lists their columns.

        Returns
        -------
        dict of str to pyarrow.Table
            ``articles``, ``overlaps``, ``passages``, ``families``, ``stories``, ``boilerplate``.

        Raises
        ------
        MissingExtra
            If ``pyarrow`` is not installed.
        """
        from dedup.render.tables import to_arrow

        return to_arrow(self)

    def to_pandas(self) -> dict[str, Any]:
        """Return the report as data frames, see :meth:`to_arrow`.

        Raises
        ------
        MissingExtra
            If ``pyarrow`` or ``pandas`` is not installed.
        """
        try:  # first, since its extra has pyarrow too
            import pandas  # noqa: F401 - pyarrow's own message names no remedy
        except ImportError:
            raise MissingExtra("pandas", "pandas") from None
        tables = self.to_arrow()
        return {name: table.to_pandas() for name, table in tables.items()}

    def _repr_html_(self) -> str:
        from dedup.render.notebook import show_report

        return show_report(self)
