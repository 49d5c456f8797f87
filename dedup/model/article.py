"""Articles, spans, credits and skipped records.

All are frozen. Spans are half-open and count code points of the original text:
``article.text[span.start : span.end]`` is the text of a passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

from dedup.errors import ParameterError
from dedup.pattern import lazy_pattern

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
        Id of the article, unique in a collection.
    text : str
        The original text, never altered. All spans index into it.
    outlet : str or None
        The publisher.
    published : datetime or date or str or number or None
        Any date that the readers understand: "2023-01-10T10:00:00Z", "10 January 2023", seconds
        since 1970. A time without a zone is UTC; the stored value is aware.
    url, title : str or None
        As in the source.
    extra : Mapping[str, Any]
        All other fields of the source record.

    Raises
    ------
    ParameterError
        If a field has the wrong type, or `published` is not understood.

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
        published: datetime | date | str | float | None = None,
        url: str | None = None,
        title: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        fields: dict[str, Any] = {"id": id, "text": text}
        fields |= {"outlet": outlet, "url": url, "title": title}
        for name, value in fields.items():
            if not isinstance(value, str) and (value is not None or name in ("id", "text")):
                raise ParameterError(f"{name} must be a string, not {_shown(value)}")
        fields |= {"published": _aware(published), "extra": dict(extra or {})}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], **fields: str) -> Article:
        """Return the article of a record; the inverse of :meth:`to_dict`.

        Parameters
        ----------
        record : Mapping[str, Any]
            Its fields may have any usual name: ``body`` or ``content`` for the text, ``headline``
            for the title; ``docs/input.md`` lists them. A field that is not understood, such as an
            ambiguous date, is left out with a warning in the log ``dedup.readers``.
        **fields : str
            Names of fields, as of :func:`dedup.read`: ``text_field="body"``.

        Raises
        ------
        ParameterError
            If it is no mapping, or has no text or no id.

        Examples
        --------
        >>> Article.from_dict({"url": "https://a.example/1", "body": "Some text."}).id
        'https://a.example/1'
        """
        from dedup.readers.objects import to_article

        return to_article(record, **fields)

    def to_dict(self) -> dict[str, Any]:
        """Return a record that `dedup.read` reads as the same article."""
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
        with suppress(ValueError):
            published = datetime.fromisoformat(published)
    elif isinstance(published, date) and not isinstance(published, datetime):
        published = datetime(published.year, published.month, published.day)
    if isinstance(published, datetime) and published == published:  # pandas' NaT is not
        return published if published.tzinfo else published.replace(tzinfo=UTC)
    from dedup.model.date_forms import find_date

    try:
        return find_date(published)
    except ValueError as error:
        raise ParameterError(f"published: {error}") from None


def name_apart(article: Article) -> str:
    """Return the id of an article whose id another text has too.

    Returns
    -------
    str
        ``id#`` and eight hexadecimal digits of the digest of URL, outlet and text.
    """
    parts = (article.url or "", article.outlet or "", article.text)
    joined = b"\0".join(part.encode("utf-8", "surrogatepass") for part in parts)
    return f"{article.id}#{blake2b(joined, digest_size=4).hexdigest()}"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "..."


@dataclass(frozen=True, slots=True)
class Credit:
    """A line in which an article names the source of its text.

    Parameters
    ----------
    span : Span
        The credit line or dateline.
    kind : {"dateline", "credit-line"}
        An agency in a dateline, or a line that names a source.
    name : str or None
        The source's name as written, in a report the one name of the agency or outlet; None if the
        line has none.
    """

    span: Span
    kind: CreditKind
    name: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {"span": list(self.span), "kind": self.kind, "name": self.name}


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """An input that was skipped.

    Parameters
    ----------
    path : str
        The file, or the article's id if it came from no file.
    reason : str
        Why it was skipped, with the field's name if there is one.
    line : int or None
        Line, row or record in the file, counted from 1.
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


_VALUE = lazy_pattern(r"'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[0-9][0-9,.]*|0x[0-9a-f]+")


def kind_of(reason: str) -> str:
    """Return a reason without the values in it: equal for faults of one kind."""
    return _VALUE.sub("?", reason)


class Location(NamedTuple):
    """Where an article was read: its file, and its line, row or record there, or None."""

    path: str
    line: int | None = None


class TextRecord(NamedTuple):
    """Length of a text in code points, and its digest: 32 hexadecimal digits of BLAKE2b."""

    n_chars: int
    digest: str


def digest_text(text: str) -> bytes:
    """Return 16 bytes of BLAKE2b of a text in UTF-8; lone surrogates are kept."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def record_text(text: str) -> TextRecord:
    """Return the length and the digest of a text."""
    return TextRecord(len(text), digest_text(text).hex())


class ArticleReader(Iterator[Article]):
    """Iterator of articles that also reports skipped inputs and the current location.

    Attributes
    ----------
    skipped : list of SkippedRecord
        Inputs skipped so far; complete after the last article.
    location : Location
        Location of the latest article.
    """

    def __init__(self) -> None:
        self.skipped: list[SkippedRecord] = []
        self.location = Location("")
