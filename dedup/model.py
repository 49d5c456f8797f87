"""The values that dedup returns: what articles share, and what a report says of them.

All are frozen. ``to_dict`` gives the JSON object of schema 1 for the value, tagged with its
``type`` where the value is a line of the output.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args, overload

from dedup.article import Article, Credit, Skipped, Span

SCHEMA = 1

Kind = Literal["verbatim", "edited"]
Basis = Literal["outlet", "spread"]
Op = Literal["kept", "inflected", "substituted", "inserted", "deleted", "moved"]
OPS: tuple[Op, ...] = get_args(Op)
Status = Literal["new", "revised", "unchanged", "queried"]
Relation = Literal["duplicate", "contains", "contained", "shares", "none"]


class Edit(NamedTuple):
    """What became of some words of a passage on the way from ``a`` to ``b``.

    Parameters
    ----------
    op : {"kept", "inflected", "substituted", "inserted", "deleted", "moved"}
        *Kept* words are equal and keep their order; *moved* ones are equal and stand
        elsewhere; *inflected* ones are forms of the same words, in order; *substituted* ones
        stand where others stood; *inserted* ones only in ``b``, *deleted* ones only in ``a``.
    a, b : Span
        Where they stand, in code points of the originals. The span of ``a`` is empty if they
        were inserted, that of ``b`` if they were deleted: it says where they would stand.
    is_fact : bool
        Whether the edit changes a number, a name or a date, or whether something is denied.
    """

    op: Op
    a: Span
    b: Span
    is_fact: bool = False

    def to_list(self) -> list[Any]:
        """Return the JSON array of schema 1; ``"fact"`` ends it if a fact changes."""
        edit = [self.op, list(self.a), list(self.b)]
        return [*edit, "fact"] if self.is_fact else edit


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of reused text: a span in each of two articles.

    Parameters
    ----------
    a, b : Span
        Where it stands, in the article named ``a`` of the overlap and in ``b``.
    identity : float
        Words that are kept, as a fraction of the words of the longer side, in [0, 1].
    score : float
        Evidence that it is reused, in bits: what is shared less the price of what is not.
    n_words : int
        Words of the longer side.
    kind : {"verbatim", "edited"}
        Whether both sides are word for word the same.
    quote : bool
        Whether at least half of the aligned words stand in quotation marks on one side.
    text_a, text_b : str
        The text under `a` and `b`.
    edits : tuple of Edit
        What makes ``b`` of ``a``, in the order of ``a``. Every word of both sides is in exactly
        one of them. In the order of ``b``, what is kept or moved and what ``b`` has instead of
        the rest are the words of ``b``.
    speaker_a, speaker_b : str or None
        Who is quoted, as either article names him beside the quotation marks: a name, an
        office or a pronoun. None if that is not plain, or the passage is no quotation.
    same_speaker : bool or None
        Whether the two names have a word in common; None where either side names nobody.
    """

    a: Span
    b: Span
    identity: float
    score: float
    n_words: int
    kind: Kind
    quote: bool
    text_a: str = field(repr=False)
    text_b: str = field(repr=False)
    edits: tuple[Edit, ...] = field(default=(), repr=False)
    speaker_a: str | None = None
    speaker_b: str | None = None
    same_speaker: bool | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        speakers = {
            "speaker_a": self.speaker_a,
            "speaker_b": self.speaker_b,
            "same_speaker": self.same_speaker,
        }
        return {
            "a": list(self.a),
            "b": list(self.b),
            "kind": self.kind,
            "quote": self.quote,
            **(speakers if self.quote else {}),
            "identity": round(self.identity, 4),
            "score": round(self.score, 2),
            "n_words": self.n_words,
            "text_a": self.text_a,
            "text_b": self.text_b,
            "edits": [edit.to_list() for edit in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """All that two articles share.

    Parameters
    ----------
    a, b : str
        Ids of the two articles.
    passages : tuple of Passage
        In the order of ``a``.
    jaccard : float
        Estimated resemblance of the two sets of word shingles, in [0, 1].
    coverage_a, coverage_b : float
        Share of each article's characters that stands inside a passage, in [0, 1].
    relation : {"duplicate", "contains", "contained", "shares", "none"}
        Read off the coverages; ``a`` contains ``b``, or is contained in it.
    abridged : bool
        Whether other pairs of the same widely carried text were left out.
    """

    a: str
    b: str
    passages: tuple[Passage, ...]
    jaccard: float
    coverage_a: float
    coverage_b: float
    relation: Relation
    abridged: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        line: dict[str, Any] = {
            "type": "overlap",
            "a": self.a,
            "b": self.b,
            "relation": self.relation,
            "jaccard": round(self.jaccard, 4),
            "coverage_a": round(self.coverage_a, 4),
            "coverage_b": round(self.coverage_b, 4),
            "passages": [passage.to_dict() for passage in self.passages],
        }
        return line | {"abridged": True} if self.abridged else line


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
    """

    id: str
    n_words: int
    occurrences: tuple[Occurrence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 1."""
        return {
            "type": "family",
            "id": self.id,
            "n_words": self.n_words,
            "occurrences": [occurrence.to_dict() for occurrence in self.occurrences],
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


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier article that shares something with one that is looked up.

    Parameters
    ----------
    id : str
        Id of the earlier article.
    outlet : str or None
        Who published it.
    published : datetime or None
        When; aware.
    url, title : str or None
        As they were stored.
    overlap : Overlap
        What both share; ``a`` is the article that is looked up, ``b`` the earlier one.
    """

    id: str
    outlet: str | None
    published: datetime | None
    url: str | None
    title: str | None
    overlap: Overlap

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "type": "match",
            "id": self.id,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
            "title": self.title,
            "overlap": self.overlap.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Matches(Sequence[Match]):
    """What an index knew of an article.

    Parameters
    ----------
    id : str
        Id of the article.
    status : {"new", "revised", "unchanged", "queried"}
        What became of it: stored, stored in the place of an earlier version, found to be there
        with the same text, or nothing.
    matches : tuple of Match
        The articles that it shares something with, those first that cover most of it. None is
        looked for if it is unchanged.
    """

    id: str
    status: Status
    matches: tuple[Match, ...] = ()

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, at: int) -> Match: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Match, ...]: ...
    def __getitem__(self, at: int | slice) -> Match | tuple[Match, ...]:
        return self.matches[at]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "type": "matches",
            "id": self.id,
            "status": self.status,
            "matches": [match.to_dict() for match in self.matches],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStats:
    """What an index holds.

    Parameters
    ----------
    n_articles, n_chars : int
        Articles, and code points of their texts.
    n_segments : int
        Files of postings.
    n_fresh : int
        Articles that are in no segment yet.
    n_removed : int
        Articles that are gone, though a segment still has postings of them.
    n_postings : int
        Postings of both kinds.
    n_bytes : int
        Bytes of all files.
    recipe : str
        Digest of what the postings were made with.
    """

    n_articles: int
    n_chars: int
    n_segments: int
    n_fresh: int
    n_removed: int
    n_postings: int
    n_bytes: int
    recipe: str

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": "stats"} | {one.name: getattr(self, one.name) for one in fields(self)}
