"""What dedup is given: articles, places in them, whom they credit, and what could not be used.

All are frozen. Spans are half-open and count code points of the article's original
text, so ``article.text[span.start : span.end]`` is what a passage covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from dedup.errors import ParameterError

CreditKind = Literal["dateline", "credit-line"]


class Span(NamedTuple):
    """Half-open interval ``[start, end)`` in code points of an original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, init=False)
class Article:
    """One text with its metadata.

    Parameters
    ----------
    id : str
        Name of the article, unique in a collection.
    text : str
        The original text; it is never altered and every span indexes into it.
    outlet : str or None
        The publisher.
    published : datetime or str or None
        Date; an ISO 8601 string is parsed. A time without a zone is UTC, so the stored value
        is always aware.
    url, title : str or None
        As the source gave them.
    extra : Mapping[str, Any]
        Every other field of the source record.

    Raises
    ------
    ParameterError
        If a field has the wrong type, or `published` is no ISO 8601 date.

    Examples
    --------
    >>> Article("a", "Some text.", published="2023-01-10").published.isoformat()
    '2023-01-10T00:00:00+00:00'
    """

    id: str
    text: str
    outlet: str | None
    published: datetime | None
    url: str | None
    title: str | None
    extra: Mapping[str, Any] = field(hash=False)

    def __init__(  # noqa: PLR0913 - the fields of a record, as the contract names them
        self,
        id: str,
        text: str,
        outlet: str | None = None,
        published: datetime | str | None = None,
        url: str | None = None,
        title: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        fields: dict[str, Any] = {"id": id, "text": text}
        fields |= {"outlet": outlet, "url": url, "title": title}
        for name, value in fields.items():
            optional = name not in ("id", "text")
            if not isinstance(value, str) and not (optional and value is None):
                raise ParameterError(f"{name} must be a string, not {_shown(value)}")
        fields |= {"published": _aware(published), "extra": dict(extra or {})}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def to_dict(self) -> dict[str, Any]:
        """Return a record that `dedup.read` makes the same article of."""
        return {
            "id": self.id,
            "text": self.text,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
            "title": self.title,
            "extra": dict(self.extra),
        }


def _aware(published: object) -> datetime | None:
    if published is None:
        return None
    if isinstance(published, str):
        try:
            published = datetime.fromisoformat(published)
        except ValueError:
            raise ParameterError(
                f"published must be an ISO 8601 date, not {_shown(published)}"
            ) from None
    if not isinstance(published, datetime):
        raise ParameterError(
            f"published must be a datetime or an ISO 8601 string, not {_shown(published)}"
        )
    return published if published.tzinfo else published.replace(tzinfo=UTC)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."


@dataclass(frozen=True, slots=True)
class Credit:
    """A line in which an article names the source of its text.

    Parameters
    ----------
    span : Span
        The whole line, or its formula.
    kind : {"dateline", "credit-line"}
        An agency in a dateline, or a line that names a source.
    name : str or None
        The name, as it stands there; None for a line without one.
    """

    span: Span
    kind: CreditKind
    name: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {"span": list(self.span), "kind": self.kind, "name": self.name}


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """An input that could not be used.

    Parameters
    ----------
    path : str
        The file, or the id of an article that came from no file.
    reason : str
        Reason, with the name of the field if there is one.
    line : int or None
        One-based line of the file, or row or record of one that has no lines.
    """

    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.reason}"

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {"path": self.path, "line": self.line, "reason": self.reason}


class Location(NamedTuple):
    """Where an article was read: the file, and the line, row or record in it, or None."""

    path: str
    line: int | None = None


class ArticleReader(Iterator[Article]):
    """Articles with what their reader knows besides them; not frozen, as it reads on.

    Attributes
    ----------
    skipped : list of SkippedRecord
        Inputs that could not be read so far; complete once the articles are exhausted.
    location : Location
        Where the last article was read.
    """

    def __init__(self) -> None:
        self.skipped: list[SkippedRecord] = []
        self.location = Location("")
