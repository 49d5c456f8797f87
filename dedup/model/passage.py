"""The passages that two articles share, and their edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from dedup.model.article import Span
from dedup.model.figures import round_fields

Kind = Literal["verbatim", "edited", "reworded"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Op = Literal["kept", "inflected", "substituted", "inserted", "deleted", "moved"]
OPS: tuple[Op, ...] = get_args(Op)
Relation = Literal["duplicate", "contains", "contained", "shares", "none"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
# Confidence from which a passage counts as shared text: the least, in steps of .05, from which .88
# of what counts on labeled news is reused, on folds; docs/quality.md, "Real news".
LEAST_COUNTED = 0.75
Role = Literal["text", "quotation", "formula", "furniture"]
ROLES: tuple[Role, ...] = get_args(Role)
TEXT, QUOTATION, FORMULA, FURNITURE = range(len(ROLES))


class Edit(NamedTuple):
    """What happened to some words of a passage on the way from ``a`` to ``b``.

    Parameters
    ----------
    op : {"kept", "inflected", "substituted", "inserted", "deleted", "moved"}
        *Kept*: equal, in order. *Moved*: equal, elsewhere. *Inflected*: other forms of the same
        words, in order. *Substituted*: replaced. *Inserted*: only in ``b``. *Deleted*: only in
        ``a``.
    a, b : Span
        Spans in the original texts. The span of the side without the words is empty and marks the
        position.
    is_fact : bool
        Whether the edit changes a number, a name, a date or a negation.
    """

    op: Op
    a: Span
    b: Span
    is_fact: bool = False

    def to_list(self) -> list[Any]:
        """Return the JSON array of schema 2, which ends in ``"fact"`` if a fact changes."""
        edit = [self.op, list(self.a), list(self.b)]
        return [*edit, "fact"] if self.is_fact else edit


# A few changed characters of a long text are no edit, and half of the words is still a copy.
MIN_VERBATIM, MIN_EDITED = 0.95, 0.5


def kind_of(identity: float, edits: Iterable[Edit]) -> Kind:
    """Return the kind of a passage with this share of kept words and these edits."""
    if identity < MIN_EDITED:
        return "reworded"
    is_verbatim = identity >= MIN_VERBATIM and not any(edit.is_fact for edit in edits)
    return "verbatim" if is_verbatim else "edited"


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of reused text: a span in each of two articles.

    Parameters
    ----------
    a, b : Span
        Spans in article ``a`` and article ``b`` of the overlap.
    identity : float
        Kept words, as a fraction of the words of the longer side, in [0, 1].
    confidence : float
        Probability that a careful editor calls it reuse, in [0, 1]; calibrated on labeled news.
    score : float
        Evidence of reuse, in bits: shared bits minus the penalty for the others.
    n_words : int
        Words of the longer side.
    kind : {"verbatim", "edited", "reworded"}
        *Verbatim*: identity of at least .95 and no changed fact. *Edited*: at least .5. *Reworded*:
        less.
    role : {"text", "quotation", "formula", "furniture"}
        *Quotation*: in quotation marks on both sides. *Formula*: wording that many unrelated
        articles use. *Furniture*: what a page has around its article, as captions, promotions,
        menus and sign-in forms. The last two count for nothing: neither for coverage, similarity
        and relation nor for families and stories.
    quote : bool
        Whether at least half of the aligned words are in quotation marks on one side.
    text_a, text_b : str
        The texts of `a` and `b`.
    edits : tuple of Edit
        Edits from ``a`` to ``b``, in the order of ``a``. Every word of both sides is in exactly one
        edit.
    speaker_a, speaker_b : str or None
        Speaker named beside the quotation marks: a name, an office or a pronoun. None if unclear or
        if the passage is not a quotation.
    same_speaker : bool or None
        Whether the two names share a word; None if a side has no name.
    """

    a: Span
    b: Span
    identity: float
    confidence: float
    score: float
    n_words: int
    kind: Kind
    role: Role
    quote: bool
    text_a: str = field(repr=False)
    text_b: str = field(repr=False)
    edits: tuple[Edit, ...] = field(default=(), repr=False)
    speaker_a: str | None = None
    speaker_b: str | None = None
    same_speaker: bool | None = None

    def __post_init__(self) -> None:
        round_fields(self, "identity", "confidence")
        round_fields(self, "score", n_digits=2)

    @property
    def is_counted(self) -> bool:
        """Whether it counts as shared text: text or a quotation, of confidence .75 or more.

        Furniture, formulas and uncertain passages are kept, but they count for nothing, and people
        see them only if they ask.
        """
        return not self.is_noise and self.confidence >= LEAST_COUNTED

    @property
    def is_noise(self) -> bool:
        """Whether it is furniture or a formula."""
        return ROLES.index(self.role) >= FORMULA

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        speakers = {
            "speaker_a": self.speaker_a,
            "speaker_b": self.speaker_b,
            "same_speaker": self.same_speaker,
        }
        return {
            "a": list(self.a),
            "b": list(self.b),
            "kind": self.kind,
            "role": self.role,
            "quote": self.quote,
            **(speakers if self.quote else {}),
            "identity": self.identity,
            "confidence": self.confidence,
            "score": self.score,
            "n_words": self.n_words,
            "text_a": self.text_a,
            "text_b": self.text_b,
            "edits": [edit.to_list() for edit in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Overlap:
    """All passages that two articles share.

    Parameters
    ----------
    a, b : str
        Ids of the two articles.
    passages : tuple of Passage
        Passages in the order of ``a``.
    jaccard : float
        Estimated Jaccard similarity of the two sets of word shingles, in [0, 1].
    similarity : float
        Mean of `jaccard` and of the mean share of words that each article shares with the other, in
        order within passages; in [0, 1]. It ranks pairs by how much of their words they share.
        `jaccard` counts here by the part of the shared words that is in passages that count.
    coverage_a, coverage_b : float
        Share of each article's characters inside passages that count, in [0, 1].
        Furniture is no part of the article.
    relation : {"duplicate", "contains", "contained", "shares", "none"}
        Derived from the shared words and the facts; ``contains`` means that ``a`` contains ``b``.
        The first three require that almost all words of the smaller text are in the other and that
        the facts agree: two pieces of news from one template only share text. ``none``: no
        passage counts.
    capped : bool
        Whether other pairs with the same widely shared text were left out.
    version : bool
        Whether both are versions of one article, captures of one page by their URLs, and share
        text that counts. It is no reuse by another.
    """

    a: str
    b: str
    passages: tuple[Passage, ...]
    jaccard: float
    similarity: float
    coverage_a: float
    coverage_b: float
    relation: Relation
    capped: bool = False
    version: bool = False

    def __post_init__(self) -> None:
        round_fields(self, "jaccard", "similarity", "coverage_a", "coverage_b")

    @property
    def is_counted(self) -> bool:
        """Whether any passage counts as shared text."""
        return any(passage.is_counted for passage in self.passages)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of schema 2."""
        line: dict[str, Any] = {
            "type": "overlap",
            "a": self.a,
            "b": self.b,
            "relation": self.relation,
            "similarity": self.similarity,
            "jaccard": self.jaccard,
            "coverage_a": self.coverage_a,
            "coverage_b": self.coverage_b,
            "passages": [passage.to_dict() for passage in self.passages],
        }
        marks = {"capped": self.capped, "version": self.version}
        return line | {name: True for name, is_set in marks.items() if is_set}

    def _repr_html_(self) -> str:
        from dedup.render.notebook import show_overlap

        return show_overlap(self)
